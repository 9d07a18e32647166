"""Families in which nothing has happened for long (decision 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from planning.models import Participation, RdvEvent, WaitingListEntry
from usagers.models import Rattachement, Usager

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def quiet_families(limit: datetime) -> QuerySet[Usager]:
    """Return the responsables (and who is alone) whose whole family did nothing since `limit`.

    Counted: a change of a fiche, an organisation that came to know them, a RDV (its end, its
    booking, each line of its history), an entry of the waiting list, a sign-in.
    """
    family = Q(usager=OuterRef("pk")) | Q(usager__responsable=OuterRef("pk"))
    rdvs = Participation.objects.filter(family).filter(
        Q(rdv__ends_at__gte=limit) | Q(created_at__gte=limit) | Q(cancelled_at__gte=limit)
    )
    lines = RdvEvent.objects.filter(at__gte=limit).filter(
        Q(rdv__participations__usager=OuterRef("pk"))
        | Q(rdv__participations__usager__responsable=OuterRef("pk"))
    )
    waiting = WaitingListEntry.objects.filter(ended_at=None).filter(
        Q(participation__usager=OuterRef("pk"))
        | Q(participation__usager__responsable=OuterRef("pk"))
    )
    proches = Usager.objects.living().filter(responsable=OuterRef("pk"), updated_at__gte=limit)
    known = Rattachement.objects.filter(family, created_at__gte=limit)
    signed_in = Q(account__last_login__gte=limit) | Q(account__created_at__gte=limit)
    heads = Usager.objects.living().filter(responsable=None, updated_at__lt=limit)
    return heads.exclude(signed_in).filter(
        ~Exists(proches), ~Exists(known), ~Exists(rdvs), ~Exists(lines), ~Exists(waiting)
    )
