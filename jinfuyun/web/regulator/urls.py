from django.urls import path

from jinfuyun.web.regulator import demands, overview, questions

app_name = "regulator"
urlpatterns = [
    path("regulator", overview.page, name="overview"),
    path("regulator/questions", questions.listing, name="questions"),
    path("regulator/demands", demands.listing, name="demands"),
    path("regulator/demands/<code:number>/call-back", demands.call_back, name="demand_call_back"),
    path("regulator/figures.csv", overview.download, name="figures"),
]
