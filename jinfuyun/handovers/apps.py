from django.apps import AppConfig


class HandoversConfig(AppConfig):
    name = "jinfuyun.handovers"
    label = "handovers"
