from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jinfuyun.accounts"
    label = "accounts"
