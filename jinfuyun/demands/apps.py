from django.apps import AppConfig


class DemandsConfig(AppConfig):
    name = "jinfuyun.demands"
    label = "demands"
