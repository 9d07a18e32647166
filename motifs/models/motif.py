from __future__ import annotations

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Organisation, Service
from motifs.models.motif_category import MotifCategory
from rdv.common.constraints import choices_constraint

MIN_DELAY_MINUTES = 30
YEAR_MINUTES = 366 * 24 * 60
DEFAULT_MAX_DELAY_MINUTES = 90 * 24 * 60


class LocationType(models.TextChoices):
    SUR_PLACE = "sur_place", _("Sur place")
    TELEPHONE = "telephone", _("Par téléphone")
    VISIO = "visio", _("En visioconférence")
    DOMICILE = "domicile", _("À domicile")


class BookingLevel(models.TextChoices):
    """Who may book it (B03)."""

    AGENTS = "agents", _("Agents uniquement")
    PRESCRIPTEURS = "prescripteurs", _("Agents et prescripteurs")
    USAGERS = "usagers", _("Agents, prescripteurs et usagers")


class Visibility(models.TextChoices):
    """What the usager sees and is told; `invisible` protects people whose phone is watched."""

    NOTIFIED = "visible_and_notified", _("Visible, l’usager est prévenu")
    SILENT = "visible_and_not_notified", _("Visible, l’usager n’est pas prévenu")
    INVISIBLE = "invisible", _("Invisible pour l’usager")


class SectorisationLevel(models.TextChoices):
    """Who receives the inhabitants of a sector for this motif (G15)."""

    DEPARTEMENT = "departement", _("Tout le territoire")
    ORGANISATION = "organisation", _("L’organisation du secteur")
    AGENT = "agent", _("Les agents du secteur")


class MotifQuerySet(models.QuerySet["Motif"]):
    def active(self) -> MotifQuerySet:
        return self.filter(archived_at=None)


