"""Where the files of exports are kept: `STORAGES["exports"]`, a folder or an object storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core.files import File
from django.core.files.storage import storages

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from django.core.files.storage import Storage

ALIAS = "exports"


def _storage() -> Storage:
    return storages[ALIAS]


def keep(path: Path, name: str) -> tuple[str, int]:
    """Copy a file into the storage; return its name there, and its size in bytes."""
    with path.open("rb") as file:
        return _storage().save(name, File(file)), path.stat().st_size


def open_kept(name: str) -> File[bytes] | None:
    """Return the file, to be read in pieces, or None when it is no longer there."""
    try:
        file = _storage().open(name)
        file.seek(0)  # an object storage asks for the object only now
    except FileNotFoundError:
        return None
    return cast("File[bytes]", file)


def remove(name: str) -> None:
    """Delete a file; nothing happens when it is no longer there."""
    _storage().delete(name)


def kept_before(*, before: datetime) -> list[str]:
    """Return the names of the files that were kept before that instant, in order."""
    storage = _storage()
    try:
        _folders, names = storage.listdir("")
    except FileNotFoundError:  # nothing was ever kept
        return []
    return sorted(name for name in names if storage.get_modified_time(name) < before)
