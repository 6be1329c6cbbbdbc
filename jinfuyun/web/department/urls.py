from django.urls import path

from jinfuyun.web.department import alarms, authorised, deliveries, disputes, feeds, home, supply, uploads

app_name = "department"
urlpatterns = [
    path("department/alarms", alarms.listing, name="alarms"),
    path("department/alarms/<int:pk>", alarms.alarm, name="alarm"),
    path("department/disputes", disputes.listing, name="disputes"),
    path("department/disputes/<code:number>", disputes.detail, name="dispute"),
    path("department/disputes/<code:number>/<slug:name>", disputes.act, name="dispute_act"),
    path("department/quality/<slug:feed>", alarms.quality, name="quality"),
    path("department/authorised", authorised.listing, name="authorised"),
    path("department/authorised/file", authorised.file, name="authorised_file"),
    path("department/data", supply.page, name="data"),
    path("department/feeds", feeds.listing, name="feeds"),
    path("department/feeds/<slug:feed>", feeds.feed, name="feed"),
    path("department/deliver", uploads.deliver, name="deliver"),
    path("department/templates/<slug:feed>.csv", uploads.template, name="template"),
    path("department/uploads/<uuid:upload_id>", uploads.upload, name="upload"),
    path("department/uploads/<uuid:upload_id>/<slug:name>", uploads.act, name="upload_act"),
    path("department", home.home, name="home"),
    path("department/deliveries/<str:number>.json", deliveries.as_json, name="delivery_json"),
    path("department/deliveries/<str:number>/quarantine", deliveries.quarantine, name="quarantine"),
    path("department/deliveries/<str:number>/withdraw", deliveries.withdraw, name="withdraw"),
    path("department/deliveries/<str:number>", deliveries.delivery, name="delivery"),
]