class Motif(models.Model):
    """A reason for a RDV, in one organisation and for one service."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="motifs")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="motifs", verbose_name=_("service")
    )
    name = models.CharField(_("nom"), max_length=120)
    color = models.CharField(
        _("couleur"),
        max_length=7,
        default="#000091",
        validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}$", _("Choisissez une couleur."))],
    )
    duration_minutes = models.PositiveIntegerField(_("durée (en minutes)"), default=30)
    location_type = models.CharField(
        _("type de RDV"), max_length=10, choices=LocationType, default=LocationType.SUR_PLACE
    )
    is_collective = models.BooleanField(_("RDV collectif"), default=False)
    booking_level = models.CharField(
        _("qui peut prendre ce RDV"),
        max_length=15,
        choices=BookingLevel,
        default=BookingLevel.AGENTS,
    )
    min_delay_minutes = models.PositiveIntegerField(
        _("délai minimum avant le RDV"), default=MIN_DELAY_MINUTES
    )
    max_delay_minutes = models.PositiveIntegerField(
        _("délai maximum avant le RDV"), default=DEFAULT_MAX_DELAY_MINUTES
    )
    restriction = models.TextField(_("à lire avant de choisir un créneau"), blank=True)
    instructions = models.TextField(_("instructions après la réservation"), blank=True)
    cancel_warning = models.TextField(_("message avant l’annulation"), blank=True)
    is_cancellable_by_usager = models.BooleanField(
        _("l’usager peut annuler en ligne"), default=True
    )
    is_movable_by_usager = models.BooleanField(_("l’usager peut déplacer en ligne"), default=True)
    visibility = models.CharField(
        _("visibilité et notifications"),
        max_length=30,
        choices=Visibility,
        default=Visibility.NOTIFIED,
    )
    for_secretariat = models.BooleanField(_("ouvert au secrétariat"), default=False)
    is_follow_up = models.BooleanField(_("RDV de suivi (référents)"), default=False)
    max_persons = models.PositiveSmallIntegerField(_("personnes par RDV, au plus"), default=1)
    pause_minutes = models.PositiveSmallIntegerField(
        _("pause après le RDV (en minutes)"), default=0
    )
    limits_household = models.BooleanField(
        _("un seul RDV à venir par foyer, plutôt que par personne"), default=False
    )
    asks_needs = models.BooleanField(_("demander les besoins d’accessibilité"), default=False)
    has_waiting_list = models.BooleanField(_("liste d’attente en ligne"), default=True)
    category = models.ForeignKey(
        MotifCategory,
        on_delete=models.SET_NULL,
        related_name="motifs",
        null=True,
        blank=True,
        verbose_name=_("catégorie"),
    )
    sectorisation_level = models.CharField(
        _("sectorisation"),
        max_length=12,
        choices=SectorisationLevel,
        default=SectorisationLevel.DEPARTEMENT,
    )
    # A local day of the territoire: online booking of this motif reopens on that day (G11).
    booking_suspended_until = models.DateField(
        _("réservation en ligne suspendue jusqu’au"), null=True, blank=True
    )
    suspension_message = models.CharField(_("message aux usagers"), max_length=500, blank=True)
    archived_at = models.DateTimeField(_("archivé le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    objects = MotifQuerySet.as_manager()

    class Meta:
        verbose_name = _("motif")
        verbose_name_plural = _("motifs")
        ordering = ["name", "pk"]
        constraints = [
            choices_constraint("motif_location_type_known", "location_type", LocationType),
            choices_constraint("motif_booking_level_known", "booking_level", BookingLevel),
            choices_constraint("motif_visibility_known", "visibility", Visibility),
            choices_constraint(
                "motif_sectorisation_level_known", "sectorisation_level", SectorisationLevel
            ),
            models.CheckConstraint(
                name="motif_suspension_message_with_a_date",
                condition=Q(booking_suspended_until__isnull=False) | Q(suspension_message=""),
                violation_error_message=_("Le message va avec une date de reprise."),
            ),
            models.UniqueConstraint(
                "organisation",
                "service",
                "location_type",
                "name",
                name="motif_name_unique_while_active",
                condition=Q(archived_at=None),
                violation_error_message=_(
                    "Un motif du même nom, du même service et du même type existe déjà."
                ),
            ),
            models.CheckConstraint(
                name="motif_duration_between_1_and_1440",
                condition=Q(duration_minutes__gte=1, duration_minutes__lte=1440),
                violation_error_message=_("La durée va de 1 minute à 24 heures."),
            ),
            models.CheckConstraint(
                name="motif_delays_in_order",
                condition=Q(
                    min_delay_minutes__gte=MIN_DELAY_MINUTES,
                    max_delay_minutes__lte=YEAR_MINUTES,
                    max_delay_minutes__gt=F("min_delay_minutes"),
                ),
                violation_error_message=_(
                    "Le délai minimum est d’au moins 30 minutes, et inférieur au délai maximum, "
                    "lui-même d’un an au plus."
                ),
            ),
            models.CheckConstraint(
                name="motif_collective_is_on_site",
                condition=Q(is_collective=False) | Q(location_type="sur_place"),
                violation_error_message=_("Un RDV collectif a lieu sur place."),
            ),
            models.CheckConstraint(
                name="motif_follow_up_excludes_secretariat",
                condition=Q(is_follow_up=False) | Q(for_secretariat=False),
                violation_error_message=_(
                    "Un motif de suivi ne peut pas être ouvert au secrétariat."
                ),
            ),
            models.CheckConstraint(
                name="motif_color_is_hexadecimal",
                condition=Q(color__regex=r"^#[0-9A-Fa-f]{6}$"),
                violation_error_message=_("Choisissez une couleur."),
            ),
            models.CheckConstraint(
                name="motif_persons_between_1_and_20",
                condition=Q(max_persons__gte=1, max_persons__lte=20),
                violation_error_message=_("Un RDV réunit de 1 à 20 personnes."),
            ),
            models.CheckConstraint(
                name="motif_pause_at_most_4_hours",
                condition=Q(pause_minutes__lte=240),
                violation_error_message=_("La pause dure 4 heures au plus."),
            ),
            models.CheckConstraint(
                name="motif_name_not_blank",
                condition=~Q(name=""),
                violation_error_message=_("Le motif porte un nom."),
            ),
            # The target of the composite foreign keys of migration planning.0003.
            models.UniqueConstraint(
                "id",
                "organisation",
                name="motif_id_organisation",
                violation_error_message=_("Ce motif est déjà celui d’une organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def requires_lieu(self) -> bool:
        return self.location_type == LocationType.SUR_PLACE

    @property
    def notifies_usagers(self) -> bool:
        """Whether usagers may be told anything of its RDVs, cancellation included (decision 7)."""
        return self.visibility == Visibility.NOTIFIED

    @property
    def is_open_online(self) -> bool:
        return self.archived_at is None and self.booking_level == BookingLevel.USAGERS
