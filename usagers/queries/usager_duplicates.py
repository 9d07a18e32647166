"""Fiches that are probably the person about to be created (F01, F05): shown before saving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from usagers.policies import usagers_bookable
from usagers.queries.usager_search import (
    FoundUsager,
    any_names_condition,
    found_usager,
    names_condition,
    names_query,
    with_vector,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from agents.models import Organisation
    from agents.permissions import Actor
    from usagers.models import Usager

MOST = 5


@dataclass(frozen=True)
class Identity:
    """What was typed of a new person; `email` in lower case, `phone_number` in E.164.

    Nothing is looked for by names while one of them is missing.
    """

    first_name: str
    last_name: str
    birth_date: date | None = None
    email: str = ""
    phone_number: str = ""


@dataclass(frozen=True)
class Duplicate:
    """`is_blocking`: the same e-mail, which only one fiche of the territoire may bear (F05)."""

    person: FoundUsager
    reasons: tuple[str, ...]
    is_blocking: bool = False


def likely_duplicates(
    identity: Identity, *, actor: Actor | None, organisation: Organisation
) -> list[Duplicate]:
    """Return fiches of the same name (unless born another day), phone or e-mail; two statements.

    Never outside what `actor` may book for; masked where the search would mask.
    """
    rows: QuerySet[Any] = with_vector(usagers_bookable(actor, organisation))
    condition = _same_name(identity)
    if identity.phone_number:
        condition |= Q(phone_number=identity.phone_number)
    if identity.email:
        condition |= Q(email=identity.email)
    found = rows.filter(condition).select_related("responsable")
    found = found.order_by("-is_known", "search_key", "pk")[:MOST]
    return [_duplicate(row, identity) for row in found]


def first_duplicates(
    identities: Mapping[int, Identity], *, actor: Actor | None, organisation: Organisation
) -> dict[int, Duplicate]:
    """Return the first of `likely_duplicates` of each identity that has one; two statements.

    For the lines of a file: the keys are the caller's.
    """
    condition = Q(
        phone_number__in={one.phone_number for one in identities.values() if one.phone_number}
    ) | Q(email__in={one.email for one in identities.values() if one.email})
    queries = [names_query(name, whole=True) for one in identities.values() if (name := _name(one))]
    if any(queries):
        condition |= any_names_condition(queries)
    rows: QuerySet[Any] = with_vector(usagers_bookable(actor, organisation)).filter(condition)
    rows = rows.select_related("responsable").order_by("-is_known", "search_key", "pk")
    asked = {key: (one, frozenset(words_of(_name(one)))) for key, one in identities.items()}
    found: dict[int, Duplicate] = {}
    for row in rows:
        words = set(words_of(row.search_key))
        for key, (identity, names) in asked.items():
            if key not in found and _is_like(row, identity, names, words):
                found[key] = _duplicate(row, identity)
    return found


def _is_like(row: Any, identity: Identity, name: frozenset[str], words: set[str]) -> bool:
    """Tell in memory what `likely_duplicates` asks the database."""
    if identity.email and row.email == identity.email:
        return True
    if identity.phone_number and str(row.phone_number) == identity.phone_number:
        return True
    if not name or not name <= words:
        return False
    same_day = row.birth_date in (None, identity.birth_date)
    return same_day or not identity.birth_date or not row.is_known


def _name(identity: Identity) -> str:
    """Return what names are looked for by: nothing while one is missing."""
    if not words_of(identity.last_name) or not words_of(identity.first_name):
        return ""
    return f"{identity.last_name} {identity.first_name}"


def _duplicate(row: Any, identity: Identity) -> Duplicate:
    return Duplicate(
        found_usager(row),
        _reasons(row, identity),
        is_blocking=bool(identity.email) and row.email == identity.email,
    )


def fiche_of_email(
    email: str, *, actor: Actor | None, organisation: Organisation
) -> Duplicate | None:
    """Return the fiche that bears this address, when `actor` may book for it."""
    found = likely_duplicates(Identity("", "", email=email), actor=actor, organisation=organisation)
    return found[0] if email and found else None


def sharing_phone(
    usager: Usager, *, actor: Actor | None, organisation: Organisation
) -> list[FoundUsager]:
    """Return who else of the territoire has the phone of `usager`, outside their family."""
    if not usager.phone_number:
        return []
    head = usager.responsable_id or usager.pk
    rows = usagers_bookable(actor, organisation).filter(phone_number=usager.phone_number)
    others = rows.exclude(pk__in=(usager.pk, head)).exclude(responsable=head)
    found = others.select_related("responsable").order_by("-is_known", "search_key", "pk")
    return [found_usager(row) for row in found[:MOST]]


def _same_name(identity: Identity) -> Q:
    if not _name(identity):
        return Q(pk__in=())
    condition = names_condition(_name(identity), whole=True)
    if identity.birth_date:
        # Masked ones stay whatever was typed: their year of birth must not be guessed this way.
        condition &= Q(is_known=False) | Q(birth_date=None) | Q(birth_date=identity.birth_date)
    return condition


def _words(identity: Identity) -> list[str]:
    return words_of(f"{identity.last_name} {identity.first_name}")


def _reasons(row: Usager, identity: Identity) -> tuple[str, ...]:
    """Return why, in words. They repeat what was typed, never what the mask hides."""
    reasons = []
    words = _words(identity)
    if words and set(words) <= set(words_of(row.search_key)):
        known: bool = row.is_known  # type: ignore[attr-defined]
        same_day = known and identity.birth_date and row.birth_date == identity.birth_date
        reasons.append(_("même nom et même date de naissance") if same_day else _("même nom"))
    if identity.email and row.email == identity.email:
        reasons.append(_("même adresse e-mail"))
    if identity.phone_number and str(row.phone_number) == identity.phone_number:
        reasons.append(_("même téléphone"))
    return tuple(reasons)
