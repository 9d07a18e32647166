"""Two fiches of one person become one (F03, decision 27): the whole territoire, one transaction.

Locks, in the order of every act: drafts of RDVs, fiches, then RDVs. A booking under way for one of
the two holds its fiche: it is waited for, and moves with the rest; one that comes after finds the
fiche gone and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agents.permissions import AgentActor, Permission
from agents.services.audit_write import record_change
from planning.models import RdvDraft
from planning.rules.rdv_draft import content_of
from planning.services.agenda_lock import limit_waiting
from planning.services.rdv_book import refusals_in_french
from planning.services.usager_merge_rdvs import move_rdvs
from usagers.models import AccessToken, Rattachement, Referent, Usager
from usagers.policies import fiches_of
from usagers.queries.usager_merge import side_of
from usagers.rules.fiche_merge import (
    ABSORBED,
    FIELDS,
    fields_shown,
    refusal_of_choice,
    refusal_to_merge,
    sides_of,
)
from usagers.services.address_changed import tell_former_addresses
from usagers.services.usager_anonymise import empty
from usagers.services.usager_edit import FicheChanged, version_of
from usagers.services.usager_fields import UsagerRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor

# Every row that points to a fiche, and what becomes of it; a test compares with the models.
FOLLOWS = {
    "usagers.Usager.responsable": "the proches follow",
    "usagers.Usager.merged_into": "former addresses follow",
    "usagers.Rattachement.usager": "follow, notes joined",
    "usagers.Referent.usager": "follow",
    "usagers.AccessToken.recipient": "follow",
    "planning.Participation.usager": "follow, two in one RDV become one",
    "planning.Participation.created_by_usager": "follow",
    "planning.RdvEvent.author_usager": "stays: history is append-only, and bears the name",
}


def merge_usagers(
    *,
    kept_id: int,
    absorbed_id: int,
    choices: Mapping[str, str],
    seen: str,
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
) -> Usager:
    """Return the fiche that remains; the other is emptied, and its address leads there.

    `choices` maps a field of FIELDS to the side that wins; `seen` is `versions_of` both when the
    page was opened. Raises UsagerRefused, FicheChanged, RetryLaterError.
    """
    with refusals_in_french(), transaction.atomic():
        limit_waiting()
        if not isinstance(actor, AgentActor):
            raise UsagerRefused(_("Seul un agent fusionne deux fiches."))
        _follow_drafts(organisation, absorbed_id, kept_id)
        kept, absorbed = _lock(kept_id, absorbed_id, organisation, actor)
        if seen != versions_of(kept, absorbed):
            raise FicheChanged(_("Une des deux fiches a changé. Relisez avant de les fusionner."))
        sides = _decide(kept, absorbed, choices, organisation)
        former, key = (kept.email, absorbed.email), str(kept.uuid)
        moved = _become_one(kept, absorbed, sides, actor=actor, now=now)
        tell_former_addresses(
            former, fiches=[kept], subject_key=key, organisation=organisation, now=now
        )
        chosen = sorted(name for name, side in sides.items() if side == ABSORBED)
        record_change(
            action="usagers_merged",
            object_kind="usager",
            object_uuid=absorbed.uuid,
            organisation_id=organisation.pk,
            actor=actor,
            now=now,
            detail={"into": str(kept.uuid), "taken": chosen, "rdvs": moved},
        )
        return kept


def _become_one(
    kept: Usager, absorbed: Usager, sides: Mapping[str, str], *, actor: AgentActor, now: datetime
) -> int:
    """Move everything, write both fiches; return how many RDVs moved."""
    values = _values(kept, absorbed, sides)
    moved = move_rdvs(absorbed=absorbed, kept=kept, actor=actor, now=now)
    _move_people(kept, absorbed)
    _move_organisations(kept, absorbed)
    AccessToken.objects.filter(recipient=absorbed).update(recipient=kept)
    Usager.objects.filter(merged_into=absorbed).update(merged_into=kept)
    # The address and the account are free before the other fiche takes them.
    empty(absorbed, now=now, merged_into=kept)
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save()
    _keep_responsable_informed(kept)
    return moved


def versions_of(kept: Usager, absorbed: Usager) -> str:
    return f"{version_of(kept)} {version_of(absorbed)}"


def _follow_drafts(organisation: Organisation, absorbed_id: int, kept_id: int) -> None:
    """In the RDVs that agents prepare, one fiche stands for the other. Held before the fiches."""
    rows = RdvDraft.objects.filter(
        organisation__territoire=organisation.territoire_id,
        content__usagers__contains=[absorbed_id],
    ).order_by("pk")
    for draft in rows.select_for_update(of=("self",)):
        people = [kept_id if pk == absorbed_id else pk for pk in content_of(draft.content).usagers]
        draft.content["usagers"] = list(dict.fromkeys(people))
        draft.save(update_fields=["content"])


def _lock(
    kept_id: int, absorbed_id: int, organisation: Organisation, actor: Actor | None
) -> tuple[Usager, Usager]:
    """Hold both fiches and their families, in the order of their keys. Raises UsagerRefused."""
    pair = (kept_id, absorbed_id)
    family = Q(pk__in=pair) | Q(responsable__in=pair) | Q(proches__in=pair)
    ids = Usager.objects.filter(family).order_by().values("pk")
    rows = Usager.objects.filter(pk__in=ids).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True))
    fiches = fiches_of(actor, Permission.USAGER_EDIT, organisation)
    found = {row.pk: row for row in fiches.filter(pk__in=pair).select_related("responsable")}
    if len(found) != len(set(pair)):
        raise UsagerRefused(
            _("Une des deux fiches n’existe plus, ou vous ne pouvez plus la modifier.")
        )
    return found[kept_id], found[absorbed_id]


def _decide(
    kept: Usager, absorbed: Usager, choices: Mapping[str, str], organisation: Organisation
) -> dict[str, str]:
    left, right = side_of(kept), side_of(absorbed)
    refusal = refusal_to_merge(left, right)
    if refusal is None:
        shown = fields_shown(organisation.territoire.usager_fields)
        sides = sides_of(choices, shown, left, right)
        winner = absorbed if sides["responsable"] == ABSORBED else kept
        refusal = refusal_of_choice(winner.responsable_id, left, right)
    if refusal:
        raise UsagerRefused(refusal)
    return sides


def _values(kept: Usager, absorbed: Usager, sides: Mapping[str, str]) -> dict[str, object]:
    """Return the columns to write on the fiche that remains, read before anything moves."""
    values: dict[str, object] = {}
    for field, columns in FIELDS.items():
        source = absorbed if sides[field] == ABSORBED else kept
        values |= {column: getattr(source, column) for column in columns}
    owner = absorbed if sides["email"] == ABSORBED else kept
    if owner.account_id is None:  # at most one has an account then, and its address was imposed
        owner = kept
    values |= {
        "account_id": owner.account_id,
        "notifies_by_email": owner.notifies_by_email,
        "notifies_by_sms": owner.notifies_by_sms,
        "language": owner.language,
        "identity_certified_at": kept.identity_certified_at or absorbed.identity_certified_at,
    }
    return values


def _move_people(kept: Usager, absorbed: Usager) -> None:
    Usager.objects.filter(responsable=absorbed).update(responsable=kept)
    known = set(kept.referents.values_list("agent", flat=True))
    Referent.objects.filter(usager=absorbed).exclude(agent__in=known).update(usager=kept)
    Referent.objects.filter(usager=absorbed).delete()


def _move_organisations(kept: Usager, absorbed: Usager) -> None:
    """Both are known where one was; the notes of one organisation are joined, never mixed."""
    mine = {row.organisation_id: row for row in kept.rattachements.all()}
    for row in absorbed.rattachements.all():
        same = mine.get(row.organisation_id)
        if same is None:
            row.usager = kept
            row.save(update_fields=["usager"])
        else:
            same.notes = "\n\n".join(dict.fromkeys(filter(None, (same.notes, row.notes))))
            same.save(update_fields=["notes"])
            row.delete()


def _keep_responsable_informed(kept: Usager) -> None:
    """Whoever is told for a proche is known wherever the proche is."""
    if kept.responsable_id is not None:
        places = kept.rattachements.values_list("organisation", flat=True)
        Rattachement.objects.bulk_create(
            [Rattachement(usager_id=kept.responsable_id, organisation_id=pk) for pk in places],
            ignore_conflicts=True,
        )
