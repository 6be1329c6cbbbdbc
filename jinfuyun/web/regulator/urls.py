from django.urls import path

from jinfuyun.web.regulator import demands, feeds, months, overview, questions, structure, warnings

app_name = "regulator"
urlpatterns = [
    path("regulator", overview.page, name="overview"),
    path("regulator/questions", questions.listing, name="questions"),
    path("regulator/demands", demands.listing, name="demands"),
    path("regulator/demands/<code:number>/call-back", demands.call_back, name="demand_call_back"),
    path("regulator/figures.csv", overview.download, {"kind": "csv"}, name="figures"),
    path("regulator/figures.xlsx", overview.download, {"kind": "xlsx"}, name="figures_book"),
    path("regulator/structure", structure.page, name="structure"),
    path("regulator/structure.csv", structure.download, {"kind": "csv"}, name="structure_file"),
    path("regulator/structure.xlsx", structure.download, {"kind": "xlsx"}, name="structure_book"),
    path("regulator/data", feeds.page, name="data"),
    path("regulator/data.csv", feeds.download, {"kind": "csv"}, name="data_file"),
    path("regulator/data.xlsx", feeds.download, {"kind": "xlsx"}, name="data_book"),
    path("regulator/warnings", warnings.listing, name="warnings"),
    path("regulator/warnings.xlsx", warnings.download, name="warnings_book"),
    path("regulator/warnings/<code:number>", warnings.detail, name="warning"),
    path("regulator/warnings/<code:number>/<slug:name>", warnings.act, name="warning_act"),
    path("regulator/months", months.listing, name="months"),
    path("regulator/months/close", months.close, name="month_close"),
    path("regulator/months/correct", months.correct, name="month_correct"),
]
