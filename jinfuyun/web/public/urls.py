from django.urls import path

from jinfuyun.web.public import home

urlpatterns = [
    path("", home.home, name="home"),
    path("help", home.help_page, name="help"),
    path("agreement", home.agreement, name="agreement"),
    path("privacy", home.privacy, name="privacy"),
]
