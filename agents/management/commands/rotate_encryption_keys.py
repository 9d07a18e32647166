"""Seal the secrets of the database with the newest key (docs/deployment.md)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from agents.services.sms_gateway_edit import reseal_credentials
from rdv.accounts.second_factor import reseal_factors


class Command(BaseCommand):
    help = "Seal every secret again with the first key of FIELD_ENCRYPTION_KEYS."

    def handle(self, *_args: Any, **_options: Any) -> None:
        of_gateways = reseal_credentials(now=timezone.now())
        done, unreadable = (sum(pair) for pair in zip(of_gateways, reseal_factors(), strict=True))
        self.stdout.write(f"{done} sealed again, {unreadable} that no key opens")
