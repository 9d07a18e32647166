from django.apps import AppConfig


class RdvConfig(AppConfig):
    """The roof. Makes our Celery application the current one in every process.

    Without it a web process would publish its nudges to Celery's default broker.
    """

    name = "rdv"

    def ready(self) -> None:
        from rdv import celery

        celery.app.set_current()
        celery.app.set_default()
