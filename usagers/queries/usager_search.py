"""Find a person by what they say: first letters of a name, phone in any format, e-mail (E05).

Who is not known by the organisation comes after, masked, at most four in all (planning §10.2). For
them, phone and e-mail must be complete: a search by prefix would tell what the mask hides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, Q, Value, When

from rdv.common.phones import national, parse_phone
from rdv.common.text_keys import fold, words
from usagers.policies import usagers_bookable
from usagers.rules.masking import masked_birth_date, masked_email, masked_phone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from agents.models import Organisation
    from agents.permissions import Actor
    from usagers.models import Usager

MOST = 10
FEW = 4  # with fewer own people than this, the rest of the territoire is searched
SHORTEST = 2
SHORTEST_PHONE = 4
CURLY = "’"
_LETTERS = re.compile(rf"[^\w{CURLY}-]")
# Numbering plans of rdv.common.phones: a leading 0 may stand for any of them.
_PLANS = ("+33", "+590", "+594", "+596", "+262", "+508", "+687", "+689", "+681")


@dataclass(frozen=True)
class FoundUsager:
    """What may be printed of a person. `is_masked`: only the name is in full."""

    uuid: UUID
    name: str
    birth: str
    phone: str
    email: str
    responsable: str
    is_masked: bool


@dataclass(frozen=True)
class Wanted:
    """Conditions, tried in order until there are enough rows; `others` for the masked."""

    own: tuple[Q, ...]
    others: tuple[Q, ...]
    key: str = ""


def search_usagers(
    text: str, *, actor: Actor | None, organisation: Organisation, without: Collection[int] = ()
) -> list[FoundUsager]:
    """Return those of the organisation first, then the masked ones; at most six statements."""
    wanted = wanted_by(text)
    if wanted is None:
        return []
    rows = usagers_bookable(actor, organisation).exclude(pk__in=without)
    own = _first(rows.filter(is_known=True), wanted.own, wanted.key, MOST)
    found = [in_full(usager) for usager in own]
    if len(found) < FEW and organisation.territoire.searches_across_organisations:
        others = rows.filter(is_known=False)
        found += [
            masked(row) for row in _first(others, wanted.others, wanted.key, FEW - len(found))
        ]
    return found


def in_full(usager: Usager) -> FoundUsager:
    """Return the coordinates; those of the responsable stand for a proche's."""
    phone, email = usager.to_notify.phone_number, usager.to_notify.email
    return FoundUsager(
        uuid=usager.uuid,
        name=usager.full_name,
        birth=f"{usager.birth_date:%d/%m/%Y}" if usager.birth_date else "",
        phone=national(str(phone)) if phone else "",
        email=email or "",
        responsable=usager.responsable.full_name if usager.responsable else "",
        is_masked=False,
    )


def masked(usager: Usager) -> FoundUsager:
    phone = usager.phone_number
    return FoundUsager(
        uuid=usager.uuid,
        name=usager.full_name,
        birth=masked_birth_date(usager.birth_date),
        phone=masked_phone(national(str(phone))) if phone else "",
        email=masked_email(usager.email),
        responsable="",
        is_masked=True,
    )


def found_usager(usager: Usager) -> FoundUsager:
    """Return the person as a row of `usagers_bookable` may be shown."""
    return in_full(usager) if usager.is_known else masked(usager)  # type: ignore[attr-defined]


def names_condition(text: str, *, whole: bool = False) -> Q:
    """Return the condition: each word of the text begins (`whole`: is) a word of the names."""
    return any_names_condition([names_query(text, whole=whole)])


def any_names_condition(queries: Iterable[str]) -> Q:
    """Return the condition of one of these `names_query`."""
    query = " | ".join(f"({query})" for query in queries if query)
    return Q(vector=SearchQuery(query, config="simple", search_type="raw"))


def names_query(text: str, *, whole: bool = False) -> str:
    """Return what PostgreSQL looks for: each word of the text begins (`whole`: is) a word.

    The left side of the condition is the expression of the index `usager_search`. Where the
    database takes the curly apostrophe for a letter, « d’alembert » is one word of the index: it is
    looked for as such too.
    """
    ending = "" if whole else ":*"
    terms = []
    for piece in fold(text).replace("'", CURLY).split():
        parts = " & ".join(f"{word}{ending}" for word in words_of(piece))
        if parts:
            elided = [piece] if CURLY in piece else [f"d{CURLY}{piece}", f"l{CURLY}{piece}"]
            joined = [_LETTERS.sub("", word) for word in elided]
            terms.append(" | ".join([f"({parts})", *(f"'{word}'{ending}" for word in joined)]))
    return " & ".join(f"({term})" for term in terms)


def words_of(text: str) -> list[str]:
    return words(text)


def with_vector(rows: QuerySet[Usager]) -> QuerySet[Usager]:
    return rows.annotate(vector=SearchVector("search_key", config="simple"))


def wanted_by(text: str) -> Wanted | None:
    """Return the conditions of what was typed, None when it is too short to look for."""
    typed = text.strip()
    if "@" in typed:
        address = typed.lower()
        return Wanted((Q(email__startswith=address),), (Q(email=address),))
    if re.fullmatch(r"[\d\s.+()/-]+", typed):
        return _wanted_phone(typed)
    words = words_of(typed)
    if sum(map(len, words)) < SHORTEST:
        return None
    names = names_condition(typed)
    own = (names,) if len(words) > 1 else (names, Q(email__startswith=typed.lower()))
    return Wanted(own, (names,), " ".join(words))


def _wanted_phone(typed: str) -> Wanted | None:
    digits = re.sub(r"[^\d+]", "", typed.replace("(0)", ""))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if len(digits) < SHORTEST_PHONE:
        return None
    begins = [f"{plan}{digits[1:]}" for plan in _PLANS] if digits.startswith("0") else [digits]
    own = Q()
    for begin in begins:
        own |= Q(phone_number__startswith=begin) | Q(responsable__phone_number__startswith=begin)
    whole = parse_phone(typed)
    return Wanted((own,), (Q(phone_number=whole),) if whole else ())


def _first(rows: QuerySet[Usager], conditions: tuple[Q, ...], key: str, most: int) -> list[Usager]:
    found: list[Usager] = []
    rows = with_vector(rows).select_related("responsable")
    # Last names before first names: the key begins with the last name.
    rank = Case(When(search_key__startswith=key, then=Value(0)), default=Value(1))
    for condition in conditions:
        if len(found) < most:
            new = rows.filter(condition).exclude(pk__in=[row.pk for row in found])
            found += new.order_by(rank, "search_key", "pk")[: most - len(found)]
    return found


@dataclass(frozen=True)
class Family:
    """A responsable whom the organisation knows, and their proches who are not chosen yet."""

    responsable: FoundUsager
    proches: tuple[FoundUsager, ...]


def proches_of(
    people: Iterable[Usager],
    *,
    actor: Actor | None,
    organisation: Organisation,
    without: Collection[int] = (),
) -> list[Family]:
    """Return the families of the responsables among `people`; three statements."""
    heads = [row for row in people if row.responsable_id is None and row.is_known]  # type: ignore[attr-defined]
    rows = usagers_bookable(actor, organisation).filter(responsable__in=heads)
    proches = rows.exclude(pk__in=without).select_related("responsable")
    by_head: dict[int, list[FoundUsager]] = {head.pk: [] for head in heads}
    for row in proches.order_by("first_name", "pk"):
        by_head[row.responsable_id].append(found_usager(row))
    return [Family(in_full(head), tuple(by_head[head.pk])) for head in heads]
