"""What `make run` does to a database before it serves it."""

from typing import Any

from django.apps import apps
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone


class Command(BaseCommand):
    help = "Migrate, then load the demo data when there is no territoire yet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("migrate", verbosity=0)
        if "seed" not in get_commands() or apps.get_model("agents", "Territoire").objects.exists():
            return
        self.stdout.write("rdv: loading the demo data, once")
        with transaction.atomic():  # stopped half-way, it is loaded again next time
            call_command("seed", today=timezone.localdate().isoformat())
