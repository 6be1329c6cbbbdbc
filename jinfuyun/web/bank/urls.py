from django.urls import path

from jinfuyun.web.bank import desk, products, questions, reports, staff

app_name = "bank"
urlpatterns = [
    path("", desk.home, name="home"),
    path("applications", desk.inbox, name="applications"),
    path("applications/<code:number>", desk.detail, name="application"),
    path("applications/<code:number>/report", reports.open_report, name="open_report"),
    path("applications/<code:number>/<slug:name>", desk.act, name="application_act"),
    path("reports/<code:number>", reports.page, name="report"),
    path("reports/<code:number>/pdf", reports.pdf, name="report_pdf"),
    path("reports/<code:number>/xlsx", reports.exported, {"form": "xlsx"}, name="report_xlsx"),
    path("reports/<code:number>/docx", reports.exported, {"form": "docx"}, name="report_docx"),
    path("reports/<code:number>/json", reports.exported, {"form": "json"}, name="report_json"),
    path("products", products.listing, name="products"),
    path("products/new", products.new, name="product_new"),
    path("products/<code:code>", products.detail, name="product"),
    path("products/<code:code>/edit", products.edit, name="product_edit"),
    path("products/<code:code>/submit", products.submit, name="product_submit"),
    path("products/<code:code>/<slug:name>", products.move, name="product_move"),
    path("questions", questions.listing, name="questions"),
    path("questions/<code:number>", questions.question, name="question"),
    path("staff", staff.people, name="staff"),
    path("staff/<uuid:user_id>/stop", staff.stop, name="staff_stop"),
]
