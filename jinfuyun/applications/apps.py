from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "jinfuyun.applications"
    label = "applications"
