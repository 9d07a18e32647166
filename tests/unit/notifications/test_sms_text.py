"""Letters and length of an SMS (C02)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import sms_text

GSM = set(sms_text._BASIC) | set(sms_text._EXTENDED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ça dépend du maïs", "Ca dépend du mais"),
        ("sœur à l'île", "soeur à l'ile"),
        ("À bientôt, Élodin", "A bientot, Élodin"),
        ("Maison de l’Œuvre – Arras…", "Maison de l'OEuvre - Arras..."),
        ("« Les Mimosas »", '"Les Mimosas"'),
        ("10 h 30\u202fmin", "10 h 30 min"),
        ("Ÿ ÿ Ł", "Y y "),
        ("Point info ✨👪 n° 3", "Point info  no 3"),
        ("10 € [rez-de-chaussée]", "10 € [rez-de-chaussée]"),
        ("e\u0301cole", "école"),
    ],
)
def test_C02_folded_to_gsm7(text, expected):
    assert sms_text.fold(text) == expected


@given(st.text())
def test_C02_nothing_leaves_the_alphabet(text):
    folded = sms_text.fold(text)
    assert set(folded) <= GSM
    assert sms_text.fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # 153 is odd: an escape pair never straddles two parts, so each holds 76 of them.
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("a\n" * 80, 1),
    ],
)
def test_C02_segments(text, expected):
    assert sms_text.segments(text) == expected


@given(st.text(alphabet=sorted(GSM)), st.integers(min_value=3, max_value=80))
def test_C02_shortened_text_fits(text, limit):
    short = sms_text.shorten(text, limit)
    assert sms_text.septets(short) <= limit
    assert short == text or short.endswith("...")
