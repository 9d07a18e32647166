from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from agents.models.agent import Agent
from agents.models.organisation import Organisation
from agents.models.territoire import Territoire
from rdv.common.constraints import choices_constraint

# Corse counts 2A and 2B; overseas, 97 and the rest.
CITY_CODE = r"^(\d{2}|2[AB])\d{3}$"
STREET_CODE = r"^(\d{2}|2[AB])\d{3}_[0-9a-z]{1,20}$"
HUMAN_ID = r"^[a-z0-9]+([_-][a-z0-9]+)*$"


class Sector(models.Model):
    """A part of a territoire: who lives there goes to some organisations or agents (G15)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territoire = models.ForeignKey(Territoire, on_delete=models.PROTECT, related_name="sectors")
    name = models.CharField(_("nom du secteur"), max_length=120)
    # What stands for the sector in files.
    human_id = models.CharField(_("identifiant"), max_length=60)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("secteur")
        verbose_name_plural = _("secteurs")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "territoire",
                "human_id",
                name="sector_human_id_unique_in_territoire",
                violation_error_message=_("Un secteur du territoire a déjà cet identifiant."),
            ),
            models.CheckConstraint(
                name="sector_human_id_readable",
                condition=Q(human_id__regex=HUMAN_ID),
                violation_error_message=_(
                    "L’identifiant est fait de lettres minuscules sans accent, de chiffres et de "
                    "tirets."
                ),
            ),
            models.CheckConstraint(
                name="sector_name_not_blank",
                condition=~Q(name=""),
                violation_error_message=_("Un secteur a un nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ZoneLevel(models.TextChoices):
    CITY = "city", _("commune")
    STREET = "street", _("rue")


class SectorZone(models.Model):
    """A commune of a sector, by its INSEE code, or one street, by its identifier in the BAN."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sector = models.ForeignKey(Sector, on_delete=models.CASCADE, related_name="zones")
    level = models.CharField(_("genre"), max_length=6, choices=ZoneLevel, default=ZoneLevel.CITY)
    city_code = models.CharField(_("code INSEE de la commune"), max_length=5)
    city_name = models.CharField(_("commune"), max_length=120)
    street_code = models.CharField(_("identifiant de la rue"), max_length=30, blank=True)
    street_name = models.CharField(_("rue"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("zone d’un secteur")
        verbose_name_plural = _("zones des secteurs")
        ordering = ["city_name", "street_name", "pk"]
        indexes = [
            models.Index(fields=["city_code"], name="sector_zone_city"),
            models.Index(fields=["street_code"], name="sector_zone_street"),
        ]
        constraints = [
            choices_constraint("sector_zone_level_known", "level", ZoneLevel),
            models.CheckConstraint(
                name="sector_zone_city_code_of_insee",
                condition=Q(city_code__regex=CITY_CODE),
                violation_error_message=_("Un code INSEE de commune compte 5 signes, comme 62041."),
            ),
            models.CheckConstraint(
                name="sector_zone_city_name_not_blank",
                condition=~Q(city_name=""),
                violation_error_message=_("Une zone nomme sa commune."),
            ),
            models.CheckConstraint(
                name="sector_zone_street_when_level_says",
                condition=Q(level="city", street_code="", street_name="")
                | (Q(level="street") & ~Q(street_code="") & ~Q(street_name="")),
                violation_error_message=_("Une rue a un nom et un identifiant, une commune aucun."),
            ),
            models.CheckConstraint(
                name="sector_zone_street_of_its_city",
                condition=Q(street_code="")
                | Q(
                    street_code__regex=STREET_CODE,
                    street_code__startswith=Concat(F("city_code"), Value("_")),
                ),
                violation_error_message=_(
                    "L’identifiant d’une rue commence par le code INSEE de sa commune : 62041_0270."
                ),
            ),
            models.UniqueConstraint(
                fields=["sector", "city_code"],
                condition=Q(level="city"),
                name="sector_zone_city_once",
                violation_error_message=_("Cette commune est déjà dans le secteur."),
            ),
            models.UniqueConstraint(
                fields=["sector", "street_code"],
                condition=Q(level="street"),
                name="sector_zone_street_once",
                violation_error_message=_("Cette rue est déjà dans le secteur."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.street_name}, {self.city_name}" if self.street_name else self.city_name


class Attribution(models.Model):
    """Who receives the people of a sector.

    An organisation, for its motifs sectorised by organisation; or one of its agents, who has a
    role there, for those sectorised by agent. The same organisation may need both.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sector = models.ForeignKey(Sector, on_delete=models.CASCADE, related_name="attributions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="attributions"
    )
    # None: the organisation as a whole.
    agent = models.ForeignKey(
        Agent, on_delete=models.CASCADE, related_name="attributions", null=True, blank=True
    )

    class Meta:
        verbose_name = _("attribution d’un secteur")
        verbose_name_plural = _("attributions des secteurs")
        constraints = [
            models.UniqueConstraint(
                fields=["sector", "organisation", "agent"],
                nulls_distinct=False,
                name="attribution_once",
                violation_error_message=_("Cette attribution existe déjà."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sector_id} – {self.organisation_id} – {self.agent_id or ''}"
