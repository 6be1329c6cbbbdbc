from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "jinfuyun.evaluation"
    label = "evaluation"
