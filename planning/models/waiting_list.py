from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from agents.models import Agent
from motifs.models import Lieu, Motif
from planning.models.participation import Participation
from planning.models.rdv import Rdv
from planning.models.slot_hold import SlotHold
from rdv.common.constraints import choices_constraint
from usagers.models import Language

if TYPE_CHECKING:
    from typing import Self


class EntryEnd(models.TextChoices):
    SERVED = "served", _("a obtenu un créneau")
    REMOVED = "removed", _("s’est retiré")
    RDV_OVER = "rdv_over", _("son RDV a changé ou a eu lieu")
    EXPIRED = "expired", _("trop ancienne")
    CLOSED = "closed", _("ce RDV ne se prend plus en ligne")


class Outcome(models.TextChoices):
    PENDING = "pending", _("en attente de réponse")
    ACCEPTED = "accepted", _("acceptée")
    DECLINED = "declined", _("refusée")
    EXPIRED = "expired", _("sans réponse")
    WITHDRAWN = "withdrawn", _("retirée")


class WaitingListQuerySet(models.QuerySet["WaitingListEntry"]):
    def waiting(self) -> Self:
        """Entries whose address is proven and that nothing ended, first come first served."""
        return self.filter(ended_at=None, confirmed_at__isnull=False).order_by("created_at", "pk")


class WaitingListEntry(models.Model):
    """Somebody who waits for a créneau (A09, decision 28).

    Without participation: they found nothing, and left an address, proven by a code. With one:
    their RDV is far away and they want an earlier one. No lieu: any lieu of the motif.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    motif = models.ForeignKey(Motif, on_delete=models.CASCADE, related_name="waiting_list")
    lieu = models.ForeignKey(
        Lieu, on_delete=models.CASCADE, related_name="waiting_list", null=True, blank=True
    )
    participation = models.ForeignKey(
        Participation,
        on_delete=models.CASCADE,
        related_name="waiting_list",
        null=True,
        blank=True,
    )
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone_number = PhoneNumberField(_("téléphone"), blank=True)
    language = models.CharField(
        _("langue"), max_length=5, choices=Language, default=Language.FRENCH
    )
    removal_digest = models.CharField(
        _("empreinte du lien de retrait"), max_length=64, unique=True, null=True, blank=True
    )
    confirmed_at = models.DateTimeField(_("adresse vérifiée le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("finie le"), null=True, blank=True)
    end = models.CharField(_("fin"), max_length=10, choices=EntryEnd, blank=True)
    # Starts that were already free when they asked for an earlier date: nothing new to offer.
    known_starts = ArrayField(
        models.DateTimeField(), verbose_name=_("dates déjà libres"), default=list, blank=True
    )
    created_at = models.DateTimeField(_("créée le"))

    objects = WaitingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription en liste d’attente")
        verbose_name_plural = _("inscriptions en liste d’attente")
        indexes = [
            models.Index(
                fields=["motif", "created_at"],
                name="waiting_list_queue",
                condition=Q(ended_at=None, confirmed_at__isnull=False),
            ),
        ]
        constraints = [
            choices_constraint("waiting_list_language_known", "language", Language),
            models.CheckConstraint(
                name="waiting_list_someone_waits",
                condition=Q(participation__isnull=False, email="", phone_number="")
                | (Q(participation__isnull=True) & (~Q(email="") | ~Q(phone_number="")))
                | Q(ended_at__isnull=False),
                violation_error_message=_("Une inscription porte une adresse, ou un RDV."),
            ),
            models.CheckConstraint(
                name="waiting_list_end_is_explained",
                condition=Q(ended_at__isnull=True, end="")
                | Q(ended_at__isnull=False, end__in=tuple(EntryEnd.values)),
                violation_error_message=_("Une inscription finie dit pourquoi."),
            ),
            models.UniqueConstraint(
                "participation",
                name="waiting_list_once_per_participation",
                condition=Q(ended_at=None, participation__isnull=False),
                violation_error_message=_("Ce RDV attend déjà une date plus proche."),
            ),
            models.UniqueConstraint(
                "motif",
                F("lieu"),
                "email",
                name="waiting_list_once_per_email",
                condition=Q(ended_at=None) & ~Q(email=""),
                nulls_distinct=False,
                violation_error_message=_("Cette adresse attend déjà ce rendez-vous."),
            ),
            models.UniqueConstraint(
                "motif",
                F("lieu"),
                "phone_number",
                name="waiting_list_once_per_phone",
                condition=Q(ended_at=None) & ~Q(phone_number=""),
                nulls_distinct=False,
                violation_error_message=_("Ce numéro attend déjà ce rendez-vous."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class WaitingListOffer(models.Model):
    """A freed créneau proposed to one person, held for them until `expires_at` (decision 28)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(WaitingListEntry, on_delete=models.CASCADE, related_name="offers")
    hold = models.OneToOneField(
        SlotHold, on_delete=models.SET_NULL, related_name="offer", null=True, blank=True
    )
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="waiting_list_offers")
    lieu = models.ForeignKey(
        Lieu, on_delete=models.CASCADE, related_name="waiting_list_offers", null=True, blank=True
    )
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    digest = models.CharField(_("empreinte du lien"), max_length=64, unique=True)
    outcome = models.CharField(
        _("réponse"), max_length=10, choices=Outcome, default=Outcome.PENDING
    )
    rdv = models.ForeignKey(
        Rdv,
        on_delete=models.SET_NULL,
        related_name="waiting_list_offers",
        null=True,
        blank=True,
    )
    offered_at = models.DateTimeField(_("proposée le"))
    expires_at = models.DateTimeField(_("expire le"))
    answered_at = models.DateTimeField(_("répondue le"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposition de la liste d’attente")
        verbose_name_plural = _("propositions de la liste d’attente")
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="waiting_list_offer_open",
                condition=Q(outcome="pending"),
            ),
        ]
        constraints = [
            choices_constraint("waiting_list_offer_outcome_known", "outcome", Outcome),
            models.CheckConstraint(
                name="waiting_list_offer_in_order",
                condition=Q(ends_at__gt=F("starts_at"), expires_at__gt=F("offered_at")),
                violation_error_message=_("Une proposition dure un temps."),
            ),
            models.CheckConstraint(
                name="waiting_list_offer_holds_a_digest",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Seule l’empreinte du lien est conservée."),
            ),
            models.CheckConstraint(
                name="waiting_list_offer_answered_at_matches",
                condition=Q(outcome="pending", answered_at__isnull=True)
                | (~Q(outcome="pending") & Q(answered_at__isnull=False)),
                violation_error_message=_("Une proposition close porte sa date."),
            ),
            models.UniqueConstraint(
                "entry",
                name="waiting_list_one_pending_offer",
                condition=Q(outcome="pending"),
                violation_error_message=_("Cette personne a déjà une proposition."),
            ),
            models.UniqueConstraint(
                "entry",
                "agent",
                "starts_at",
                name="waiting_list_offered_once",
                violation_error_message=_("Ce créneau a déjà été proposé à cette personne."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
