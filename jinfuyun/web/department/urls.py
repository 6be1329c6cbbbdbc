from django.urls import path

from jinfuyun.web.department import home

app_name = "department"
urlpatterns = [
    path("department", home.home, name="home"),
    path("department/deliveries/<str:number>", home.delivery, name="delivery"),
]
