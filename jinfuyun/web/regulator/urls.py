from django.urls import path

from jinfuyun.web.regulator import bulletins, demands, drawn, months, overview, questions, structure, wall

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
    *(
        path(f"regulator/charts/<slug:name>.{kind}", drawn.download, {"kind": kind}, name=f"chart_{kind}")
        for kind in ("png", "csv", "xlsx")
    ),
    path("regulator/wall", wall.page, name="wall"),
    path("regulator/wall/now", wall.now, name="wall_now"),
    path("regulator/months.csv", months.download, name="months_file"),
    path("regulator/bulletins", bulletins.listing, name="bulletins"),
    path("regulator/bulletins/make", bulletins.make, name="bulletin_make"),
    path("regulator/bulletins/<code:number>.pdf", bulletins.download, {"kind": "pdf"}, name="bulletin_pdf"),
    path("regulator/bulletins/<code:number>.docx", bulletins.download, {"kind": "docx"}, name="bulletin_word"),
    path("regulator/months", months.listing, name="months"),
    path("regulator/months/close", months.close, name="month_close"),
    path("regulator/months/correct", months.correct, name="month_correct"),
]
