"""Forget who a person was, and keep the row that RDVs and history point to (decision 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from usagers.models import AccessToken, BookingDraft, Rattachement, Referent, Usager

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

EMPTY = {
    "birth_name": "",
    "birth_date": None,
    "email": None,
    "phone_number": "",
    "address": "",
    "address_details": "",
    "post_code": "",
    "city_name": "",
    "city_code": "",
    "caisse": "",
    "affiliation_number": "",
    "family_situation": "",
    "number_of_children": None,
    "logement": "",
    "case_number": "",
    "identity_certified_at": None,
    "account": None,
    "responsable": None,
}


def anonymise(usagers: Sequence[Usager], *, now: datetime) -> None:
    """Empty fiches that the caller holds locked: names, contact, account, notes, links, référents.

    What is shared with others (a workshop's title) is not touched; messages already queued stay.
    """
    addresses = [usager.email for usager in usagers if usager.email]
    BookingDraft.objects.filter(email__in=addresses, rdv=None).delete()
    AccessToken.objects.filter(recipient__in=usagers).delete()
    Referent.objects.filter(usager__in=usagers).delete()
    Rattachement.objects.filter(usager__in=usagers).delete()
    for usager in usagers:
        empty(usager, now=now)


def empty(usager: Usager, *, now: datetime, merged_into: Usager | None = None) -> None:
    """Write the row of somebody who is not there any more."""
    usager.first_name, usager.last_name = _("Usager"), _("supprimé")
    for name, value in EMPTY.items():
        setattr(usager, name, value)
    usager.anonymised_at, usager.merged_into = now, merged_into
    usager.save()
