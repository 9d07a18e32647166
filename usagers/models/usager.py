from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, GeneratedField, Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from agents.models import Organisation, Territoire
from rdv.common.constraints import choices_constraint, optional_choices_constraint
from rdv.common.text_keys import folded
from usagers.models.social import MAX_CHILDREN, Caisse, FamilySituation, Language, Logement
from usagers.rules.names import full_name

if TYPE_CHECKING:
    from typing import Self


class Origin(models.TextChoices):
    AGENT = "agent", _("créé par un agent")
    SELF = "self", _("inscription en ligne")
    FRANCECONNECT = "franceconnect", _("FranceConnect")
    PROCHE = "proche", _("ajouté par un proche")
    PRESCRIPTEUR = "prescripteur", _("prescripteur")
    IMPORT = "import", _("import")


class UsagerQuerySet(models.QuerySet["Usager"]):
    def living(self) -> Self:
        """Rows of people who were not anonymised."""
        return self.filter(anonymised_at=None)


class Usager(models.Model):
    """A fiche: a citizen, as one territoire knows them (decision 20)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territoire = models.ForeignKey(Territoire, on_delete=models.PROTECT, related_name="usagers")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="usagers",
        null=True,
        blank=True,
        verbose_name=_("compte"),
    )
    responsable = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="proches",
        null=True,
        blank=True,
        verbose_name=_("responsable"),
    )
    organisations = models.ManyToManyField(
        Organisation, through="Rattachement", related_name="usagers"
    )
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom d’usage"), max_length=80)
    birth_name = models.CharField(_("nom de naissance"), max_length=80, blank=True)
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    email = models.EmailField(_("adresse e-mail"), null=True, blank=True)
    phone_number = PhoneNumberField(_("téléphone"), blank=True)
    address = models.CharField(_("adresse"), max_length=250, blank=True)
    address_details = models.CharField(_("complément d’adresse"), max_length=250, blank=True)
    post_code = models.CharField(_("code postal"), max_length=5, blank=True)
    city_name = models.CharField(_("commune"), max_length=80, blank=True)
    city_code = models.CharField(_("code INSEE de la commune"), max_length=5, blank=True)
    caisse = models.CharField(_("caisse d’affiliation"), max_length=10, choices=Caisse, blank=True)
    affiliation_number = models.CharField(_("numéro d’allocataire"), max_length=30, blank=True)
    family_situation = models.CharField(
        _("situation familiale"), max_length=10, choices=FamilySituation, blank=True
    )
    number_of_children = models.PositiveSmallIntegerField(
        _("nombre d’enfants"), null=True, blank=True
    )
    logement = models.CharField(_("logement"), max_length=15, choices=Logement, blank=True)
    case_number = models.CharField(_("numéro de dossier"), max_length=40, blank=True)
    language = models.CharField(
        _("langue"), max_length=5, choices=Language, default=Language.FRENCH
    )
    # Set when FranceConnect gave first name, birth name and birth date: nobody edits them (A04).
    identity_certified_at = models.DateTimeField(_("identité certifiée le"), null=True, blank=True)
    notifies_by_email = models.BooleanField(_("prévenir par e-mail"), default=True)
    notifies_by_sms = models.BooleanField(_("prévenir par SMS"), default=True)
    origin = models.CharField(_("origine"), max_length=15, choices=Origin, default=Origin.AGENT)
    # Told that two years without any change erase the fiche (decision 5).
    retention_notice_at = models.DateTimeField(
        _("prévenu de l’effacement le"), null=True, blank=True
    )
    anonymised_at = models.DateTimeField(_("anonymisé le"), null=True, blank=True)
    # The fiche that took everything over (F03): the address of this one leads there.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="absorbed",
        null=True,
        blank=True,
        verbose_name=_("fusionné dans"),
    )
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)
    search_key = GeneratedField(
        expression=folded(
            Concat(
                F("last_name"),
                Value(" "),
                F("first_name"),
                Value(" "),
                F("birth_name"),
                output_field=models.CharField(),
            )
        ),
        output_field=models.CharField(max_length=500),
        db_persist=True,
    )

    objects = UsagerQuerySet.as_manager()

    class Meta:
        verbose_name = _("usager")
        verbose_name_plural = _("usagers")
        ordering = ["search_key", "pk"]
        indexes = [
            GinIndex(SearchVector("search_key", config="simple"), name="usager_search"),
            models.Index(fields=["territoire", "phone_number"], name="usager_phone"),
        ]
        constraints = [
            choices_constraint("usager_origin_known", "origin", Origin),
            choices_constraint("usager_language_known", "language", Language),
            optional_choices_constraint("usager_caisse_known", "caisse", Caisse),
            optional_choices_constraint(
                "usager_family_situation_known", "family_situation", FamilySituation
            ),
            optional_choices_constraint("usager_logement_known", "logement", Logement),
            models.CheckConstraint(
                name="usager_children_at_most_15",
                condition=Q(number_of_children__isnull=True)
                | Q(number_of_children__lte=MAX_CHILDREN),
                violation_error_message=_("Indiquez de 0 à 15 enfants."),
            ),
            models.UniqueConstraint(
                "territoire",
                "email",
                name="usager_email_unique_in_territoire",
                condition=Q(email__isnull=False),
                violation_error_message=_("Une fiche du territoire porte déjà cette adresse."),
            ),
            models.UniqueConstraint(
                "territoire",
                "account",
                name="usager_account_once_per_territoire",
                condition=Q(account__isnull=False),
                violation_error_message=_("Ce compte a déjà une fiche dans ce territoire."),
            ),
            models.CheckConstraint(
                name="usager_email_lower_case_not_blank",
                condition=Q(email__isnull=True) | (Q(email=Lower("email")) & ~Q(email="")),
                violation_error_message=_("L’adresse e-mail s’écrit en minuscules."),
            ),
            models.CheckConstraint(
                name="usager_names_not_blank",
                condition=~Q(first_name="") & ~Q(last_name=""),
                violation_error_message=_("Le prénom et le nom sont obligatoires."),
            ),
            models.CheckConstraint(
                name="usager_is_not_own_responsable",
                condition=Q(responsable__isnull=True) | ~Q(responsable=F("id")),
                violation_error_message=_("Une personne n’est pas son propre responsable."),
            ),
            models.CheckConstraint(
                name="usager_merged_is_anonymised",
                condition=Q(merged_into__isnull=True) | Q(anonymised_at__isnull=False),
                violation_error_message=_("Une fiche fusionnée ne garde rien de la personne."),
            ),
            models.CheckConstraint(
                name="usager_proche_has_no_account",
                condition=Q(responsable__isnull=True) | Q(account__isnull=True),
                violation_error_message=_("Le compte est celui du responsable."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Return "Inès VALMONT (MARTIN)": the birth name only when it differs."""
        return full_name(self.first_name, self.last_name, self.birth_name)

    @property
    def short_name(self) -> str:
        return f"{self.first_name[:1]}. {self.last_name.upper()}"

    @property
    def to_notify(self) -> Usager:
        """The person who receives the messages: the responsable of a proche, else oneself."""
        return self.responsable or self


class Rattachement(models.Model):
    """An usager known by an organisation. Both belong to one territoire (trigger)."""

    usager = models.ForeignKey(Usager, on_delete=models.CASCADE, related_name="rattachements")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="rattachements"
    )
    notes = models.TextField(_("notes"), blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("rattachement")
        verbose_name_plural = _("rattachements")
        constraints = [
            models.UniqueConstraint(
                "usager",
                "organisation",
                name="rattachement_once",
                violation_error_message=_("L’usager est déjà connu de cette organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.usager_id} – {self.organisation_id}"
