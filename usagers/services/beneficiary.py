"""The fiche of somebody whom a partner sends: found in the territoire, or created (decision 22).

What is found is never said, nor changed: whoever types a name learns nothing of who is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from rdv.common.text_keys import letters
from usagers.models import Origin, Rattachement, Usager

if TYPE_CHECKING:
    from agents.models import Organisation


@dataclass(frozen=True)
class Beneficiary:
    """As the partner typed them. `email` in lower case, `phone_number` in E.164, both or none."""

    first_name: str
    last_name: str
    phone_number: str = ""
    email: str = ""
    address: str = ""


def beneficiary_fiche(typed: Beneficiary, organisation: Organisation) -> Usager:
    """Return the living fiche of that name with that phone or e-mail, else a new one.

    Without any address the fiche is always new. A fiche that exists is left as it is, and becomes
    known by `organisation`. An e-mail that is another person's is kept in the notes: one fiche
    only may bear it.
    """
    usager = _known(typed, organisation)
    notes = ""
    if usager is None:
        usager, notes = _create(typed, organisation)
    Rattachement.objects.bulk_create(
        [Rattachement(usager=usager, organisation=organisation, notes=notes)],
        ignore_conflicts=True,
    )
    return usager


def _known(typed: Beneficiary, organisation: Organisation) -> Usager | None:
    reached = Q(pk__in=())
    if typed.phone_number:
        phone = typed.phone_number
        reached |= Q(phone_number=phone) | Q(responsable__phone_number=phone)
    if typed.email:
        reached |= Q(email=typed.email) | Q(responsable__email=typed.email)
    rows = Usager.objects.living().filter(reached, territoire=organisation.territoire_id)
    same = [usager for usager in rows.order_by("pk") if _is_named(usager, typed)]
    # The one whom most was told of: two fiches of one person may both be there.
    same.sort(key=lambda usager: usager.email != typed.email or not typed.email)
    return same[0] if same else None


def _is_named(usager: Usager, typed: Beneficiary) -> bool:
    last = letters(typed.last_name)
    names = {letters(usager.last_name), letters(usager.birth_name)} - {""}
    return letters(usager.first_name) == letters(typed.first_name) and last in names


def _create(typed: Beneficiary, organisation: Organisation) -> tuple[Usager, str]:
    """Return the fiche and what to note of it, in French: agents read it."""
    email, notes = typed.email, ""
    rows = Usager.objects.filter(territoire=organisation.territoire_id, email=email)
    if email and rows.exists():
        said = _("Adresse donnée par le prescripteur, déjà celle d’une autre fiche : %(email)s")
        email, notes = "", said % {"email": email}
    usager = Usager.objects.create(
        territoire_id=organisation.territoire_id,
        first_name=typed.first_name,
        last_name=typed.last_name,
        phone_number=typed.phone_number,
        email=email or None,
        address=typed.address,
        origin=Origin.PRESCRIPTEUR,
    )
    return usager, notes
