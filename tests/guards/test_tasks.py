"""A task's name is written once, in the Task enum."""

import importlib

from celery import current_app

from rdv.celery import app
from rdv.common.aftercommit import Task
from rdv.schedule import BEAT
from tests.guards.project import ROOT


def test_the_enum_and_celery_know_the_same_tasks():
    for path in sorted(ROOT.glob("*/tasks.py")):
        importlib.import_module(f"{path.parent.name}.tasks")
    app.loader.import_default_modules()
    ours = {name for name in current_app.tasks if not name.startswith("celery.")}
    assert ours == {str(task) for task in Task}


def test_each_periodic_task_exists():
    assert {str(entry["task"]) for entry in BEAT.values()} <= {str(task) for task in Task}
