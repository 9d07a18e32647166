"""Print docs/permissions.md from the table of grants. `make docs` runs it; a test compares."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from agents.permissions import GRANTS, Permission, Reach, Role

REACHES = {
    Reach.OWN: ("own", "rows that bear one's name"),
    Reach.SERVICE: ("service", "and rows of one's services, in the organisation of the role"),
    Reach.ORGANISATION: ("organisation", "the whole organisation of the role"),
    Reach.TERRITOIRE: ("territoire", "every organisation of the territoire"),
}
HEADER = """# Permissions

Printed from `agents/permissions.py` by `make docs`; a test fails when it is stale. One line a
permission, one column a role; a cell says how far the grant goes, `–` that there is none.
"""
NOTES = """
How far:

{reaches}

Beside the table:

- `secretariat` is nobody's level: it is a `basique` agent whose services of the territoire hold
  the secretariat. They open plages (`motif:open`) for the motifs of their services and for those
  marked for the secretariat.
- An agent of a RDV reads, changes and cancels it whatever its service. A RDV that one may not read
  in an agenda that one sees is shown as « occupé » (decision 8).
- An indisponibilité belongs to its agent, not to an organisation: whoever may touch the agent with
  that permission may touch it. Its title is for its agent and those who may edit it (E13).
- An usager reads, changes and cancels the RDVs of their family, the link of a message its own RDV,
  except those of an invisible motif; rules say until when.
- An intervenant never signs in and super-administrators use the technical administration: neither
  has a column.
- Answers: 404 to whoever may not read the row, 403 to whoever reads it but may not do this,
  the sign-in page to whoever is not signed in (decision 14).
- Tests: `tests/permissions/test_rows.py` (permission × person × row) and `url_matrix.py`
  (URL × person × method) are literal; a URL that is missing from the second fails.
"""


def document() -> str:
    """Return the Markdown text of docs/permissions.md."""
    roles = list(Role)
    lines = [
        f"| Permission | {' | '.join(roles)} |",
        f"|---|{'---|' * len(roles)}",
        *(f"| `{permission}` | {_cells(permission)} |" for permission in Permission),
    ]
    reaches = "\n".join(f"- **{name}**: {meaning}." for name, meaning in REACHES.values())
    table = "\n".join(lines)
    return f"{HEADER}\n{table}\n{NOTES.format(reaches=reaches)}"


def _cells(permission: Permission) -> str:
    reaches = (GRANTS[role].get(permission) for role in Role)
    return " | ".join(REACHES[reach][0] if reach else "–" for reach in reaches)


class Command(BaseCommand):
    help = "Print docs/permissions.md."

    def handle(self, *_args: object, **_options: object) -> None:
        self.stdout.write(document(), ending="")


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 (without settings nor servers: make docs)
