"""What `manage.py migrate` and `check` say of settings that would fail in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register  # noqa: A004 - Django's name

from rdv.common.http_client import PRIVATE_ADDRESS, UnreachableError, public_address

if TYPE_CHECKING:
    from collections.abc import Sequence

NATIONAL_HOST = "data.geopf.fr"
HINT = "Set ADDRESS_API_PRIVATE=1 when this service is on your own network (docs/deployment.md)."


@register
def check_address_service(
    app_configs: Sequence[Any] | None,  # noqa: ARG001 - Django passes it
    **_options: Any,
) -> list[CheckMessage]:
    """Warn when the address service is refused: people would choose in a list of communes.

    Its name is looked up, but for the national service.
    """
    try:
        place = urlsplit(settings.ADDRESS_API_URL)
        host, port = place.hostname or "", place.port or 443
    except ValueError:
        return []
    open_to_all = settings.HTTP_CLIENT_ALLOWS_PRIVATE or settings.ADDRESS_API_PRIVATE
    if not host or host == NATIONAL_HOST or open_to_all:
        return []
    try:
        public_address(host, port)
    except UnreachableError as error:
        if str(error) == PRIVATE_ADDRESS:
            text = f"ADDRESS_API_URL is refused: {host} has a private address."
            return [Warning(text, hint=HINT, id="rdv.W001")]
    return []
