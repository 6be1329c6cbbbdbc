from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "jinfuyun.products"
    label = "products"
