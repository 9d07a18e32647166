"""Load the demonstration data (I05)."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from agents.models import Territoire
from planning.services.stats_refresh import refresh_stats
from rdv.demo.load import erase_everything, load_demo
from rdv.demo.world import PARIS

if TYPE_CHECKING:
    from argparse import ArgumentParser


def chosen_day(text: str | None) -> date:
    """Return the day asked for, else today in Paris. Raises CommandError."""
    if not text:
        return timezone.localdate(timezone=PARIS)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--today is a day like 2026-11-23, not {text!r}.") from error


class Command(BaseCommand):
    help = "Load the demonstration data. The same --today gives the same rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today",
            help="day around which the RDVs are placed (YYYY-MM-DD; default: today in Paris)",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when a territoire exists"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="first erase ALL the rows of the database (development only)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        today = chosen_day(options["today"])
        if options["replace"] and not settings.DEBUG:
            raise CommandError("--replace erases everything: only with development settings.")
        started = time.monotonic()
        with transaction.atomic():
            if options["replace"]:
                erase_everything()
            if Territoire.objects.exists():
                if options["if_empty"]:
                    return
                raise CommandError(
                    "The database already holds a territoire: nothing was loaded. "
                    "Use --replace (development only), or --if-empty to keep what is there."
                )
            load_demo(today)
        # The first sweep of the worker is five minutes away.
        refresh_stats(now=timezone.now())
        seconds = time.monotonic() - started
        self.stdout.write(f"Demonstration loaded for {today.isoformat()} in {seconds:.1f} s.")
