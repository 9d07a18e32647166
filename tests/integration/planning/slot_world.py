"""What the tests of « Trouver un RDV » share: a page that is read, and what it offers."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

FORM = re.compile(
    r'<form method="post" action="(?P<action>[^"]*)">(?P<inner>.*?)</form>', re.DOTALL
)
HIDDEN = re.compile(r'name="(?P<name>\w+)" value="(?P<value>[^"]*)"')


def url_of(cast: Any) -> str:
    return reverse("planning:slot_search", args=[cast.organisation.uuid])


class SlotPage:
    """A page of « Trouver un RDV », as somebody of the cast receives it."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.context = response.context
        html = response.content.decode()
        self.text = " ".join(html.split())
        self.words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
        self.forms = []
        self.forms_action = ""
        for found in FORM.finditer(html):
            if "starts_at" in found["inner"]:
                self.forms.append(dict(HIDDEN.findall(found["inner"])))
                self.forms_action = found["action"]

    @property
    def view(self) -> str:
        return self.context.get("view", "")

    @property
    def agents(self) -> set[str]:
        return {form["agent"] for form in self.forms}

    @property
    def lacks(self) -> list[str]:
        return [reason.lack.value for reason in self.context["reasons"]]


def read(client: Any, cast: Any, who: str = "owner", **criteria: Any) -> SlotPage:
    cast.sign_in(client, who)
    response = client.get(url_of(cast), criteria or {"motif": str(cast.motif.uuid)})
    assert response.status_code == 200
    return SlotPage(response)
