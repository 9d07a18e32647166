"""From a message kind and its context to texts. `templates/notifications/<kind>/<channel>`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from notifications import sms_text
from notifications.branding import site_name
from notifications.models import Channel, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SUBJECT_LENGTH = 250
MOST_SEGMENTS = 2


def email(
    kind: str,
    context: Mapping[str, object],
    *,
    language: str = settings.LANGUAGE_CODE,
    **columns: Any,
) -> OutboxMessage:
    """Return an unsaved e-mail in `language`: subject on one line, text, HTML twin."""
    context = {"site_name": site_name(columns.get("organisation")), **context}
    with translation.override(language):
        subject = " ".join(_render(kind, "subject.txt", context).split())
        return OutboxMessage(
            kind=kind,
            channel=Channel.EMAIL,
            subject=subject[:SUBJECT_LENGTH],
            body=_tidy(_render(kind, "email.txt", context)),
            html=_render(kind, "email.html", context),
            **columns,
        )


def sms(
    kind: str,
    context: Mapping[str, object],
    *,
    place: str,
    phone: str,
    language: str = settings.LANGUAGE_CODE,
    **columns: Any,
) -> OutboxMessage:
    """Return an unsaved SMS: one segment when it can be, else two, never more (C02).

    The phone number is said when it costs no segment; a very long place is cut.
    """
    context = {"site_name": site_name(columns.get("organisation")), **context}
    with translation.override(language):
        text = _fit(kind, context, place, phone)
    return OutboxMessage(
        kind=kind, channel=Channel.SMS, body=text, sms_segments=sms_text.segments(text), **columns
    )


def sms_of_several(
    kind: str,
    contexts: Iterable[Mapping[str, object]],
    *,
    phone: str,
    language: str = settings.LANGUAGE_CODE,
    **columns: Any,
) -> OutboxMessage:
    """Return an unsaved SMS: the first of `contexts` that takes two segments, else the last.

    They say less and less. The phone number is said when it costs no segment.
    """

    def written(context: Mapping[str, object], phone: str) -> str:
        text = _render(kind, "sms.txt", {**named, **context, "phone": phone})
        return sms_text.fold(_tidy(text).strip())

    text, named = "", {"site_name": site_name(columns.get("organisation"))}
    with translation.override(language):
        for context in contexts:
            text, whole = written(context, ""), written(context, phone)
            if sms_text.segments(whole) == sms_text.segments(text):
                text = whole
            if sms_text.segments(text) <= MOST_SEGMENTS:
                break
    return OutboxMessage(
        kind=kind, channel=Channel.SMS, body=text, sms_segments=sms_text.segments(text), **columns
    )


def _fit(kind: str, context: Mapping[str, object], place: str, phone: str) -> str:
    def written(place: str, phone: str) -> str:
        text = _render(kind, "sms.txt", {**context, "place": place, "phone": phone})
        return sms_text.fold(_tidy(text).strip())

    whole = written(place, phone)
    if sms_text.segments(whole) == 1:
        return whole
    shortest = written(place, "")
    if sms_text.segments(shortest) > 1 and sms_text.segments(whole) <= MOST_SEGMENTS:
        return whole
    if sms_text.segments(shortest) <= MOST_SEGMENTS:
        return shortest
    room = MOST_SEGMENTS * sms_text.PART - sms_text.septets(written("", "")) - 2
    return written(sms_text.shorten(sms_text.fold(place), room), "")


def _render(kind: str, name: str, context: Mapping[str, object]) -> str:
    text: str = render_to_string(
        f"notifications/{kind}/{name}", {"site_name": settings.SITE_NAME, **context}
    )
    return text


def _tidy(text: str) -> str:
    """Remove the holes that template tags leave."""
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
