"""The Celery application. Tasks are three lines each, in `<app>/tasks.py`."""

import os

from celery import Celery

from rdv.schedule import BEAT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rdv.settings.prod")

app = Celery("rdv")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = BEAT
