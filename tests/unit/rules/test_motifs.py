"""A01, G07, G12: colours, delays, what may change, why a motif is not bookable."""

from __future__ import annotations

import pytest

from motifs.rules.bookable import Openings, Sessions, reasons_not_bookable
from motifs.rules.colors import PALETTE, contrast_with_white, is_readable
from motifs.rules.delays import DELAYS, delay_words
from motifs.rules.edition import refusal_to_change_kind, refusal_to_go_online

GOOD = {
    "is_open_online": True,
    "is_collective": False,
    "sessions": Sessions(to_come=False, in_time=False, with_seats=False),
    "is_follow_up": False,
    "is_invisible": False,
    "has_contact": True,
    "requires_lieu": True,
    "has_open_lieu": True,
    "openings": Openings(2, 2, 1, 1, 1),
}


def test_I02_white_text_reads_on_every_colour_of_the_palette():
    assert [color for color, _name in PALETTE if not is_readable(color)] == []


def test_I02_contrast_is_that_of_wcag():
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert not is_readable("#FFFF00")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        *DELAYS,
        (45, "45 minutes"),
        (1501, "1 jour 1 heure 1 minute"),
        (2880 + 150, "2 jours 2 heures 30 minutes"),
    ],
)
def test_G07_delays_in_words(minutes, words):
    assert delay_words(minutes) == words


def test_G07_type_frozen_once_a_rdv_exists():
    kinds = {"old": ("sur_place", False), "new": ("visio", False)}
    assert refusal_to_change_kind(has_rdv=True, **kinds)
    assert refusal_to_change_kind(has_rdv=False, **kinds) is None
    assert refusal_to_change_kind(has_rdv=True, old=kinds["old"], new=kinds["old"]) is None


@pytest.mark.parametrize(
    ("is_open_online", "has_contact", "refused"),
    [(True, False, True), (True, True, False), (False, False, False)],
)
def test_G12_online_needs_a_contact(is_open_online, has_contact, refused):
    refusal = refusal_to_go_online(is_open_online=is_open_online, has_contact=has_contact)
    assert bool(refusal) is refused


def test_A01_bookable_motif_has_no_reason():
    assert reasons_not_bookable(**GOOD) == []


@pytest.mark.parametrize(
    ("change", "fix"),
    [
        ({"is_open_online": False}, "motif"),
        ({"is_collective": True}, "sessions"),
        ({"is_follow_up": True}, "motif"),
        ({"is_invisible": True}, "motif"),
        ({"openings": Openings(1, 1, 1, 1, 0)}, "motif"),
        ({"has_contact": False}, "organisation"),
        ({"has_open_lieu": False, "openings": Openings(1, 1, 0, 0, 0)}, "lieux"),
        ({"openings": Openings(0, 0, 0, 0, 0)}, "plages"),
        ({"openings": Openings(1, 0, 0, 0, 0)}, "plages"),
        ({"openings": Openings(1, 1, 0, 0, 0)}, "lieux"),
        ({"openings": Openings(1, 1, 1, 0, 0)}, "plages"),
    ],
)
def test_A01_each_reason_says_where_to_put_it_right(change, fix):
    reasons = reasons_not_bookable(**{**GOOD, **change})
    assert fix in {reason.fix for reason in reasons}
    assert all(reason.message.endswith(".") for reason in reasons)


def test_A01_a_motif_without_lieu_needs_no_open_lieu():
    changed = {"requires_lieu": False, "has_open_lieu": False}
    assert reasons_not_bookable(**{**GOOD, **changed}) == []
