"""Who must have a second factor: admins of a territoire that requires it (G08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from agents.models import Agent, DroitTerritoire, RoleOrganisation, Territoire
from agents.permissions import AgentActor
from rdv.accounts.second_factor import accounts_with_second_factor, has_second_factor

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.permissions import Actor


def must_have_second_factor(account_id: int) -> bool:
    return DroitTerritoire.objects.filter(
        agent__account_id=account_id, is_admin=True, territoire__requires_two_factor=True
    ).exists()


def admins_without_second_factor(territoire: Territoire) -> QuerySet[Agent]:
    """Return the admins who are, or would be, shut out until they set one up."""
    admins = Agent.objects.active().filter(
        droits__territoire=territoire, droits__is_admin=True, account__isnull=False
    )
    without = admins.exclude(account_id__in=accounts_with_second_factor())
    return without.select_related("account")


def refusal_to_forget(agent: Agent, actor: Actor | None) -> str:
    """Return why `actor` may not drop the second factors of `agent`, in French; "" when they may.

    An agent of two territoires is as safe as the stricter one wants: who does not administer both
    weakens neither. Roles in archived organisations count, since these can be brought back.
    """
    if not isinstance(actor, AgentActor) or actor.agent_id == agent.pk:
        return _("Votre propre double authentification se change dans « Mon compte ».")
    if agent.account_id is None or not has_second_factor(agent.account_id):
        return _("Cet agent n’a pas de double authentification.")
    roles = RoleOrganisation.objects.filter(agent=agent)
    rights = DroitTerritoire.objects.filter(agent=agent)
    places = Territoire.objects.filter(
        Exists(roles.filter(organisation__territoire=OuterRef("pk")))
        | Exists(rights.filter(territoire=OuterRef("pk")))
    )
    administered = DroitTerritoire.objects.filter(agent=actor.agent_id, is_admin=True)
    if places.exclude(pk__in=administered.values("territoire")).exists():
        return _(
            "Cet agent travaille aussi dans un territoire que vous n’administrez pas : seul le "
            "support de la plateforme peut effacer sa double authentification."
        )
    return ""
