"""The address to prove, when FranceConnect gave none or another is wanted (A04)."""

from __future__ import annotations

from rdv.common.forms import DsfrForm
from usagers.forms.booking_identity import AddressField


class FranceConnectAddressForm(DsfrForm):
    email = AddressField()
