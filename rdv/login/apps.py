from django.apps import AppConfig


class LoginConfig(AppConfig):
    name = "rdv.login"
    label = "login"
