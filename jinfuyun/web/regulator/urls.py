from django.urls import path

from jinfuyun.web.regulator import complaints, demands, late, looks, months, notes, overview, questions, structure

app_name = "regulator"
urlpatterns = [
    path("regulator", overview.page, name="overview"),
    path("regulator/questions", questions.listing, name="questions"),
    path("regulator/demands", demands.listing, name="demands"),
    path("regulator/demands/<code:number>/call-back", demands.call_back, name="demand_call_back"),
    path("regulator/late", late.listing, name="late"),
    path("regulator/late.xlsx", late.download, name="late_book"),
    path("regulator/late/<code:number>/call-back", late.call_back, name="call_back"),
    path("regulator/notes", notes.listing, name="notes"),
    path("regulator/notes/new", notes.new, name="note_new"),
    path("regulator/notes/<code:number>", notes.detail, name="note"),
    path("regulator/notes/<code:number>/<slug:name>", notes.act, name="note_act"),
    path("regulator/complaints", complaints.listing, name="complaints"),
    path("regulator/complaints/<code:number>", complaints.detail, name="complaint"),
    path("regulator/complaints/<code:number>/file", complaints.file, name="complaint_file"),
    path("regulator/looks", looks.listing, name="looks"),
    path("regulator/looks/<code:number>", looks.detail, name="look"),
    path("regulator/looks/<code:number>/<slug:name>", looks.act, name="look_act"),
    path("regulator/figures.csv", overview.download, {"kind": "csv"}, name="figures"),
    path("regulator/figures.xlsx", overview.download, {"kind": "xlsx"}, name="figures_book"),
    path("regulator/structure", structure.page, name="structure"),
    path("regulator/structure.csv", structure.download, {"kind": "csv"}, name="structure_file"),
    path("regulator/structure.xlsx", structure.download, {"kind": "xlsx"}, name="structure_book"),
    path("regulator/months", months.listing, name="months"),
    path("regulator/months/close", months.close, name="month_close"),
    path("regulator/months/correct", months.correct, name="month_correct"),
]
