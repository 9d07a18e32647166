"""Print docs/messages.md. `make docs` runs it; a test compares."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from planning.management.message_catalogue import document


class Command(BaseCommand):
    help = "Print docs/messages.md."
    requires_system_checks = ()

    def handle(self, *_args: object, **_options: object) -> None:
        self.stdout.write(document(), ending="")
