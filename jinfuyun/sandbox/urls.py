from django.urls import path

from jinfuyun.sandbox import views

app_name = "sandbox"
urlpatterns = [
    path("", views.home, name="home"),
    path("people.json", views.people, name="people"),
    path("captcha", views.captcha, name="captcha"),
    path("faults", views.switch, name="switch"),
    path("robots", views.robots_switch, name="robots"),
    path("phone", views.phone_asked, name="phone_asked"),
    path("phone/<slug:number>", views.phone, name="phone"),
    path("phone/<slug:number>.json", views.phone_json, name="phone_json"),
]
