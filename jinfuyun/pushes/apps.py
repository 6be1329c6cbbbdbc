from django.apps import AppConfig


class PushesConfig(AppConfig):
    name = "jinfuyun.pushes"
    label = "pushes"
