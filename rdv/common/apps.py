from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "rdv.common"
    label = "common"
