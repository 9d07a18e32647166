"""Open a new organisation in a territoire (G05): who creates it is its first admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify

from agents.models import Level, Organisation, RoleOrganisation
from agents.models.organisation import RESERVED_SLUGS
from agents.permissions import AgentActor, Permission
from agents.services.audit_write import record_change
from agents.services.territoire_lock import lock_territoire
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Territoire
    from agents.permissions import Actor

SLUG_LENGTH = 80


@transaction.atomic
def create_organisation(
    *, territoire_id: int, name: str, kind: str, actor: Actor | None, now: datetime
) -> Organisation:
    """Add an organisation; the agent becomes its admin. Raises TerritoireRefused, InvalidRow."""
    territoire = lock_territoire(actor, Permission.ORGANISATION_CREATE, territoire_id)
    assert isinstance(actor, AgentActor)
    organisation = add_organisation(territoire, name=name, kind=kind)
    RoleOrganisation.objects.create(
        agent_id=actor.agent_id, organisation=organisation, level=Level.ADMIN
    )
    record_change(
        action="organisation_created",
        object_kind="organisation",
        object_uuid=organisation.uuid,
        organisation_id=organisation.pk,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
        detail={"kind": kind},
    )
    return organisation


def add_organisation(
    territoire: Territoire, *, name: str, kind: str, **columns: object
) -> Organisation:
    """Insert the row under a public address of its own. Raises InvalidRow."""
    organisation = Organisation(
        territoire=territoire, name=name, kind=kind, slug=free_slug(Organisation, name), **columns
    )
    save_checked(organisation)
    return organisation


def free_slug(model: type[Organisation | Territoire], name: str) -> str:
    """Return a public address that nobody has: that of the name, then with a number."""
    base = slugify(name)[: SLUG_LENGTH - 5].strip("-") or "rendez-vous"
    taken = set(model._base_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    taken.update(RESERVED_SLUGS)
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug
