from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "jinfuyun.enterprises"
    label = "enterprises"
