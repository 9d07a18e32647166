"""Whether the public may book now, or when it may again (G11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from motifs.rules.suspension import Suspension, suspension_on
from rdv.common.french import day_text
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import datetime

    from motifs.models import Motif


def suspension_of(motif: Motif, *, now: datetime) -> Suspension | None:
    """Return what closes the motif to the public now, that of its organisation included."""
    organisation = motif.organisation
    today = local_day(now, organisation.territoire.zone)
    return suspension_on(today, motif, organisation)


def suspension_text(suspension: Suspension) -> str:
    """Say when booking reopens, in the language of who reads; the message is not in it."""
    text = _("La réservation en ligne est suspendue. Elle reprend le %(day)s.")
    return text % {"day": day_text(suspension.until)}
