from django.apps import AppConfig


class WarningsConfig(AppConfig):
    name = "jinfuyun.warnings"
    label = "warnings"
