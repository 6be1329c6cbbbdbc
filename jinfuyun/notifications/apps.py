from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "jinfuyun.notifications"
    label = "notifications"
