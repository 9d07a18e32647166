"""Insert territoires, organisations, lieux, motifs and teams."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from agents.models import (
    Agent,
    AgentService,
    DroitTerritoire,
    Invitation,
    Organisation,
    RoleOrganisation,
    Service,
    Territoire,
    TerritoireService,
)
from motifs.models import Lieu, Motif
from rdv.accounts.models import Account, Kind
from rdv.demo.logins import email_of
from rdv.demo.places import LIEUX, ORGANISATIONS, TERRITOIRES
from rdv.demo.reasons import MOTIFS
from rdv.demo.team import INACTIVE, INVITED, INVITED_IN, PASSWORD, TEAM, Member
from rdv.demo.world import address_part, landline

if TYPE_CHECKING:
    from rdv.demo.world import World

# What Django stores for nobody's password: it begins with "!".
NO_PASSWORD = "!"  # noqa: S105
SALT = "DemonstrationDemonstration"  # fixed: the same rows each time; long enough to be kept


def add_structures(world: World) -> None:
    world.services = {service.code: service for service in Service.objects.all()}
    _add_territoires(world)
    _add_organisations(world)
    _add_lieux(world)
    _add_motifs(world)


def _add_territoires(world: World) -> None:
    for number, plan in enumerate(TERRITOIRES):
        territoire = Territoire.objects.create(
            uuid=world.uuid("territoire", plan.slug),
            name=plan.name,
            slug=plan.slug,
            kind=plan.kind,
            departement_number=plan.departement_number,
            timezone=plan.timezone,
            holiday_zone=plan.holiday_zone,
            phone_number=landline(number + 1),
            email=f"contact@{plan.slug}.example",
            searches_across_organisations=plan.kind == "departement",
        )
        world.territoires[plan.slug] = territoire
        TerritoireService.objects.bulk_create(
            TerritoireService(territoire=territoire, service=world.services[code])
            for code in plan.services.split()
        )


def _add_organisations(world: World) -> None:
    rows = [
        Organisation(
            uuid=world.uuid("organisation", plan.slug),
            territoire=world.territoires[plan.territoire],
            name=plan.name,
            slug=plan.slug,
            kind=plan.kind,
            phone_number=landline(100 + number),
            email=f"{plan.slug}@{plan.territoire}.example",
            website=f"https://{plan.territoire}.example/{plan.slug}",
            opening_hours=plan.hours,
        )
        for number, plan in enumerate(ORGANISATIONS)
    ]
    world.organisations = {row.slug: row for row in Organisation.objects.bulk_create(rows)}


def _add_lieux(world: World) -> None:
    rows = [
        Lieu(
            uuid=world.uuid("lieu", f"{plan.organisation}/{plan.name}"),
            organisation=world.organisations[plan.organisation],
            name=plan.name,
            address=plan.address,
            latitude=plan.latitude,
            longitude=plan.longitude,
            phone_number=landline(200 + number),
        )
        for number, plan in enumerate(LIEUX)
    ]
    for row in Lieu.objects.bulk_create(rows):
        world.lieux.setdefault(row.organisation.slug, []).append(row)


def _add_motifs(world: World) -> None:
    rows = [
        Motif(
            uuid=world.uuid("motif", f"{slug}/{plan.name}/{plan.location}"),
            organisation=world.organisations[slug],
            service=world.services[plan.service],
            name=plan.name,
            duration_minutes=plan.minutes,
            location_type=plan.location,
            booking_level=plan.level,
            color=plan.color,
            **plan.options,
        )
        for plan in MOTIFS
        for slug in plan.organisations.split()
    ]
    for row in Motif.objects.bulk_create(rows):
        world.motifs.setdefault(row.organisation.slug, []).append(row)


def demo_password() -> str:
    """Return the stored form of the password: one hash, the same for every account."""
    return make_password(PASSWORD, salt=SALT)


def add_accounts(world: World, kind: str, emails: list[str], password: str) -> list[Account]:
    """Insert accounts whose address is verified, in the order of `emails`."""
    accounts = Account.objects.bulk_create(
        Account(kind=kind, email=email, login=f"{kind}:{email}", password=password)
        for email in emails
    )
    Account.objects.filter(kind=kind).update(created_at=world.founded_at)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=account, email=account.email, verified=True, primary=True)
        for account in accounts
    )
    return accounts


def add_team(world: World, password: str) -> None:
    signing_in = [member for member in TEAM if not member.is_intervenant]
    accounts = add_accounts(world, Kind.AGENT, [email_of(m) for m in signing_in], password)
    account_of = {account.email: account for account in accounts}
    rows = [
        Agent(
            uuid=world.uuid("agent", _key(member)),
            account=account_of.get(email_of(member)),
            first_name=member.first_name,
            last_name=member.last_name,
            phone_number=landline(300 + number),
        )
        for number, member in enumerate(TEAM)
    ]
    world.agents = {
        _key(member): agent
        for member, agent in zip(TEAM, Agent.objects.bulk_create(rows), strict=True)
    }
    for member, agent in team(world):
        if not member.is_intervenant:
            for slug, _ in member.levels:
                world.staff.setdefault(slug, []).append(agent)
    _add_rights(world)
    _add_sign_ins(world, accounts)
    _add_invitation(world)


def _add_sign_ins(world: World, accounts: list[Account]) -> None:
    """Everybody signed in today or yesterday, but one: « Inactif »."""
    for number, account in enumerate(accounts):
        away = 45 * 24 if account.email == INACTIVE else number % 30
        account.last_login = world.now - timedelta(hours=away + 1)
    Account.objects.bulk_update(accounts, ["last_login"])


def _add_invitation(world: World) -> None:
    """Somebody has not answered yet: « Invité »."""
    organisation = world.organisations[INVITED_IN]
    account = Account.objects.create(
        kind=Kind.AGENT, email=INVITED, email_is_proven=False, password=NO_PASSWORD
    )
    agent = Agent.objects.create(uuid=world.uuid("agent", INVITED), account=account)
    RoleOrganisation.objects.create(agent=agent, organisation=organisation)
    AgentService.objects.create(
        agent=agent, territoire=organisation.territoire, service=world.services["social"]
    )
    sent_at = world.now - timedelta(days=2)
    Invitation.objects.create(
        uuid=world.uuid("invitation", INVITED),
        agent=agent,
        territoire=organisation.territoire,
        email=INVITED,
        invited_by=organisation.roles.get(level="admin").agent,
        digest=hashlib.sha256(INVITED.encode()).hexdigest(),
        created_at=sent_at,
        sent_at=sent_at,
        expires_at=sent_at + timedelta(days=7),
    )


def _key(member: Member) -> str:
    return f"{address_part(member.first_name)}.{address_part(member.last_name)}"


def team(world: World) -> list[tuple[Member, Agent]]:
    return [(member, world.agents[_key(member)]) for member in TEAM]


def _add_rights(world: World) -> None:
    RoleOrganisation.objects.bulk_create(
        RoleOrganisation(agent=agent, organisation=world.organisations[slug], level=level)
        for member, agent in team(world)
        for slug, level in member.levels
    )
    AgentService.objects.bulk_create(
        AgentService(agent=agent, territoire=territoire, service=world.services[code])
        for member, agent in team(world)
        for territoire in _territoires(world, member)
        for code in member.services.split()
    )
    DroitTerritoire.objects.bulk_create(
        DroitTerritoire(
            agent=agent,
            territoire=world.territoires[member.territoire_admin],
            is_admin=True,
            manages_teams=True,
            manages_rights=True,
            invites_agents=True,
        )
        for member, agent in team(world)
        if member.territoire_admin
    )


def _territoires(world: World, member: Member) -> list[Territoire]:
    found = {world.organisations[slug].territoire for slug, _ in member.levels}
    return sorted(found, key=lambda territoire: territoire.pk)
