from django.urls import path

from jinfuyun.web.operator import desk, home

app_name = "operator"
urlpatterns = [
    path("operator", home.home, name="home"),
    path("operator/desk", desk.inbox, name="desk"),
    path("operator/desk/<uuid:case_id>", desk.case, name="case"),
    path("operator/desk/<uuid:case_id>/licence", desk.licence, name="licence"),
]
