from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jinfuyun.jobs"
    label = "jobs"
