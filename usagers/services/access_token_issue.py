"""The secret of a message's link (decision 11)."""

from __future__ import annotations

import hashlib
import secrets
import string
from datetime import timedelta
from typing import TYPE_CHECKING

from usagers.models import AccessToken

if TYPE_CHECKING:
    from datetime import datetime

    from planning.models import Participation
    from usagers.models import Usager

# Letters and digits only: a link that ends with "-" or "_" is cut by many phones. 12 of 62 signs
# are 71 random bits, and short enough for an SMS.
_ALPHABET = string.ascii_letters + string.digits
SECRET_LENGTH = 12
READABLE_AFTER_END = timedelta(days=30)


def issue_access_token(*, participation: Participation, recipient: Usager, now: datetime) -> str:
    """Return a fresh secret for one message about `participation`, sent to `recipient`.

    Only its digest is kept. Earlier links stay valid; all end 30 days after the RDV.
    """
    secret = "".join(secrets.choice(_ALPHABET) for _ in range(SECRET_LENGTH))
    AccessToken.objects.create(
        digest=digest_of(secret),
        participation=participation,
        recipient=recipient,
        created_at=now,
        expires_at=max(participation.rdv.ends_at, now) + READABLE_AFTER_END,
    )
    return secret


def extend_access_tokens(*, rdv_id: int, ends_at: datetime) -> None:
    """Keep the links already sent about a RDV until 30 days after its new, later end."""
    until = ends_at + READABLE_AFTER_END
    rows = AccessToken.objects.filter(participation__rdv=rdv_id, expires_at__lt=until)
    rows.update(expires_at=until)


def digest_of(secret: str) -> str:
    """Return what is stored in place of a secret: enough bits make salt and stretching useless."""
    return hashlib.sha256(secret.encode()).hexdigest()
