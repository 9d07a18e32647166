"""Open a client from the command line: what « Créer un client » does (G16)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from motifs.forms.client_create import ClientForm
from motifs.queries.preset_services import preset_services
from motifs.services.client_create import ClientFields, create_client
from rdv.common.timezones import HolidayZone, Zone

NEEDED = ("territoire_name", "territoire_kind", "organisation_name", "organisation_kind", "email")
OPTIONAL = ("departement_number", "phone_number", "lieu_address", "first_name", "last_name")


class Command(BaseCommand):
    help = "Create a territoire, its first organisation, its first admin and motifs."

    def add_arguments(self, parser: CommandParser) -> None:
        for name in NEEDED:
            parser.add_argument(f"--{name.replace('_', '-')}", required=True)
        for name in OPTIONAL:
            parser.add_argument(f"--{name.replace('_', '-')}", default="")
        parser.add_argument("--timezone", default=Zone.PARIS.value)
        parser.add_argument("--holiday-zone", default=HolidayZone.METROPOLE.value)
        parser.add_argument("--services", nargs="*", default=[], metavar="CODE")
        parser.add_argument("--without-pack", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        typed = {name: options[name] for name in ClientForm.base_fields if name in options}
        form = ClientForm(
            {**typed, "takes_pack": not options["without_pack"]}, services=preset_services()
        )

        def save() -> None:
            made = create_client(
                fields=ClientFields(**form.cleaned_data), superadmin_id=None, now=timezone.now()
            )
            self.stdout.write(f"{made.territoire.slug} {made.organisation.slug} {made.admin.email}")

        if not form.saves(save):
            raise CommandError("\n".join(message for _, message in form.error_list()))
