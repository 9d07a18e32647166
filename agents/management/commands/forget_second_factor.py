"""For an agent who lost telephone, key and recovery codes, once their identity is certain."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from agents.services.security_notice import tell_security_change
from notifications.messages.security import Change
from rdv.accounts.models import Account, Kind
from rdv.accounts.second_factor import forget_factors
from rdv.accounts.sessions import end_other_sessions


class Command(BaseCommand):
    help = "Drop the second factors of an agent and end their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *_args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        account = Account.objects.filter(kind=Kind.AGENT, email=email).first()
        if account is None:
            raise CommandError("No agent has this address.")
        with transaction.atomic():
            dropped = forget_factors(account)
            end_other_sessions(account, keep=None)
            if dropped:
                tell_security_change(
                    account_id=account.pk, change=Change.FACTORS_FORGOTTEN, now=timezone.now()
                )
        self.stdout.write(f"{dropped} second factors dropped, sessions ended")
