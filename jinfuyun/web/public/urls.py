from django.urls import path

from jinfuyun.web.public import home

urlpatterns = [
    path("", home.home, name="home"),
]
