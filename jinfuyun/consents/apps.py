from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "jinfuyun.consents"
    label = "consents"
