"""From an identity of ProConnect to the account of an agent (decision 21).

(issuer, sub) is what links. The address does, once: the first time, for an agent who was invited
or is active under it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.permissions import AgentActor
from agents.queries.invitation import invitation_of_email
from agents.services.audit_write import record_of_agent
from agents.services.invitation_accept import Identity, accept_invitation
from rdv.accounts.models import Kind
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from rdv.accounts.models import Account


class ProConnectUnknown(DomainError):  # noqa: N818 - refusals are named for what is refused
    """No agent has this address: somebody must invite it."""


class ProConnectClosed(DomainError):  # noqa: N818
    """The agent was deactivated."""


class ProConnectOther(DomainError):  # noqa: N818
    """The account of this address is another identity's."""


@dataclass(frozen=True)
class ProConnectIdentity:
    """What the verified claims say; `email` in lower case, names "" when they were not given."""

    issuer: str
    sub: str
    email: str
    first_name: str = ""
    last_name: str = ""


def login_by_proconnect(*, identity: ProConnectIdentity, now: datetime) -> Account:
    """Return whose identity this is, their names brought up to date.

    The first sign-in of an invited agent accepts their invitation.
    Raises ProConnectUnknown, ProConnectClosed, ProConnectOther, or InvalidRow for an invited agent
    whose names are missing: then nothing is written.
    """
    try:
        with transaction.atomic():
            return _login(identity, now)
    except IntegrityError:
        # The same person in two tabs, both for the first time: the other one has just written it.
        with transaction.atomic():
            return _login(identity, now)


def unlink_proconnect(*, account: Account, now: datetime) -> None:
    """Forget the identity: the next sign-in by ProConnect links again, by the address."""
    with transaction.atomic():
        found, _rows = SocialAccount.objects.filter(user=account).delete()
        if found:
            _trace("agent_proconnect_unlinked", account.agent, now)


def _login(identity: ProConnectIdentity, now: datetime) -> Account:
    known = SocialAccount.objects.filter(provider=identity.issuer, uid=identity.sub).first()
    agent = _of_account(known.user_id) if known else _of_address(identity.email)
    if _is_closed(agent):
        successor = _agents().filter(account__email=identity.email, deactivated_at=None).first()
        if known is None or successor is None or _is_closed(successor):
            raise ProConnectClosed(_("Ce compte d’agent n’est plus actif."))
        # Invited again after they had left: their identity follows them to the new account.
        known.delete()
        known, agent = None, successor
    if known is None:
        _link(agent, identity, now)
    _rename(agent, identity)
    if agent.is_invited:
        _accept(agent, now)
    account: Account = agent.account  # type: ignore[assignment]
    return account


def _is_closed(agent: Agent) -> bool:
    return agent.deactivated_at is not None or not agent.account.is_active  # type: ignore[union-attr]


def _of_account(account_id: int) -> Agent:
    return _agents().get(account_id=account_id)


def _of_address(email: str) -> Agent:
    """Return the agent of an address; an usager's account of the same address is not one (G08)."""
    agent = _agents().filter(account__email=email).first()
    if agent is None or not email:
        raise ProConnectUnknown(_("Aucun agent n’a cette adresse."))
    return agent


def _agents() -> QuerySet[Agent]:
    rows = Agent.objects.select_related("account").select_for_update(of=("self",), no_key=True)
    return rows.filter(account__kind=Kind.AGENT)


def _link(agent: Agent, identity: ProConnectIdentity, now: datetime) -> None:
    if SocialAccount.objects.filter(user=agent.account, provider=identity.issuer).exists():
        raise ProConnectOther(_("Ce compte est lié à une autre identité ProConnect."))
    SocialAccount.objects.create(
        user=agent.account, provider=identity.issuer, uid=identity.sub, extra_data={}
    )
    _trace("agent_proconnect_linked", agent, now)


def _accept(agent: Agent, now: datetime) -> None:
    """Accept the invitation that made the account, if still open; else nobody is expected.

    Those of other territoires wait for their own yes, in their own mail (decision 16).
    """
    invitation = invitation_of_email(agent.email, now=now)
    if invitation is None:
        raise ProConnectUnknown(_("Aucune invitation n’est ouverte à cette adresse."))
    name = Identity(first_name=agent.first_name, last_name=agent.last_name)
    accept_invitation(invitation_id=invitation.pk, identity=name, now=now)
    agent.refresh_from_db()


def _rename(agent: Agent, identity: ProConnectIdentity) -> None:
    given = {"first_name": identity.first_name, "last_name": identity.last_name}
    changed = {name: value for name, value in given.items() if value}
    if any(getattr(agent, name) != value for name, value in changed.items()):
        for name, value in changed.items():
            setattr(agent, name, value)
        agent.save(update_fields=list(changed))


def _trace(action: str, agent: Agent, now: datetime) -> None:
    record_of_agent(action, agent, actor=AgentActor(agent_id=agent.pk), now=now)
