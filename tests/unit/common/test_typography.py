"""French pages never cut a line before « : » or in « 13 h 30 »; what is copied stays as is."""

import pytest
from django.http import FileResponse, HttpResponse
from django.utils import translation

from rdv.common.typography import unbroken_page, unbroken_text
from rdv.middleware import FrenchSpacesMiddleware
from rdv.settings import base


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Étape 5 sur 6 : un motif", "Étape 5 sur 6~: un motif"),
        ("Annuler ce RDV ?", "Annuler ce RDV~?"),
        ("« Modifier » ; oui !", "«~Modifier~»~; oui~!"),
        ("de 9 h à 13 h 30, 50 %", "de 9~h à 13~h~30, 50~%"),
        ("le 24/11 à 9 h 300 rue", "le 24/11 à 9~h 300 rue"),
        ("12 habitants, a: b", "12 habitants, a: b"),
        ("Voir https://rdv.fr/a?b=c : ici", "Voir https://rdv.fr/a?b=c : ici"),
        ("« https://rdv.fr/ » ou non ?", "« https://rdv.fr/ » ou non~?"),
    ],
)
def test_I02_french_spaces(typed, shown):
    assert unbroken_text(typed) == shown.replace("~", "\u00a0")


def test_I02_what_is_copied_or_sent_back_stays_letter_for_letter():
    kept = (
        "<code>a : b</code>",
        "<pre>\n9 h 30 ?\n</pre>",
        "<script>x ? y : z</script>",
        '<textarea name="note">Quand ?\n9 h 30</textarea>',
        '<input value="Bonjour !">',
        '<option value="a : b">',
        '<button name="choix" value="9 h 30">',
    )
    html = "<p>Quand ?</p>".join(["", *kept, ""])
    assert unbroken_page(html) == html.replace("Quand ?</p>", "Quand\u00a0?</p>")
    label = unbroken_page('<a title="Voir : 9 h 30" href="/x?a=b">Voir</a>')
    assert label == '<a title="Voir\u00a0: 9\u00a0h\u00a030" href="/x?a=b">Voir</a>'


def answered(response, language="fr"):
    with translation.override(language):
        return FrenchSpacesMiddleware(lambda _request: response)(None)


def test_I02_pages_in_french_only():
    page = "<p>Quand ?</p>"
    assert answered(HttpResponse(page)).text == "<p>Quand\u00a0?</p>"
    assert answered(HttpResponse(page), "en").text == page
    assert answered(HttpResponse(page, content_type="text/plain")).text == page
    file = HttpResponse(page, headers={"Content-Disposition": "attachment"})
    assert answered(file).text == page
    sent = answered(FileResponse([page.encode()], content_type="text/html"))
    assert b"".join(sent.streaming_content) == page.encode()
    assert "rdv.middleware.FrenchSpacesMiddleware" in base.MIDDLEWARE
