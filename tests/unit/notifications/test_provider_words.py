"""What providers answer, before agents and logs read it."""

import pytest

from notifications.channels.errors import without_personal_data
from rdv.common.storable import text_of
from rdv.settings.logging import scrub_person

# Read once for each of its letters it would take minutes: the test would not end.
ENDLESS = 300_000


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 lea@exemple.fr refused", "550 […] refused"),
        ("550 <lea@exemple.fr>: a@b@c", "550 […] […]"),
        ("@@lea@exemple.fr x", "[…] x"),
        ("to +33 6 12 34 56 78 and https://x.fr/r/abc", "to […] and […]"),
        ("a" * ENDLESS, "a" * ENDLESS),
    ],
)
def test_C07_an_address_is_masked_and_a_long_word_is_read_once(said, kept):
    assert without_personal_data(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("<lea.b+c@exemple.fr>, .a@b.fr", "<[email]>, [email]"),
        ("a" * ENDLESS, "a" * ENDLESS),
    ],
)
def test_logs_mask_addresses_and_read_a_long_word_once(said, kept):
    assert scrub_person(said) == kept


@pytest.mark.parametrize(
    ("value", "text"),
    [("a\0\ud800b", "ab"), (12, "12"), (1.5, "1.5")]
    + [(odd, "") for odd in (None, True, [], {}, ["x"])],
)
def test_what_is_neither_text_nor_number_says_nothing(value, text):
    assert text_of(value) == text
