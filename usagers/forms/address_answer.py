"""What is answered to « where do you live? »: sectors, or what to ask next (G15, docs/adr/0020).

The address is read from the body of a POST, asked of the national service, and forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core import signing

from agents.queries.address_sectors import (
    communes_of,
    sectors_of_address,
    sectors_of_commune,
    sectors_word,
)
from rdv.common.addresses import AddressesUnavailable, find_addresses
from rdv.common.rate_limits import TooManyAttempts
from usagers.forms.booking_address import ELSEWHERE, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from agents.models import Territoire
    from rdv.common.addresses import Address
    from usagers.forms.booking_address import (
        AddressForms,
        BookingAddressForm,
        CandidateForm,
        CommuneForm,
    )

REFUSED, TOO_MANY = 422, 429
_SALT = "booking-address"
_AN_HOUR = 3600


@dataclass(frozen=True)
class AddressAnswer:
    """`word`: the sectors as a URL names them, once they are known; else what the page asks."""

    word: str = ""
    form: BookingAddressForm | None = None
    candidates: CandidateForm | None = None
    communes: CommuneForm | None = None
    is_down: bool = False
    status: int = 200

    def context(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "candidates": self.candidates,
            "communes": self.communes,
            "is_down": self.is_down,
        }


class AddressQuestion:
    """Reads the posts of the page. `counts` raises TooManyAttempts; `forms` says "vous" or not."""

    def __init__(
        self, territoire: Territoire, *, counts: Callable[[], object], forms: AddressForms = PUBLIC
    ) -> None:
        self.territoire, self.counts, self.forms = territoire, counts, forms

    def blank(self, address: str = "") -> AddressAnswer:
        return AddressAnswer(form=self.forms.address(initial={"address": address}))

    def answer(self, data: Mapping[str, str]) -> AddressAnswer:
        """Return what a post leads to: an address, one of those found for it, or a commune."""
        if "commune" in data:
            return self._commune(data)
        if "typed" in data:
            return self._candidate(data)
        return self._typed(data)

    def settled(self, address: str) -> str:
        """Return the sectors of an address that leaves no doubt, or "". Never raises."""
        try:
            self.counts()
            words = self._words(find_addresses(address))
        except (TooManyAttempts, AddressesUnavailable):
            return ""
        return words.pop() if len(words) == 1 else ""

    def _typed(self, data: Mapping[str, str]) -> AddressAnswer:
        form = self.forms.address(data)
        if not form.is_valid():
            return AddressAnswer(form=form, status=REFUSED)
        try:
            self.counts()
            found = find_addresses(form.cleaned_data["address"])
        except TooManyAttempts as refusal:
            form.add_error(None, refusal.message)
            return AddressAnswer(form=form, status=TOO_MANY)
        except AddressesUnavailable:
            return AddressAnswer(communes=self._communes(), is_down=True)
        if not found:
            form.add_error("address", self.forms.not_found)
            return AddressAnswer(form=form, communes=self._communes(), status=REFUSED)
        words = self._words(found)
        if len(words) == 1:
            return AddressAnswer(word=words.pop())
        first = {"typed": form.cleaned_data["address"]}
        return AddressAnswer(
            candidates=self.forms.candidate(initial=first, candidates=_choices(found))
        )

    def _candidate(self, data: Mapping[str, str]) -> AddressAnswer:
        try:
            city_code, street_code = signing.loads(
                data.get("candidate", ""), salt=_SALT, max_age=_AN_HOUR
            )
        except (signing.BadSignature, ValueError):
            return self._again(data)
        sectors = sectors_of_address(self.territoire, city_code, street_code)
        return AddressAnswer(word=sectors_word(sectors))

    def _again(self, data: Mapping[str, str]) -> AddressAnswer:
        """Nothing was chosen, or too long ago: the same addresses, with what is at fault."""
        answer = self._typed({"address": data["typed"]})
        if answer.candidates is None:
            return answer
        choices = answer.candidates.fields["candidate"].choices  # type: ignore[attr-defined]
        candidates = self.forms.candidate(data, candidates=choices)
        candidates.is_valid()
        return AddressAnswer(candidates=candidates, status=REFUSED)

    def _commune(self, data: Mapping[str, str]) -> AddressAnswer:
        form = self.forms.commune(data, communes=communes_of(self.territoire))
        if not form.is_valid():
            return AddressAnswer(communes=form, status=REFUSED)
        code = form.cleaned_data["commune"]
        sectors = [] if code == ELSEWHERE else sectors_of_commune(self.territoire, code)
        return AddressAnswer(word=sectors_word(sectors))

    def _communes(self) -> CommuneForm:
        return self.forms.commune(communes=communes_of(self.territoire))

    def _words(self, found: Sequence[Address]) -> set[str]:
        return {
            sectors_word(sectors_of_address(self.territoire, one.city_code, one.street_code))
            for one in found
        }


def _choices(found: Sequence[Address]) -> list[tuple[str, str]]:
    return [
        (signing.dumps([one.city_code, one.street_code], salt=_SALT), one.label) for one in found
    ]
