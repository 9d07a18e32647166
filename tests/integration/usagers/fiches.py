"""What the tests of the fiches share."""

from __future__ import annotations

from django.urls import reverse

from tests.factories import UsagerFactory


def url(name, cast, *usagers):
    return reverse(name, args=[cast.organisation.uuid, *(row.uuid for row in usagers)])


def person(cast, **values):
    """Somebody whom the organisation knows, without account."""
    values = {"organisations": [cast.organisation], "email": None, "phone_number": ""} | values
    return UsagerFactory(territoire=cast.territoire, **values)


def stranger(cast, **values):
    """Somebody of the territoire whom another organisation alone knows."""
    return person(cast, organisations=[cast.elsewhere_organisation], **values)
