"""Insert usagers, their proches, the organisations that know them, and two who can sign in."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

from rdv.accounts.models import Kind
from rdv.demo.names import BIRTH_NAMES, FIRST_NAMES, LAST_NAMES, STREETS, TOWNS
from rdv.demo.places import COMMUNE, OUTRE_MER, TERRITOIRES
from rdv.demo.structures import add_accounts
from rdv.demo.team import CITIZENS
from rdv.demo.world import address_part, mobile
from usagers.models import Origin, Rattachement, Referent, Usager

if TYPE_CHECKING:
    from rdv.demo.world import World

PROCHES_SHARE = 0.14
HOME_TOWN = {COMMUNE: "96900 Corvannes", OUTRE_MER: "97499 Saint-Expédit-les-Hauts"}


def add_usagers(world: World, password: str) -> None:
    numbers = count(1)
    for plan in TERRITOIRES:
        adults = round(plan.usagers * (1 - PROCHES_SHARE))
        rows = [_adult(world, plan.slug, next(numbers)) for _ in range(adults)]
        responsables = Usager.objects.bulk_create(rows)
        parents = [row for row in responsables if row.birth_date][::3]
        children = [
            _child(world, world.dice.choice(parents), next(numbers))
            for _ in range(plan.usagers - adults)
        ]
        world.usagers[plan.slug] = responsables + Usager.objects.bulk_create(children)
        _attach(world, plan.slug)
    _add_signed_in(world, password)


def _adult(world: World, territoire: str, number: int) -> Usager:
    dice = world.dice
    first_name, last_name = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    left = f"{address_part(first_name)}.{address_part(last_name)}{number}"
    return Usager(
        uuid=world.uuid("usager", number),
        territoire=world.territoires[territoire],
        first_name=first_name,
        last_name=last_name,
        birth_name=dice.choice(BIRTH_NAMES) if world.chance(0.15) else "",
        birth_date=_birth_date(world, 18, 88) if world.chance(0.8) else None,
        email=f"{left}@courriel.example" if world.chance(0.75) else None,
        phone_number=mobile(number) if world.chance(0.85) else "",
        address=_address(world, territoire) if world.chance(0.7) else "",
        notifies_by_email=world.chance(0.95),
        notifies_by_sms=world.chance(0.9),
        origin=Origin.SELF if world.chance(0.4) else Origin.AGENT,
    )


def _child(world: World, parent: Usager, number: int) -> Usager:
    return Usager(
        uuid=world.uuid("usager", number),
        territoire=parent.territoire,
        responsable=parent,
        first_name=world.dice.choice(FIRST_NAMES),
        last_name=parent.last_name,
        birth_date=_birth_date(world, 0, 15),
        origin=Origin.PROCHE,
    )


def _birth_date(world: World, youngest: int, oldest: int) -> date:
    days = world.dice.randrange(youngest * 365 + 30, oldest * 365 + 300)
    return world.today - timedelta(days=days)


def _address(world: World, territoire: str) -> str:
    dice = world.dice
    town = HOME_TOWN.get(territoire) or dice.choice(TOWNS)
    return f"{dice.randrange(1, 90)} {dice.choice(STREETS)}, {town}"


def _attach(world: World, territoire: str) -> None:
    """Each person is known by one or two organisations; proches by those of their responsable."""
    organisations = [o for o in world.organisations.values() if o.territoire.slug == territoire]
    known: dict[int, list[int]] = {}
    for usager in world.usagers[territoire]:
        if usager.responsable_id:
            known[usager.pk] = known[usager.responsable_id]
            continue
        wanted = min(len(organisations), 2 if world.chance(0.25) else 1)
        known[usager.pk] = [o.pk for o in world.dice.sample(organisations, wanted)]
    Rattachement.objects.bulk_create(
        Rattachement(usager_id=usager, organisation_id=organisation)
        for usager, several in known.items()
        for organisation in several
    )


def _add_signed_in(world: World, password: str) -> None:
    """Give an account to the first person of two territoires, under the names of the table."""
    accounts = add_accounts(world, Kind.USAGER, [c.email for c in CITIZENS], password)
    for citizen, account in zip(CITIZENS, accounts, strict=True):
        usager = world.usagers[citizen.territoire][0]
        usager.first_name, usager.last_name = citizen.first_name, citizen.last_name
        usager.email, usager.account, usager.birth_name = citizen.email, account, ""
        usager.origin = Origin.SELF
        usager.notifies_by_email = True
        usager.save()
        usager.proches.update(last_name=citizen.last_name)
        _give_referent(world, usager)


def _give_referent(world: World, usager: Usager) -> None:
    """The first agent who receives for a motif de suivi there, if any, follows the person."""
    for plage in world.plages:
        here = plage.organisation.territoire_id == usager.territoire_id
        if here and any(motif.is_follow_up for motif in world.plage_motifs[plage.pk]):
            Referent.objects.create(usager=usager, agent=plage.agent)
            Rattachement.objects.get_or_create(usager=usager, organisation=plage.organisation)
            return
