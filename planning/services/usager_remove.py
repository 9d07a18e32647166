"""An organisation deletes a person: detached, and forgotten when nobody else knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.services.audit_write import record_change
from planning.queries.usager_removal import Removal, removal_of
from planning.services.agenda_lock import limit_waiting
from planning.services.rdv_book import refusals_in_french
from planning.services.usager_forget import forget
from usagers.models import Rattachement, Usager
from usagers.policies import fiches_of
from usagers.services.usager_fields import UsagerRefused

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor


class UsagerExpected(UsagerRefused):
    """A RDV to come stands in the organisation: it is cancelled first."""


def remove_usager(
    *,
    usager_id: int,
    organisation: Organisation,
    accepts: int,
    actor: Actor | None,
    now: datetime,
) -> Removal:
    """Detach the person and their proches; return what was done.

    `accepts` is how many people the page announced: another number is refused. Holds the fiches,
    as every booking does: nobody books for them meanwhile. Raises UsagerExpected, UsagerRefused,
    RetryLaterError.
    """
    with refusals_in_french(), transaction.atomic():
        limit_waiting()
        usager = _lock(usager_id, organisation, actor)
        removal = removal_of(usager, organisation=organisation, now=now)
        if removal.expected:
            raise UsagerExpected(
                _("Un RDV à venir l’empêche : %(rdvs)s. Annulez-le d’abord.")
                % {"rdvs": " ; ".join(removal.expected)}
            )
        if len(removal.people) != accepts:
            raise UsagerRefused(
                _("Les proches de cette personne ont changé. Relisez avant de supprimer.")
            )
        _audit(removal, organisation, actor, now)
        Rattachement.objects.filter(organisation=organisation, usager__in=removal.people).delete()
        forget(list(removal.erased), now=now)
        return removal


def _lock(usager_id: int, organisation: Organisation, actor: Actor | None) -> Usager:
    family = Q(pk=usager_id) | Q(responsable=usager_id)
    rows = Usager.objects.living().filter(family).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True))
    fiches = fiches_of(actor, Permission.USAGER_EDIT, organisation)
    usager: Usager | None = fiches.filter(pk=usager_id, is_known=True).first()
    if usager is None:
        raise UsagerRefused(_("Cette fiche n’existe plus, ou vous ne pouvez plus la modifier."))
    return usager


def _audit(
    removal: Removal, organisation: Organisation, actor: Actor | None, now: datetime
) -> None:
    erased = {person.pk for person in removal.erased}
    for person in {*removal.people, *removal.erased}:
        record_change(
            action="usager_erased" if person.pk in erased else "usager_detached",
            object_kind="usager",
            object_uuid=person.uuid,
            organisation_id=organisation.pk,
            actor=actor,
            now=now,
        )
