"""Seal the secrets of the database with the newest key (docs/deployment.md)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from agents.services.sms_gateway_edit import reseal_credentials


class Command(BaseCommand):
    help = "Seal every secret again with the first key of FIELD_ENCRYPTION_KEYS."

    def handle(self, *_args: Any, **_options: Any) -> None:
        done, unreadable = reseal_credentials(now=timezone.now())
        self.stdout.write(f"{done} sealed again, {unreadable} that no key opens")
