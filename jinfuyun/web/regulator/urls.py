from django.urls import path

from jinfuyun.web.regulator import coordination, demands, months, overview, questions, structure, targets, visits, zones

app_name = "regulator"
urlpatterns = [
    path("regulator", overview.page, name="overview"),
    path("regulator/questions", questions.listing, name="questions"),
    path("regulator/demands", demands.listing, name="demands"),
    path("regulator/demands/<code:number>/call-back", demands.call_back, name="demand_call_back"),
    path("regulator/coordination", coordination.listing, name="coordination"),
    path("regulator/coordination/new", coordination.new, name="coordination_new"),
    path("regulator/coordination/enlist", coordination.enlist, name="coordination_enlist"),
    path("regulator/coordination/demands/<code:number>", coordination.enlist_demand, name="coordination_demand"),
    path("regulator/coordination/visits", visits.listing, name="visits"),
    path("regulator/coordination/visits/new", visits.plan, name="visit_new"),
    path("regulator/coordination/visits/sheet", visits.sheet, name="visit_sheet"),
    path("regulator/coordination/visits.xlsx", visits.exported, name="visits_book"),
    path("regulator/coordination/visits/<code:number>", visits.detail, name="visit"),
    path("regulator/coordination/visits/<code:number>/cancel", visits.cancel, name="visit_cancel"),
    path("regulator/coordination/targets", targets.listing, name="targets"),
    path("regulator/coordination/targets/<uuid:target_id>/drop", targets.drop, name="target_drop"),
    path("regulator/coordination/declarations/<code:number>", coordination.detail, name="declaration"),
    path("regulator/coordination/declarations/<code:number>/<slug:name>", coordination.act, name="declaration_act"),
    path("regulator/zones", zones.listing, name="zones"),
    path("regulator/zones/new", zones.edit, name="zone_new"),
    path("regulator/zones/<slug:slug>", zones.edit, name="zone"),
    path("regulator/zones/<slug:slug>/publish", zones.publish, name="zone_publish"),
    path("regulator/zones/<slug:slug>/close", zones.close, name="zone_close"),
    path("regulator/figures.csv", overview.download, {"kind": "csv"}, name="figures"),
    path("regulator/figures.xlsx", overview.download, {"kind": "xlsx"}, name="figures_book"),
    path("regulator/structure", structure.page, name="structure"),
    path("regulator/structure.csv", structure.download, {"kind": "csv"}, name="structure_file"),
    path("regulator/structure.xlsx", structure.download, {"kind": "xlsx"}, name="structure_book"),
    path("regulator/months", months.listing, name="months"),
    path("regulator/months/close", months.close, name="month_close"),
    path("regulator/months/correct", months.correct, name="month_correct"),
]
