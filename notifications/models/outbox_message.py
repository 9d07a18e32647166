from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from notifications.models.failure import ADVICE, Failure
from rdv.common.constraints import choices_constraint, optional_choices_constraint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Self


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class State(models.TextChoices):
    QUEUED = "queued", _("en attente")
    SENDING = "sending", _("en cours d’envoi")
    SENT = "sent", _("envoyé")
    FAILED = "failed", _("échec")
    ABANDONED = "abandoned", _("abandonné")
    GROUPED = "grouped", _("dit dans un message groupé")


PENDING = ("queued", "sending")
TOPIC = ("kind", "channel", "recipient", "rdv_id", "participation_id")
LINK_FORGOTTEN = "[lien personnel effacé]"


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def unsent(self) -> Self:
        """What waits to leave, alone or in a grouped message.

        What is under way is left alone: nobody knows whether the provider has it.
        """
        grouped = Q(state=State.GROUPED, grouped_in__state=State.QUEUED)
        return self.filter(Q(state=State.QUEUED) | grouped)

    def written_or_unsent(self, messages: Sequence[OutboxMessage]) -> Self:
        """The rows of `messages` themselves, and all those that wait about the same RDVs."""
        rdvs = {message.rdv_id for message in messages} - {None}
        participations = {message.participation_id for message in messages} - {None}
        about = Q(rdv__in=rdvs) | Q(participation__in=participations)
        ours = Q(uuid__in=[message.uuid for message in messages])
        grouped = Q(state=State.GROUPED, grouped_in__state=State.QUEUED)
        return self.filter(ours | about & (Q(state=State.QUEUED) | grouped))

    def due(self, now: datetime) -> Self:
        """Messages to send now: queued ones, and those whose sender died (lease over)."""
        return self.filter(
            Q(state=State.QUEUED, available_at__lte=now)
            | Q(state=State.SENDING, lease_until__lte=now)
        )


