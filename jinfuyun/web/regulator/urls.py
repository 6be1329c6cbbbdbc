from django.urls import path

from jinfuyun.web.regulator import overview

app_name = "regulator"
urlpatterns = [
    path("regulator", overview.page, name="overview"),
    path("regulator/figures.csv", overview.download, name="figures"),
]
