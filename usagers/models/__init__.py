"""The public: people, their links, their bookings under way."""

from usagers.models.access_token import AccessToken
from usagers.models.booking_draft import BookingDraft
from usagers.models.prescripteur import Prescripteur
from usagers.models.usager import Origin, Rattachement, Usager, UsagerQuerySet

__all__ = [
    "AccessToken",
    "BookingDraft",
    "Origin",
    "Prescripteur",
    "Rattachement",
    "Usager",
    "UsagerQuerySet",
]