class OutboxMessage(models.Model):
    """Something that leaves the house, written in the transaction of the fact (docs/adr/0007).

    Texts are rendered when the fact happens. `dedup_key` says what must be said once only. The
    `uuid` travels to the provider as Message-ID or idempotency key (decision 32). Nothing leaves
    after `expires_at` (the start of the RDV). Bodies and recipients are erased after six months.

    One act that changes several RDVs of a person sends one message for all (E10). What would have
    been said of each RDV is a row too, its part, kept `grouped_in` the one that leaves: it is what
    the page of the RDV shows, and what leaves on its own when the whole no longer can.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("message"), max_length=40)
    channel = models.CharField(_("canal"), max_length=10, choices=Channel)
    dedup_key = models.CharField(_("clé d’unicité"), max_length=200, unique=True)
    recipient = models.CharField(_("destinataire"), max_length=254)
    recipient_name = models.CharField(_("nom du destinataire"), max_length=200, blank=True)
    reply_to = models.EmailField(_("répondre à"), blank=True)
    subject = models.CharField(_("objet"), max_length=250, blank=True)
    body = models.TextField(_("texte"))
    html = models.TextField(_("page"), blank=True)
    ics = models.TextField(_("calendrier"), blank=True)
    # The personal links of the texts above, one a line: blanked from them, and emptied, once the
    # message has left or never will (decision 11).
    secret_link = models.TextField(_("lien personnel"), blank=True)
    ics_method = models.CharField(_("méthode du calendrier"), max_length=10, blank=True)
    sms_segments = models.PositiveSmallIntegerField(_("segments SMS"), null=True, blank=True)
    rdv = models.ForeignKey(
        "planning.Rdv", on_delete=models.SET_NULL, related_name="messages", null=True, blank=True
    )
    participation = models.ForeignKey(
        "planning.Participation",
        on_delete=models.SET_NULL,
        related_name="messages",
        null=True,
        blank=True,
    )
    organisation = models.ForeignKey(
        "agents.Organisation",
        on_delete=models.SET_NULL,
        related_name="messages",
        null=True,
        blank=True,
    )
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    available_at = models.DateTimeField(_("à envoyer à partir de"))
    lease_until = models.DateTimeField(_("envoi réservé jusqu’à"), null=True, blank=True)
    expires_at = models.DateTimeField(_("ne plus envoyer après"), null=True, blank=True)
    grouped_in = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        related_name="parts",
        null=True,
        blank=True,
        verbose_name=_("dit dans"),
    )
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("échoué ou abandonné le"), null=True, blank=True)
    failure = models.CharField(_("cause"), max_length=20, choices=Failure, blank=True)
    # What the provider said of it: its name, its reference, the parts that it counted, and when it
    # was handed over to the phone or the mailbox.
    provider = models.CharField(_("fournisseur"), max_length=30, blank=True)
    provider_reference = models.CharField(_("référence du fournisseur"), max_length=120, blank=True)
    provider_segments = models.PositiveSmallIntegerField(
        _("segments comptés par le fournisseur"), null=True, blank=True
    )
    delivered_at = models.DateTimeField(_("remis le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"))

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                fields=["available_at"],
                name="outbox_pending",
                condition=Q(state__in=PENDING),
            ),
            # A day of an organisation, for the statistics.
            models.Index(fields=["organisation", "created_at"], name="outbox_organisation_created"),
            models.Index(
                fields=["provider_reference"],
                name="outbox_provider_reference",
                condition=~Q(provider_reference=""),
            ),
        ]
        constraints = [
            choices_constraint("outbox_channel_known", "channel", Channel),
            choices_constraint("outbox_state_known", "state", State),
            optional_choices_constraint("outbox_failure_known", "failure", Failure),
            models.CheckConstraint(
                name="outbox_failure_only_when_closed",
                condition=Q(failure="") | Q(state__in=("failed", "abandoned")),
                violation_error_message=_("Seul un message échoué ou abandonné a une cause."),
            ),
            models.CheckConstraint(
                name="outbox_delivered_only_when_sent",
                condition=Q(delivered_at__isnull=True) | Q(state="sent"),
                violation_error_message=_("Seul un message envoyé est remis."),
            ),
            models.CheckConstraint(
                name="outbox_sent_at_matches_state",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                violation_error_message=_("Un message envoyé porte sa date d’envoi."),
            ),
            models.CheckConstraint(
                name="outbox_closed_at_matches_state",
                condition=Q(state__in=("failed", "abandoned"), closed_at__isnull=False)
                | (~Q(state__in=("failed", "abandoned")) & Q(closed_at__isnull=True)),
                violation_error_message=_("Un message échoué ou abandonné porte sa date."),
            ),
            models.CheckConstraint(
                name="outbox_lease_iff_sending",
                condition=Q(state="sending", lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True)),
                violation_error_message=_("Un envoi en cours est réservé pour un temps."),
            ),
            models.CheckConstraint(
                name="outbox_grouped_iff_in_another",
                condition=Q(state="grouped", grouped_in__isnull=False)
                | (~Q(state="grouped") & Q(grouped_in__isnull=True)),
                violation_error_message=_("Un message groupé dit dans lequel il est."),
            ),
            models.CheckConstraint(
                name="outbox_recipient_not_blank",
                condition=~Q(recipient="") | ~Q(state__in=PENDING),
                violation_error_message=_("Un message à envoyer a un destinataire."),
            ),
            models.CheckConstraint(
                name="outbox_ics_has_a_method",
                condition=Q(ics="", ics_method="")
                | (~Q(ics="") & Q(ics_method__in=("PUBLISH", "REQUEST", "CANCEL"))),
                violation_error_message=_("Un calendrier joint dit sa méthode."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.channel}) {self.state}"

    @property
    def topic(self) -> tuple[object, ...] | None:
        """What a newer message of the same topic replaces; None: it is about no RDV."""
        if self.rdv_id is None and self.participation_id is None:
            return None
        return (
            self.kind,
            str(self.channel),
            self.recipient,
            self.rdv_id,
            self.participation_id,
        )

    @property
    def advice(self) -> str:
        """What an agent can do about a message that did not arrive; "" when there is nothing."""
        return str(ADVICE.get(Failure(self.failure), "")) if self.failure else ""

    def close(self, state: State, *, at: datetime, failure: str = "") -> None:
        """End the message, sent or not; unsaved. Nobody reads its link in our tables any more.

        A message that was sent may still fail: its provider says so later.
        """
        self.state = state
        self.lease_until = None
        self.failure = failure
        self.sent_at, self.closed_at = (at, None) if state == State.SENT else (None, at)
        if state != State.SENT:
            self.delivered_at = None
        self.forget_links()

    def forget_links(self) -> None:
        """Blank the personal links from the texts; unsaved. The demonstration keeps them."""
        if settings.DEMO_OUTBOX:
            return
        for link in self.secret_link.split():
            for field in ("body", "html", "ics"):
                text = getattr(self, field).replace(link, LINK_FORGOTTEN)
                setattr(self, field, text.replace(escape(link), LINK_FORGOTTEN))
        self.secret_link = ""

    @property
    def as_sent(self) -> OutboxMessage:
        """The message that leaves in place of this one: itself, unless it is grouped."""
        return self.grouped_in or self


class DeliveryAttempt(models.Model):
    """One try at sending a message: what the provider answered, without personal data."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(_("date"))
    succeeded = models.BooleanField(_("réussi"))
    answer = models.CharField(_("réponse"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("essai d’envoi")
        verbose_name_plural = _("essais d’envoi")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="delivery_attempt_failure_is_explained",
                condition=Q(succeeded=True) | ~Q(answer=""),
                violation_error_message=_("Un essai manqué dit pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.succeeded}"
