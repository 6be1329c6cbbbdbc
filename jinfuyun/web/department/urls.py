from django.urls import path

from jinfuyun.web.department import deliveries, home

app_name = "department"
urlpatterns = [
    path("department", home.home, name="home"),
    path("department/deliveries/<str:number>.json", deliveries.as_json, name="delivery_json"),
    path("department/deliveries/<str:number>/quarantine", deliveries.quarantine, name="quarantine"),
    path("department/deliveries/<str:number>", deliveries.delivery, name="delivery"),
]
