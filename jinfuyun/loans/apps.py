from django.apps import AppConfig


class LoansConfig(AppConfig):
    name = "jinfuyun.loans"
    label = "loans"
