"""What every change of the staff begins with: the place is held, the actor's right read in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agents.models import Agent, DroitTerritoire, Level, RoleOrganisation, Service
from agents.permissions import AgentActor, Permission
from agents.policies import organisations_for
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from agents.models import Organisation, Territoire
    from agents.permissions import Actor


class StaffRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The actor may not do that to this agent, here."""


def lock_organisations(
    actor: Actor | None, permission: Permission, uuids: Iterable[UUID], territoire: Territoire
) -> list[Organisation]:
    """Hold organisations of one territoire where `actor` has `permission`, in order of key.

    Raises StaffRefused when one of them is not theirs: nothing is done for the others.
    """
    wanted = set(uuids)
    rows = organisations_for(actor, permission).filter(territoire=territoire, uuid__in=wanted)
    found = list(
        rows.select_for_update(of=("self",), no_key=True)
        .select_related("territoire")
        .order_by("pk")
    )
    if not wanted or len(found) != len(wanted):
        raise StaffRefused(_("Vous ne pouvez pas agir dans une de ces organisations."))
    return found


def lock_organisation(
    actor: Actor | None, permission: Permission, organisation_id: int
) -> Organisation:
    """Hold one organisation where `actor` has `permission`. Raises StaffRefused."""
    rows = organisations_for(actor, permission).filter(pk=organisation_id)
    found = rows.select_for_update(of=("self",), no_key=True).select_related("territoire").first()
    if found is None:
        raise StaffRefused(_("Vous ne pouvez pas agir dans cette organisation."))
    return found


def lock_role(agent_id: int, organisation: Organisation) -> RoleOrganisation:
    """Return the role of an active agent in a place that is held. Raises StaffRefused."""
    rows = RoleOrganisation.objects.select_for_update(of=("self", "agent"), no_key=True)
    found = (
        rows.select_related("agent", "organisation")
        .filter(agent=agent_id, agent__deactivated_at=None, organisation=organisation)
        .first()
    )
    if found is None:
        raise StaffRefused(_("Cet agent ne travaille plus dans cette organisation."))
    return found


def is_oneself(actor: Actor | None, agent_id: int) -> bool:
    return isinstance(actor, AgentActor) and actor.agent_id == agent_id


def may_give_admin(actor: Actor | None, organisation: Organisation) -> bool:
    """Whoever edits agents there makes admins; a right to invite alone does not (§2, note 6)."""
    return organisations_for(actor, Permission.AGENT_EDIT).filter(pk=organisation.pk).exists()


def keep_an_admin(role: RoleOrganisation) -> None:
    """Refuse that the last admin leaves an organisation that is held. Raises StaffRefused.

    Somebody who never accepted their invitation does not count, unless they are the one who leaves.
    """
    if role.level != Level.ADMIN:
        return
    others = RoleOrganisation.objects.filter(
        organisation=role.organisation_id, level=Level.ADMIN, agent__deactivated_at=None
    ).exclude(agent=role.agent_id)
    if not role.agent.is_invited:
        others = others.filter(agent__account__email_is_proven=True)
    if not others.exists():
        raise StaffRefused(
            _("%(organisation)s garde au moins un administrateur : nommez-en un autre d’abord.")
            % {"organisation": role.organisation.name}
        )


def keep_an_admin_of(territoire: Territoire, agent: Agent) -> None:
    """Refuse that the last admin of a territoire that is held leaves. Raises StaffRefused."""
    others = DroitTerritoire.objects.filter(
        territoire=territoire, is_admin=True, agent__deactivated_at=None
    ).exclude(agent=agent)
    if not agent.is_invited:
        others = others.filter(agent__account__email_is_proven=True)
    if not others.exists():
        raise StaffRefused(
            _("%(territoire)s garde au moins un administrateur : nommez-en un autre d’abord.")
            % {"territoire": territoire.name}
        )


def services_of(territoire: Territoire, codes: Iterable[str]) -> list[Service]:
    """Return active services of the territoire by code. Raises InvalidRow: `services`."""
    wanted = set(codes)
    rows = Service.objects.filter(territoire_services__territoire=territoire, code__in=wanted)
    found = list(rows)
    if not wanted:
        raise InvalidRow({"services": [_("Cochez au moins un service.")]})
    if len(found) != len(wanted):
        raise InvalidRow({"services": [_("Un des services n’est pas actif dans ce territoire.")]})
    return found
