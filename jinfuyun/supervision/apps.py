from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "jinfuyun.supervision"
    label = "supervision"
