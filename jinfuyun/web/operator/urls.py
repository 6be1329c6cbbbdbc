from django.urls import path

from jinfuyun.web.operator import (
    admissions,
    alarms,
    calendar,
    desk,
    disputes,
    home,
    institutions,
    joins,
    people,
    products,
)

app_name = "operator"
urlpatterns = [
    path("operator", home.home, name="home"),
    path("operator/institutions", institutions.listing, name="institutions"),
    path("operator/institutions/requests", admissions.listing, name="admissions"),
    path("operator/institutions/requests/<uuid:request_id>/take-up", admissions.take_up, name="admission_take"),
    path("operator/institutions/requests/<uuid:request_id>/decline", admissions.decline, name="admission_decline"),
    path("operator/institutions/directory", admissions.directory, name="directory"),
    path("operator/institutions/directory/sample", admissions.sample, name="directory_sample"),
    path("operator/institutions/new", institutions.new, name="institution_new"),
    path("operator/institutions/<code:code>", institutions.detail, name="institution"),
    path("operator/institutions/<code:code>/edit", institutions.edit, name="institution_edit"),
    path("operator/institutions/<code:code>/invite", institutions.invite, name="institution_invite"),
    path("operator/institutions/<code:code>/<slug:name>", institutions.act, name="institution_act"),
    path("operator/products", products.listing, name="products"),
    path("operator/products/<code:code>/<int:number>", products.detail, name="product"),
    path("operator/products/<code:code>/<int:number>/<slug:name>", products.act, name="product_act"),
    path("operator/alarms", alarms.listing, name="alarms"),
    path("operator/calendar", calendar.calendar, name="calendar"),
    path("operator/calendar/<uuid:notice_id>/<slug:name>", calendar.act, name="calendar_act"),
    path("operator/disputes", disputes.listing, name="disputes"),
    path("operator/joins", joins.listing, name="joins"),
    path("operator/joins/<uuid:proposal_id>", joins.proposal, name="join"),
    path("operator/staff", people.people, name="people"),
    path("operator/staff/<uuid:user_id>/stop", people.stop, name="person_stop"),
    path("operator/desk", desk.inbox, name="desk"),
    path("operator/desk/<uuid:case_id>", desk.case, name="case"),
    path("operator/desk/<uuid:case_id>/licence", desk.licence, name="licence"),
]
