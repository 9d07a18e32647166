"""Production's static files: hashed names, and brotli and gzip twins of what pages link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitenoise.storage import CompressedManifestStaticFilesStorage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Asked under its own name, by the towns' pages (docs/adr/0019).
UNHASHED = "js/integration-v1.js"
# DSFR comes whole and in pieces; our pages link these.
DSFR = "dsfr/dist/"
LINKED = (
    "dsfr/dist/dsfr/dsfr.main.",
    "dsfr/dist/dsfr/dsfr.module.",
    "dsfr/dist/dsfr/dsfr.nomodule.",
    "dsfr/dist/artwork/",
    "dsfr/dist/favicon/",
    "dsfr/dist/icons/",
)


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Compresses what is asked for: all of it, twice, would take a minute of brotli."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        hashed = set(self.hashed_files.values())
        return super().compress_files(path for path in paths if is_asked(path, hashed))


def is_asked(path: str, hashed: set[str]) -> bool:
    if path not in hashed:
        return path == UNHASHED
    return path.startswith(LINKED) if path.startswith(DSFR) else not path.endswith(".map")
