"""The public: people, their links, their bookings under way."""

from usagers.models.access_token import AccessToken
from usagers.models.booking_draft import BookingDraft
from usagers.models.contact_code import ContactCode, Purpose
from usagers.models.pending_identity import PendingIdentity
from usagers.models.prescripteur import Prescripteur
from usagers.models.referent import Referent
from usagers.models.social import MAX_CHILDREN, Caisse, FamilySituation, Language, Logement
from usagers.models.usager import Origin, Rattachement, Usager, UsagerQuerySet
from usagers.models.usager_import import ImportState, UsagerImport

__all__ = [
    "MAX_CHILDREN",
    "AccessToken",
    "BookingDraft",
    "Caisse",
    "ContactCode",
    "FamilySituation",
    "ImportState",
    "Language",
    "Logement",
    "Origin",
    "PendingIdentity",
    "Prescripteur",
    "Purpose",
    "Rattachement",
    "Referent",
    "Usager",
    "UsagerImport",
    "UsagerQuerySet",
]
