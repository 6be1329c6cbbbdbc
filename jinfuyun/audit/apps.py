from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "jinfuyun.audit"
    label = "audit"
