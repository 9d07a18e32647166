"""Who holds a créneau: only the digest of their key is written (decision 19)."""

import hashlib


def holder_digest(visitor: str) -> str:
    """Return what `SlotHold.holder` stores; "" for a visitor without a key, who holds nothing."""
    return hashlib.sha256(visitor.encode()).hexdigest() if visitor else ""
