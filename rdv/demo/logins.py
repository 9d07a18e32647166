"""Who can sign in to the demonstration."""

from __future__ import annotations

from rdv.demo.team import CITIZENS, PASSWORD, TEAM, Login, Member
from rdv.demo.world import address_part


def email_of(member: Member) -> str:
    """Return "prenom.nom@…", or nothing for an intervenant."""
    if member.is_intervenant:
        return ""
    left = f"{address_part(member.first_name)}.{address_part(member.last_name)}"
    return f"{left}@{member.domain}"


def demo_logins() -> list[Login]:
    """Return the logins to show, agents first."""
    agents = [Login(m.shown, email_of(m), PASSWORD) for m in TEAM if m.shown]
    return agents + [Login(c.shown, c.email, PASSWORD) for c in CITIZENS]
