from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "jinfuyun.workdays"
    label = "workdays"
