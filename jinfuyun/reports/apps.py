from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "jinfuyun.reports"
    label = "reports"
