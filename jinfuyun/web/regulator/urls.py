from django.urls import path

from jinfuyun.web.regulator import overview, questions

app_name = "regulator"
urlpatterns = [
    path("regulator", overview.page, name="overview"),
    path("regulator/questions", questions.listing, name="questions"),
    path("regulator/figures.csv", overview.download, name="figures"),
]
