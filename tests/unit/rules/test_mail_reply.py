"""Replies: what the person wrote, and what nobody wrote (requirements C07, spec §5.9)."""

import pytest

from planning.rules.mail_reply import MOST_LETTERS, answer_of, is_automatic

ANSWER = "Bonjour,\nje serai en retard de 10 minutes.\n\nMerci"


@pytest.mark.parametrize(
    "quote",
    [
        "Le lun. 23 nov. 2026 à 10:12, RDV <rdv@exemple.fr> a écrit :\n> Votre RDV",
        "Le lun. 23 nov. 2026 à 10:12, RDV Service Public <rdv@exemple.fr>\na écrit :\n> Votre RDV",
        "On Mon, Nov 23, 2026 at 10:12 AM RDV <rdv@exemple.fr> wrote:\n> Votre RDV",
        "-----Message d'origine-----\nDe : RDV\nVotre RDV",
        "________________________________\nDe : RDV <rdv@exemple.fr>\nEnvoyé : lundi",
        "De : RDV <rdv@exemple.fr>\nEnvoyé : lundi 23 novembre 2026\nVotre RDV",
        "> Votre RDV du 24\n> à 10 h 30",
        "",
    ],
)
def test_quotes_are_cut(quote):
    assert answer_of(f"{ANSWER}\r\n\r\n\n\n{quote}") == ANSWER


def test_a_mail_that_is_all_quote_is_kept_whole():
    assert answer_of("> Je ne viendrai pas") == "> Je ne viendrai pas"


def test_ordinary_sentences_are_no_quotes():
    text = "Le lundi me convient mieux.\nOn se voit au CCAS ?\nDemain, c’est possible"
    assert answer_of(text) == text


def test_a_very_long_answer_is_shortened():
    assert len(answer_of("a" * 100_000)) == MOST_LETTERS + len("\n[…]")


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({"auto-submitted": "auto-replied"}, "lea@exemple.fr"),
        ({"auto-submitted": "Auto-Generated; owner-email=x"}, "lea@exemple.fr"),
        ({"precedence": "Bulk"}, "lea@exemple.fr"),
        ({"return-path": "<>"}, "lea@exemple.fr"),
        ({"x-auto-response-suppress": "All"}, "lea@exemple.fr"),
        ({"list-id": "<voisins.exemple.fr>"}, "lea@exemple.fr"),
        ({}, "MAILER-DAEMON@exemple.fr"),
    ],
)
def test_machines_are_recognised(headers, sender):
    assert is_automatic(headers, sender)


def test_people_are_not_machines():
    headers = {"auto-submitted": "no", "precedence": "first-class", "return-path": "<lea@x.fr>"}
    assert not is_automatic(headers, "lea@exemple.fr")
