from django.urls import path

from jinfuyun.web.public import health, home

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", home.home, name="home"),
    path("help", home.help_page, name="help"),
    path("agreement", home.agreement, name="agreement"),
    path("privacy", home.privacy, name="privacy"),
]
