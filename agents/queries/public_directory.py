"""What the public may know of organisations and territoires: who they are, how to reach them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from agents.models import Organisation, Territoire
from rdv.common.text_keys import fold


def public_organisation(slug: str) -> Organisation | None:
    """Return an organisation in activity, its territoire fetched with it."""
    return (
        Organisation.objects.select_related("territoire")
        .filter(slug=slug, archived_at=None)
        .first()
    )


def public_territoire(slug: str) -> Territoire | None:
    return Territoire.objects.filter(slug=slug).first()


def find_territoires(typed: str = "") -> list[Territoire]:
    """Return the territoires with an organisation in activity, whose name or number matches.

    Accents and case do not count. Everything when nothing was typed.
    """
    living = Organisation.objects.filter(territoire=OuterRef("pk"), archived_at=None)
    rows = Territoire.objects.filter(Exists(living))
    words = fold(typed).split()
    found = [row for row in rows if all(word in _haystack(row) for word in words)]
    return sorted(found, key=lambda row: (fold(row.name), row.pk))


def _haystack(territoire: Territoire) -> str:
    return f"{fold(territoire.name)} {territoire.departement_number.lower()}"
