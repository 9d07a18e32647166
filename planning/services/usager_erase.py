"""Erase a person on their request: an act of an admin de territoire (decision 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.permissions import Permission
from agents.services.audit_write import record_change
from notifications.models import BlockedAddress
from notifications.services.message_retention import erase_messages
from planning.models import Participation, WaitingListEntry
from planning.queries.usager_data import Erasure, erasure_of, messages_about
from planning.services.agenda_lock import limit_waiting
from planning.services.rdv_book import refusals_in_french
from planning.services.usager_forget import forget
from planning.services.usager_remove import UsagerExpected
from rdv.accounts.models import Account, Kind
from usagers.models import PendingIdentity, Usager
from usagers.policies import usagers_for
from usagers.services.usager_fields import UsagerRefused

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


class Reason(models.TextChoices):
    """Why, for the audit trail: a choice, so that nothing personal is written there."""

    PERSON = "person", gettext_lazy("La personne le demande")
    GUARDIAN = "guardian", gettext_lazy("Son représentant légal le demande")
    MISTAKE = "mistake", gettext_lazy("La fiche a été créée par erreur")
    LAW = "law", gettext_lazy("Une décision ou la loi l’impose")


def erase_person(
    *, usager_id: int, accepts: int, reason: str, actor: Actor | None, now: datetime
) -> Erasure:
    """Forget the person and the proches who depend on them; return what was done.

    `accepts`: how many people the page announced. Holds the fiches, as every booking does. Raises
    UsagerExpected while a RDV is to come, UsagerRefused, RetryLaterError.
    """
    with refusals_in_french(), transaction.atomic():
        limit_waiting()
        family = Usager.objects.living().filter(Q(pk=usager_id) | Q(responsable=usager_id))
        list(family.order_by("pk").select_for_update(of=("self",), no_key=True))
        mine = usagers_for(actor, Permission.USAGER_ERASE).select_related("territoire")
        usager = mine.filter(pk=usager_id).first()
        if usager is None or reason not in Reason.values:
            raise UsagerRefused(_("Vous ne pouvez pas effacer cette personne."))
        erasure = erasure_of(usager, now=now)
        if erasure.expected:
            raise UsagerExpected(
                _("Un RDV à venir l’empêche : %(rdvs)s. Annulez-le d’abord.")
                % {"rdvs": " ; ".join(erasure.expected)}
            )
        if len(erasure.people) != accepts:
            raise UsagerRefused(
                _("Les proches de cette personne ont changé. Relisez avant d’effacer.")
            )
        for person in erasure.people:
            record_change(
                action="usager_erased",
                object_kind="usager",
                object_uuid=person.uuid,
                organisation_id=None,
                territoire_id=person.territoire_id,
                actor=actor,
                now=now,
                detail={"reason": str(reason)},
            )
        _forget_everywhere(erasure, now)
        return erasure


def _forget_everywhere(erasure: Erasure, now: datetime) -> None:
    people = list(erasure.people)
    territoire = people[0].territoire_id
    accounts = [person.account_id for person in people if person.account_id]
    addresses = [person.email for person in people if person.email]
    numbers = [str(person.phone_number) for person in people if person.phone_number]
    erase_messages(messages_about(people))
    own = Participation.objects.filter(usager__in=people)
    waiting = Q(participation__in=own.values("pk")) | Q(
        Q(email__in=addresses) | Q(phone_number__in=numbers),
        motif__organisation__territoire=territoire,
    )
    WaitingListEntry.objects.filter(waiting).delete()
    forget(people, now=now)
    # Somebody else, or the same person in another territoire, may bear them.
    shared = Usager.objects.living().filter(
        Q(email__in=addresses) | Q(phone_number__in=numbers) | Q(account__in=accounts)
    )
    if not shared.exists():
        PendingIdentity.objects.filter(email__in=addresses).delete()
        BlockedAddress.objects.filter(address__in=[*addresses, *numbers]).delete()
        Account.objects.filter(pk__in=accounts, kind=Kind.USAGER).delete()
