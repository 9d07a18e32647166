"""How a person's name is written."""

from __future__ import annotations


def full_name(first_name: str, last_name: str, birth_name: str) -> str:
    """Return "Inès VALMONT (MARTIN)": the birth name only when it differs."""
    birth, last = birth_name.upper(), last_name.upper()
    return f"{first_name} {last} ({birth})" if birth and birth != last else f"{first_name} {last}"
