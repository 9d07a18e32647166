"""What is stored in place of the secret of a link: enough random bits make salt useless."""

from __future__ import annotations

import hashlib


def link_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
