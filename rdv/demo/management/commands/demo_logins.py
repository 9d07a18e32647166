"""Print who can sign in to the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand

from rdv.demo.logins import demo_logins


class Command(BaseCommand):
    help = "Print role, e-mail and password of the demonstration's logins."

    def handle(self, *_args: Any, **_options: Any) -> None:
        rows = demo_logins()
        role, email = (max(len(getattr(row, name)) for row in rows) for name in ("role", "email"))
        for row in rows:
            self.stdout.write(f"{row.role:<{role}}  {row.email:<{email}}  {row.password}")
