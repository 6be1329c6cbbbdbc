from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "jinfuyun.disputes"
    label = "disputes"
