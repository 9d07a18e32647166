"""Issue 5: what every form refuses, whatever its fields."""

import pytest
from django import forms

from planning.forms.rdv_status import ArrivalForm
from rdv.common.forms import DateInput, DsfrForm


class AnyForm(DsfrForm):
    name = forms.CharField()
    note = forms.CharField(widget=forms.Textarea(), required=False)
    day = forms.DateField(widget=DateInput())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["added"] = forms.CharField(required=False)


GOOD = {"name": "Zoé 👩‍👩‍👧 O’Neil", "note": "Une ligne,\r\nune autre.\tFin", "day": "2027-01-11"}


def test_issue_5_what_people_type_passes():
    assert AnyForm({**GOOD, "day": "1900-01-01"}).is_valid()
    assert AnyForm({**GOOD, "day": "2199-12-31"}).is_valid()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("day", "0001-01-01"),
        ("day", "9999-12-31"),
        ("name", "Objet\r\nBcc: x@exemple.fr"),
        ("name", "a\x1bb"),
        ("note", "a\x00b"),
        ("note", "a\x07b"),
        ("added", "a\x85b"),
    ],
)
def test_issue_5_what_nobody_types_is_refused_beside_its_field(field, typed):
    form = AnyForm({**GOOD, field: typed})
    assert list(form.errors) == [field]
    assert len(AnyForm({**GOOD, field: typed}).errors[field]) == 1


def test_issue_5_a_long_way_back_does_not_refuse_the_form():
    """The list of RDVs, filtered by many agents, has an address of a thousand signs."""
    form = ArrivalForm({"here": "1", "next": "/liste/?" + "agent=x&" * 100})
    assert form.is_valid()
    assert form.cleaned_data["next"].startswith("/liste/")
    other = ArrivalForm({"here": "1", "next": "https://exemple.fr/"})
    assert other.is_valid()
    assert other.cleaned_data["next"] == ""
