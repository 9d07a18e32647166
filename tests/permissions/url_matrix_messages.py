"""The lines of the matrix for the messages: sending again, addresses, and what providers call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notifications.models import Failure, State
from notifications.signatures import report_signature
from tests.factories import BlockedAddressFactory, OutboxMessageFactory
from tests.factories.planning import NOW
from tests.permissions.url_matrix import ADMINS, BROAD, EVERYBODY, Row

if TYPE_CHECKING:
    from tests.cast import Cast


def lost_message(cast: Cast) -> list[Any]:
    """The confirmation of the cast's RDV, which did not arrive."""
    participation = cast.rdv.participations.get()
    cast.usager.email = "lea@exemple.fr"
    cast.usager.save()
    message = OutboxMessageFactory(
        kind="rdv_created",
        rdv=cast.rdv,
        participation=participation,
        state=State.FAILED,
        closed_at=NOW,
        failure=Failure.UNREACHABLE,
    )
    return [cast.rdv.uuid, message.uuid]


def blocked_usager(cast: Cast) -> list[Any]:
    cast.usager.email = "lea@exemple.fr"
    cast.usager.save()
    return [cast.organisation.uuid, cast.usager.uuid, BlockedAddressFactory().uuid]


def blocked_agent(cast: Cast) -> list[Any]:
    return [cast.owner.uuid, BlockedAddressFactory(address=cast.owner.email).uuid]


def signed_sms(_cast: Cast) -> list[Any]:
    message = OutboxMessageFactory(sms=True)
    return ["smsmode", message.uuid, report_signature(message.uuid)]


MATRIX: dict[str, Row] = {
    "planning:message_resend": Row(args=lost_message, post={302: BROAD}),
    # Admins of the organisation; the others know the organisation, and may not do this.
    "planning:blocked_address_clear": Row(
        args=blocked_usager,
        post={302: ADMINS, 403: "owner same_service other_service secretary"},
    ),
    "agents:blocked_address_clear": Row(args=blocked_agent, post={302: "territoire_admin"}),
    # Providers sign in with nothing but what they know: see test_mail_events, test_sms_gateways.
    "notifications:mail_events": Row(args=lambda _: ["brevo"], post={404: EVERYBODY}),
    "planning:mail_replies": Row(args=lambda _: ["brevo"], post={404: EVERYBODY}),
    "notifications:sms_report": Row(args=signed_sms, post={400: EVERYBODY}),
}
