"""What an export is called, how long it lives, and when it is refused (H01, decision 33). Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

RDV = "rdv"
PARTICIPATIONS = "participations"
XLSX = "xlsx"
CSV = "csv"

FILE_KEPT = timedelta(hours=24)
ROW_KEPT = timedelta(days=14)
# Asked for and not finished, of one agent: the others wait in the queue for nothing.
MOST_WAITING = 10
# A worksheet of Excel ends at 1,048,576 rows.
MOST_IN_XLSX = 1_000_000
PAGE = 500
# Renewed with each page: who does not say that they live for so long is dead.
LEASE = timedelta(minutes=5)
# The whole file is on its way to the storage: no page renews the lease meanwhile.
LEASE_TO_STORE = timedelta(minutes=15)
MOST_TRIES = 3
AUTHOR_KEPT = timedelta(days=365)
AUTHOR_ERASED = "Effacé au bout d’un an (RGPD)"

_ADULT = 18
_POST_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")

TOO_MANY_ROWS = (
    "Un classeur Excel ne tient pas plus de 1 000 000 de lignes. "
    "Choisissez le format CSV, ou une période plus courte."
)
RIGHT_LOST = "Vous n’avez plus le droit d’exporter les RDV de cette organisation."
INTERRUPTED = "La préparation du fichier s’est interrompue plusieurs fois."
UNEXPECTED = "Une erreur s’est produite pendant la préparation du fichier."


def file_name(kind: str, file_format: str, *, day: date, organisation_id: int) -> str:
    """Return the name under which the file is downloaded.

    Systems of départements read the day and the six digits by their position
    (admin-integrations §7.4); `day` is that of the request, in the territoire.
    """
    if kind == PARTICIPATIONS:
        return f"export-rdvs-user-{day:%Y-%m-%d}.{file_format}"
    return f"export-rdv-{day:%Y-%m-%d}-org-{organisation_id:06}.{file_format}"


def refusal_of_size(file_format: str, rows: int) -> str | None:
    """Return why so many rows do not fit the format, in French, or None."""
    return TOO_MANY_ROWS if file_format == XLSX and rows > MOST_IN_XLSX else None


def percentage(done: int, total: int | None) -> int:
    """Return 0 to 100; 100 only when everything is written."""
    return min(done * 100 // total, 100) if total else 0


def is_minor(birth_date: date | None, *, today: date) -> bool:
    """Tell whether somebody is under 18; an unknown date is an adult's."""
    if birth_date is None:
        return False
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (not had_birthday) < _ADULT


def post_code_of(post_code: str, address: str) -> str:
    """Return the post code of a fiche, else the last group of five digits of its address."""
    found = _POST_CODE.findall(address)
    return post_code or (found[-1] if found else "")
