from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "jinfuyun.oversight"
    label = "oversight"
