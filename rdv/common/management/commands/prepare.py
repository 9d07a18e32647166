"""What `make run` does to a database before it serves it."""

import argparse
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone


class Command(BaseCommand):
    help = "Migrate, then load the demo data when there is no territoire yet."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--logins", type=Path, help="a file for the demo logins")

    def handle(self, *_args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if not apps.get_model("agents", "Territoire").objects.exists():
            self.stdout.write("rdv: loading the demo data, once")
            with transaction.atomic():  # stopped half-way, it is loaded again next time
                call_command("seed", today=timezone.localdate().isoformat())
        if options["logins"]:
            with options["logins"].open("w", encoding="utf-8") as file:
                call_command("demo_logins", stdout=file)
