from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "jinfuyun.storage"
    label = "storage"
