from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "rdv.common"
    label = "common"

    def ready(self) -> None:
        from rdv.common import checks  # noqa: F401 (registers them)
