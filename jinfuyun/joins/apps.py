from django.apps import AppConfig


class JoinsConfig(AppConfig):
    name = "jinfuyun.joins"
    label = "joins"
