"""What a session keeps of the provider of identity that opened it, for whoever ends it."""

from __future__ import annotations

# The ID token: the provider asks for it when its own session is ended.
SESSION_ID_TOKEN = "oidc_id_token"  # noqa: S105
# The same, in the empty session of somebody who is leaving a shared computer.
SESSION_LEAVING = "oidc_leaving"
