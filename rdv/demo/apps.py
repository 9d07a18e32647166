from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "rdv.demo"
    label = "demo"
