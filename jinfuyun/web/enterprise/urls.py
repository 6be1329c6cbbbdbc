from django.urls import path

from jinfuyun.web.enterprise import applications, chooser, consents, home, past, reports, todo, wizard

app_name = "enterprise"
urlpatterns = [
    path("enterprises", chooser.chooser, name="chooser"),
    path("enterprises/new/elements", wizard.elements, name="elements"),
    path("enterprises/new/profile", wizard.profile, name="profile"),
    path("enterprises/new/consent", consents.step, name="consent"),
    path("enterprises/new/manual", wizard.manual, name="manual"),
    path("enterprises/new/drop", wizard.drop, name="drop"),
    path("todo", todo.todo, name="todo"),
    path("todo/enter", todo.enter, name="todo_enter"),
    path("my", home.home, name="home"),
    path("my/access", home.access, name="access"),
    path("my/changes", past.changes, name="changes"),
    path("my/mandates", home.mandates, name="mandates"),
    path("my/mandates/<uuid:mandate_id>/end", home.take_back, name="take_back"),
    path("my/consents", consents.all_of_mine, name="consents"),
    path("my/consents/new", consents.anew, name="consent_anew"),
    path("my/consents/<code:number>", consents.detail, name="consent_detail"),
    path("my/consents/<code:number>/pdf", consents.pdf, name="consent_pdf"),
    path("my/consents/<code:number>/revoke", consents.revoke, name="revoke"),
    path("my/consents/<code:number>/pause", consents.pause, name="pause"),
    path("my/consents/<code:number>/resume", consents.resume, name="resume"),
    path("my/applications", applications.listing, name="applications"),
    path("my/applications/new", applications.new, name="apply"),
    path("my/applications/<code:number>", applications.detail, name="application"),
    path("my/applications/<code:number>/<slug:name>", applications.act, name="application_act"),
    path("my/report", reports.own, name="report"),
    path("my/reports/<code:number>", reports.page, name="report_page"),
    path("my/reports/<code:number>/pdf", reports.pdf, name="report_pdf"),
    path("my/reports/<code:number>/xlsx", reports.exported, {"form": "xlsx"}, name="report_xlsx"),
    path("my/reports/<code:number>/docx", reports.exported, {"form": "docx"}, name="report_docx"),
    path("my/reports/<code:number>/json", reports.exported, {"form": "json"}, name="report_json"),
]
