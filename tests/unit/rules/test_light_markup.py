"""I08: what administrators write is printed, never run."""

import pytest

from agents.models import LegalKind
from agents.rules.legal_texts import Publisher, default_text
from agents.rules.light_markup import BlockKind, Span, blocks_of, spans_of


def test_I08_titles_lists_and_paragraphs():
    text = "## Qui\r\nUn mot\r\nou deux.\n- un\n- deux\n\n### Suite\n\nFin."
    blocks = blocks_of(text)
    assert [(block.kind, len(block.lines)) for block in blocks] == [
        (BlockKind.TITLE, 1),
        (BlockKind.PARAGRAPH, 1),
        (BlockKind.LIST, 2),
        (BlockKind.SUBTITLE, 1),
        (BlockKind.PARAGRAPH, 1),
    ]
    assert blocks[1].lines == ((Span("Un mot ou deux."),),)


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("Voir [la CNIL](https://www.cnil.fr/fr) et dpo@ville.fr.", 2),
        ("[ici](/accessibilite/)", 1),
        ("[x](javascript:alert(1))", 0),
        ("[x](data:text/html,<script>)", 0),
        ('[x](https://a.fr" onclick="x)', 0),
        ("<a href='https://a.fr'>x</a>", 0),
        ("[" * 5_000 + "x" * 5_000, 0),
    ],
)
def test_I08_a_link_leads_to_a_site_or_a_mailbox_only(line, links):
    urls = [span.url for span in spans_of(line) if span.url]
    assert len(urls) == links
    assert all(url.startswith(("https://", "mailto:", "/")) for url in urls)
    assert "".join(span.words for span in spans_of(line)) if not links else True


def test_I08_a_link_never_leaves_the_site_unseen():
    assert spans_of("[x](//mechant.fr/)") == (Span("x", "/mechant.fr/"),)


@pytest.mark.parametrize("kind", LegalKind.values)
def test_I08_the_default_texts_name_the_site_and_leave_no_gap(kind):
    publisher = Publisher("RDV Test", "https://rdv.test", contact="aide@rdv.test")
    text = default_text(kind, publisher)
    assert "aide@rdv.test" in text
    assert not {" : \n", "None", "{", "}"} & {
        text[i : i + n] for n in (1, 4) for i in range(len(text))
    }
    assert any(block.kind == BlockKind.TITLE for block in blocks_of(text))
    assert "Écrivez au service public" in default_text(kind, Publisher("RDV", "https://rdv.test"))
