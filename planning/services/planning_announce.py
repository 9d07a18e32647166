"""Tell an agent what somebody else did to their plages or indisponibilités."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from agents.models import Organisation
from agents.services.audit_write import record_changes
from motifs.models import Availability
from notifications.messages import planning as messages
from planning.queries.occurrences import exceptions_of
from planning.queries.schedule_words import words_of
from planning.services.planning_calendar import indisponibilite_series, plage_series
from planning.services.rdv_announce import author_of
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from agents.permissions import Actor
    from planning.models import Indisponibilite, PlageOuverture

Change = messages.Change


def announce_plages(
    change: Change, plages: Sequence[PlageOuverture], *, actor: Actor | None, now: datetime
) -> None:
    """Audit the change of `plages`, of one agent and one organisation, and queue the mail.

    Call it last in the transaction; before the rows are gone when they are deleted.
    """
    if not plages or actor is None:
        return
    _audit("plage", change, plages, organisation_id=plages[0].organisation_id, actor=actor, now=now)
    plage = plages[0]
    author, agent, organisation = author_of(actor), plage.agent, plage.organisation
    if not messages.wants(agent, messages.PLAGE, author):
        return
    url = _absolute("planning:plage_ouverture_list", organisation.uuid, agent.uuid)
    today = local_day(now, organisation.territoire.zone)
    with translation.override(settings.LANGUAGE_CODE):
        told = [_told_plage(row, url, today) for row in plages]
    messages.planning_changed(
        messages.PLAGE,
        change,
        told,
        agent=agent,
        author=author,
        url=url,
        organisation=organisation,
        now=now,
    )


def announce_indisponibilites(
    change: Change, rows: Sequence[Indisponibilite], *, actor: Actor | None, now: datetime
) -> None:
    """Queue the mail about `rows`, which are of one agent; call it like `announce_plages`."""
    if not rows or actor is None:
        return
    territoire_id = rows[0].territoire_id
    _audit("indisponibilite", change, rows, territoire_id=territoire_id, actor=actor, now=now)
    author, agent, territoire = author_of(actor), rows[0].agent, rows[0].territoire
    if not messages.wants(agent, messages.INDISPONIBILITE, author):
        return
    home = Organisation.objects.filter(
        roles__agent=agent, territoire=territoire, archived_at=None
    ).first()
    url = settings.SITE_URL
    if home:
        url = _absolute("planning:indisponibilite_list", home.uuid, agent.uuid)
    today = local_day(now, territoire.zone)
    with translation.override(settings.LANGUAGE_CODE):
        told = [_told_indisponibilite(row, url, today) for row in rows]
    messages.planning_changed(
        messages.INDISPONIBILITE,
        change,
        told,
        agent=agent,
        author=author,
        url=url,
        organisation=home,
        now=now,
    )


def _audit(
    kind: str,
    change: Change,
    rows: Sequence[PlageOuverture | Indisponibilite],
    *,
    actor: Actor,
    now: datetime,
    organisation_id: int | None = None,
    territoire_id: int | None = None,
) -> None:
    record_changes(
        action=f"{kind}_{change}",
        object_kind=kind,
        object_uuids=[row.uuid for row in rows],
        organisation_id=organisation_id,
        territoire_id=territoire_id,
        actor=actor,
        now=now,
    )


def _told_plage(plage: PlageOuverture, url: str, today: date) -> messages.Told:
    motifs = ", ".join(motif.name for motif in plage.motifs.order_by("name", "pk"))
    place = f"{plage.lieu.name}, {plage.lieu.address}" if plage.lieu else _("Sans lieu")
    if plage.lieu and plage.lieu.availability == Availability.CLOSED:
        place = _("%(place)s (fermé)") % {"place": place}
    rows = [
        (_("Quand"), words_of(plage)),
        *_exception_rows(plage, today),
        (_("Motifs"), motifs),
        (_("Lieu"), place),
        (_("Organisation"), plage.organisation.name),
    ]
    series = plage_series(
        plage,
        summary=_("Plage d’ouverture – %(organisation)s")
        % {"organisation": plage.organisation.name},
        description=motifs,
        url=url,
    )
    return messages.Told(rows, series)


def _told_indisponibilite(row: Indisponibilite, url: str, today: date) -> messages.Told:
    rows = [
        (_("Quand"), words_of(row, (row.end_day - row.first_day).days)),
        *_exception_rows(row, today),
    ]
    return messages.Told(rows, indisponibilite_series(row, summary=_("Indisponible"), url=url))


def _exception_rows(row: PlageOuverture | Indisponibilite, today: date) -> list[tuple[str, str]]:
    found = exceptions_of(row, since=today)
    return [(_("Sauf"), " ; ".join(each.words for each in found))] if found else []


def _absolute(name: str, *args: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
