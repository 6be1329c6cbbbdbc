from django.urls import path

from jinfuyun.web.regulator import demands, evaluation, months, overview, questions, structure

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
    path("regulator/evaluation", evaluation.listing, name="evaluation"),
    path("regulator/evaluation/schemes/<slug:scheme>", evaluation.show_scheme, name="scheme"),
    path("regulator/evaluation/periods/<slug:period>", evaluation.show_period, name="evaluation_period"),
    path("regulator/evaluation/periods/<slug:period>.xlsx", evaluation.download, name="evaluation_book"),
    path("regulator/evaluation/periods/<slug:period>/<code:code>", evaluation.result, name="evaluation_result"),
    path("regulator/evaluation/appeals/<code:number>", evaluation.appeal, name="appeal"),
    path("regulator/months", months.listing, name="months"),
    path("regulator/months/close", months.close, name="month_close"),
    path("regulator/months/correct", months.correct, name="month_correct"),
]
