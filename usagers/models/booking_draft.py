from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from motifs.models import Lieu, Motif


class BookingDraft(models.Model):
    """What somebody typed and chose, while their e-mail is being verified (A05).

    It is what lets the journey go on in another browser: personal data never travel in a URL.
    The link holds a secret whose SHA-256 is `digest`; a new link replaces the former one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    motif = models.ForeignKey(Motif, on_delete=models.CASCADE, related_name="booking_drafts")
    lieu = models.ForeignKey(
        Lieu, on_delete=models.CASCADE, related_name="booking_drafts", null=True, blank=True
    )
    # Those of the address, which is not kept; a motif that is not sectorised needs none (G15).
    sector_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("secteurs"), default=list, blank=True
    )
    starts_at = models.DateTimeField(_("début du créneau"))
    chosen_at = models.DateTimeField(_("créneau choisi le"))
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    email = models.EmailField(_("adresse e-mail"))
    phone_number = PhoneNumberField(_("téléphone"), blank=True)
    language = models.CharField(_("langue"), max_length=5, default="fr")
    persons = models.PositiveSmallIntegerField(_("nombre de personnes"), default=1)
    # A session of a collective RDV, in place of a créneau.
    workshop = models.ForeignKey(
        "planning.Rdv",
        on_delete=models.CASCADE,
        related_name="workshop_drafts",
        null=True,
        blank=True,
    )
    is_for_self = models.BooleanField(_("vient soi-même"), default=True)
    # [{"first_name": …, "last_name": …, "birth_date": "2019-05-02" or ""}], who else comes.
    companions = models.JSONField(_("autres personnes"), default=list, blank=True)
    address = models.CharField(_("adresse"), max_length=250, blank=True)
    needs = ArrayField(
        models.CharField(max_length=20), verbose_name=_("besoins"), default=list, blank=True
    )
    needs_details = models.CharField(_("précision sur les besoins"), max_length=100, blank=True)
    digest = models.CharField(
        _("empreinte du lien"), max_length=64, unique=True, null=True, blank=True
    )
    link_sent_at = models.DateTimeField(_("lien envoyé le"), null=True, blank=True)
    link_expires_at = models.DateTimeField(_("lien valable jusqu’à"), null=True, blank=True)
    link_used_at = models.DateTimeField(_("lien utilisé le"), null=True, blank=True)
    links_sent = models.PositiveSmallIntegerField(_("liens envoyés"), default=0)
    rdv = models.ForeignKey(
        "planning.Rdv",
        on_delete=models.SET_NULL,
        related_name="booking_drafts",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(_("créé le"))

    class Meta:
        verbose_name = _("réservation en cours")
        verbose_name_plural = _("réservations en cours")
        indexes = [models.Index(fields=["email", "created_at"], name="booking_draft_email")]
        constraints = [
            models.CheckConstraint(
                name="booking_draft_link_has_its_dates",
                condition=Q(
                    digest__isnull=True, link_sent_at__isnull=True, link_expires_at__isnull=True
                )
                | Q(
                    digest__isnull=False,
                    link_sent_at__isnull=False,
                    link_expires_at__isnull=False,
                    link_expires_at__gt=F("link_sent_at"),
                ),
                violation_error_message=_("Un lien a une date d’envoi et une date de fin."),
            ),
            models.CheckConstraint(
                name="booking_draft_persons_between_1_and_20",
                condition=Q(persons__gte=1, persons__lte=20),
                violation_error_message=_("Un RDV réunit de 1 à 20 personnes."),
            ),
            models.CheckConstraint(
                name="booking_draft_is_named",
                condition=~Q(first_name="") & ~Q(last_name="") & ~Q(email=""),
                violation_error_message=_(
                    "Le prénom, le nom et l’adresse e-mail sont obligatoires."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def duration_minutes(self) -> int:
        """How long it takes, for everybody who comes."""
        if self.workshop is not None:
            return self.workshop.duration_minutes
        return self.motif.duration_minutes * self.persons
