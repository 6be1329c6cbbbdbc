from django.urls import path, register_converter

from jinfuyun.web.converters import Code
from jinfuyun.web.public import health, home, products

register_converter(Code, "code")

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", home.home, name="home"),
    path("help", home.help_page, name="help"),
    path("agreement", home.agreement, name="agreement"),
    path("privacy", home.privacy, name="privacy"),
    path("products", products.listing, name="products"),
    path("products/compare", products.compare, name="product_compare"),
    path("products/<code:code>", products.detail, name="product"),
]
