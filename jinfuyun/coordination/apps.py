from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "jinfuyun.coordination"
    label = "coordination"
