"""A file of fiches goes through the workers: checked, then created when its author says so (G14).

The row is the truth, the message a nudge (docs/adr/0007). Lines, their reports and how far one is
are one transaction for each batch: a worker that is killed does no line twice, and the sweeper
nudges another one.
"""

from __future__ import annotations

import logging
from dataclasses import astuple
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import Error, transaction
from django.utils.translation import gettext as _

from agents.permissions import AgentActor, Permission
from agents.policies import organisations_for
from agents.queries.actor import agent_actor, signed_by
from rdv.common.aftercommit import Task, start_after_commit
from rdv.common.errors import DomainError
from usagers.models import ImportState, UsagerImport
from usagers.models.usager_import import WORKING
from usagers.policies import own_imports
from usagers.rules.usager_import import FilePeople, Outcome
from usagers.services.usager_fields import UsagerRefused
from usagers.services.usager_import import facts_of, import_lines
from usagers.services.usager_import_lines import UsagerLine, columns_taken, fiche_of_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor

logger = logging.getLogger(__name__)
MOST_LINES = 5_000
BATCH = 500
KEPT = timedelta(days=1)
MOST_WAITING = 3


@transaction.atomic
def start_import(
    *,
    lines: Sequence[UsagerLine],
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
) -> UsagerImport:
    """Keep the lines and nudge a worker: nobody is created before `confirm_import`.

    Raises UsagerRefused.
    """
    mine = organisations_for(actor, Permission.USAGER_IMPORT).filter(pk=organisation.pk)
    if not isinstance(actor, AgentActor) or not mine.exists():
        raise UsagerRefused(_("Vous ne pouvez plus importer d’usagers dans cette organisation."))
    if own_imports(actor).filter(state__in=WORKING).count() >= MOST_WAITING:
        raise UsagerRefused(_("Vos fichiers précédents sont encore en cours. Attendez leur fin."))
    sent = UsagerImport.objects.create(
        agent_id=actor.agent_id,
        superadmin_id=actor.superadmin_id,
        organisation=organisation,
        lines=[astuple(line) for line in lines[:MOST_LINES]],
        total=len(lines[:MOST_LINES]),
        created_at=now,
    )
    start_after_commit(Task.RUN_USAGER_IMPORT, import_id=sent.pk)
    return sent


@transaction.atomic
def confirm_import(*, import_id: int, actor: Actor | None) -> UsagerImport:
    """Create what the trial accepted; a second click changes nothing. Raises UsagerRefused."""
    rows = own_imports(actor).select_for_update(of=("self",), no_key=True)
    sent = rows.filter(pk=import_id).first()
    if sent is None:
        raise UsagerRefused(_("Ce fichier n’est plus là. Envoyez-le à nouveau."))
    good = {number for number, _name, outcome, _why in sent.reports if outcome == Outcome.NEW}
    if sent.state != ImportState.CHECKED or not good:
        return sent
    sent.lines = [line for line in sent.lines if line[0] in good]
    sent.reports = [report for report in sent.reports if report[0] not in good]
    sent.state, sent.position, sent.total = ImportState.CREATING, 0, len(sent.lines)
    sent.save()
    start_after_commit(Task.RUN_USAGER_IMPORT, import_id=sent.pk)
    return sent


def run_usager_import(*, import_id: int, clock: Callable[[], datetime]) -> None:
    """Do the lines that remain, a batch after the other, unless another worker does them."""
    people: FilePeople | None = None
    while True:
        try:
            with transaction.atomic():
                sent = _held(import_id)
                if sent is None:
                    return
                people = _people_before(sent) if people is None else people
                _do_batch(sent, people, clock())
        except DomainError as refusal:
            _fail(import_id, refusal.message)
        except (Error, ValueError, LookupError, TypeError) as failure:
            # The name of the class only: messages of the database quote values.
            logger.error(  # noqa: TRY400
                "import of usagers failed",
                extra={"import": import_id, "error": type(failure).__name__},
            )
            _fail(import_id, _("Une erreur s’est produite. Renvoyez le fichier, ou prévenez-nous."))


def sweep_usager_imports() -> int:
    """Nudge a worker about each file that is not finished; return how many."""
    keys = list(UsagerImport.objects.working().order_by("pk").values_list("pk", flat=True))
    for import_id in keys:
        start_after_commit(Task.RUN_USAGER_IMPORT, import_id=import_id)
    return len(keys)


def purge_usager_imports(*, now: datetime) -> int:
    """Delete what was sent a day ago, finished or not; return how many."""
    old = UsagerImport.objects.filter(created_at__lt=now - KEPT)
    return old.delete()[0]


def _held(import_id: int) -> UsagerImport | None:
    """Return the file, held, while there is something to do that nobody else does."""
    rows = UsagerImport.objects.working().select_for_update(of=("self",), skip_locked=True)
    joined = rows.select_related("agent__account", "superadmin", "organisation__territoire")
    return joined.filter(pk=import_id).first()


def _do_batch(sent: UsagerImport, people: FilePeople, now: datetime) -> None:
    if sent.agent.deactivated_at is not None:
        raise UsagerRefused(_("L’auteur de ce fichier n’est plus actif."))
    is_trial = sent.state == ImportState.CHECKING
    end = min(sent.position + BATCH, sent.total)
    reports = import_lines(
        [UsagerLine(*line) for line in sent.lines[sent.position : end]],
        people=people,
        organisation=sent.organisation,
        actor=signed_by(agent_actor(sent.agent), sent.superadmin),
        now=now,
        is_trial=is_trial,
    )
    sent.reports += [astuple(report) for report in reports]
    sent.position = end
    if end == sent.total:
        sent.reports.sort(key=lambda report: report[0])
        if is_trial:
            sent.state = ImportState.CHECKED
        else:
            sent.end(ImportState.DONE)
    sent.save()


def _people_before(sent: UsagerImport) -> FilePeople:
    """Return the people of the lines that a trial accepted before this worker came.

    Those of a real run are fiches by now.
    """
    people = FilePeople()
    if sent.state == ImportState.CHECKING and sent.position:
        good = {number for number, _name, outcome, _why in sent.reports if outcome == Outcome.NEW}
        for line in sent.lines[: sent.position]:
            if line[0] in good:
                known = fiche_of_line(UsagerLine(*line), columns_taken(sent.organisation))
                people.add(line[0], facts_of(known, known.birth_name))
    return people


@transaction.atomic
def _fail(import_id: int, error: str) -> None:
    """Close the file; the fiches of its earlier batches stay, and their lines are told."""
    sent = _held(import_id)
    if sent is not None:
        sent.end(ImportState.FAILED, error=error)
        sent.save()
