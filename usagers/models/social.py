"""What a territoire may ask about people, beyond their name (usagers-notifications §1.1, §1.2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """The language of the pages and messages that a person gets (A11)."""

    FRENCH = "fr", _("français")
    ENGLISH = "en", _("anglais")


class Caisse(models.TextChoices):
    NONE = "aucune", _("aucune")
    CAF = "caf", _("CAF")
    MSA = "msa", _("MSA")


class FamilySituation(models.TextChoices):
    SINGLE = "single", _("célibataire")
    COUPLE = "couple", _("en couple")
    DIVORCED = "divorced", _("divorcé")


class Logement(models.TextChoices):
    SDF = "sdf", _("sans domicile fixe")
    HEBERGE = "heberge", _("hébergé")
    EN_ACCESSION = "en_accession", _("en accession à la propriété")
    PROPRIETAIRE = "proprietaire", _("propriétaire")
    LOCATAIRE = "locataire", _("locataire")
    AUTRE = "autre", _("autre")


MAX_CHILDREN = 15
