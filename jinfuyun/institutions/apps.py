from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "jinfuyun.institutions"
    label = "institutions"
