"""Why « Trouver un RDV » finds nothing: the reasons, in the order in which they are looked for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Lack(StrEnum):
    NOBODY_CHOSEN = "nobody_chosen"  # the agents and équipes chosen are nobody
    LIEU_CLOSED = "lieu_closed"  # those chosen, or those of every plage
    # A motif de suivi, for somebody who is known:
    NO_REFERENT = "no_referent"  # nobody at work follows them
    NO_COMMON_REFERENT = "no_common_referent"  # of all those who come together
    REFERENTS_UNSEEN = "referents_unseen"  # one sees none of their agendas here
    OTHERS_CHOSEN = "others_chosen"  # the agents chosen are not their référents
    REFERENTS_WITHOUT_PLAGE = "referents_without_plage"
    NO_AGENT = "no_agent"  # of the motif's service, in the organisation
    NO_PLAGE = "no_plage"  # for this motif, of anybody whose agenda one sees
    PLAGES_OVER = "plages_over"
    PLAGES_LATER = "plages_later"  # they begin after the six months
    AGENTS_WITHOUT_PLAGE = "agents_without_plage"  # the chosen ones; others have some
    LIEUX_WITHOUT_PLAGE = "lieux_without_plage"
    TOO_SHORT = "too_short"  # the plages, for the motif
    HOLIDAYS = "holidays"
    ABSENT = "absent"
    FULL = "full"
    ABSENT_OR_FULL = "absent_or_full"


@dataclass(frozen=True)
class Reason:
    """`names`: the agents or the lieux that it is about. `day`: when plages end or begin."""

    lack: Lack
    names: tuple[str, ...] = ()
    day: date | None = None
