"""Make a copy of the production anonymous: for a rehearsal, for statistics elsewhere (I03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from rdv.common.anonymiser import anonymise_tables, columns_found, undeclared

if TYPE_CHECKING:
    from argparse import ArgumentParser

COPIES = ("copie", "copy", "anonym")


class Command(BaseCommand):
    help = (
        "Efface et remplace les données personnelles de la base. Pour une copie : son nom contient "
        "« copie », « copy » ou « anonym » ; toute autre base demande --base-a-detruire NOM."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--base-a-detruire",
            default="",
            metavar="NOM",
            help="le nom exact de la base, pour confirmer que ses données sont perdues",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            name = cursor.fetchone()[0]
        is_copy = any(word in name.lower() for word in COPIES)
        if not is_copy and options["base_a_detruire"] != name:
            raise CommandError(
                f"« {name} » n’est pas une copie d’après son nom. Rien n’a été changé. Pour "
                f"perdre quand même ses données personnelles : --base-a-detruire {name}"
            )
        missing = undeclared(columns_found())
        if missing:
            raise CommandError("\n".join(["Rien n’a été changé.", *missing]))
        anonymise_tables()
        self.stdout.write(f"« {name} » ne contient plus de données personnelles.")
