from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "jinfuyun.deliveries"
    label = "deliveries"
