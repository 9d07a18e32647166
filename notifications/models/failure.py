"""Why a message did not arrive, and what an agent can do about it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Failure(models.TextChoices):
    BLOCKED = "blocked", _("adresse bloquée")
    INVALID = "invalid", _("l’adresse ou le numéro n’existe pas")
    REFUSED = "refused", _("refusé par le fournisseur")
    UNDELIVERED = "undelivered", _("non remis au destinataire")
    CREDIT = "credit", _("crédit SMS épuisé")
    CREDENTIALS = "credentials", _("compte du fournisseur refusé")
    UNREACHABLE = "unreachable", _("fournisseur injoignable")
    INTERNAL = "internal", _("erreur de notre côté")
    EXPIRED = "expired", _("trop tard : le rendez-vous a commencé")
    REPLACED = "replaced", _("remplacé par un message plus récent, ou devenu faux")


_ASK_ADMIN = _("Prévenez l’administrateur du territoire, puis renvoyez le message.")
_CALL = _("Appelez la personne si le rendez-vous est proche.")

ADVICE = {
    Failure.BLOCKED: _("Vérifiez l’adresse avec la personne, puis faites-la débloquer."),
    Failure.INVALID: _("Demandez à la personne sa bonne adresse ou son bon numéro."),
    Failure.REFUSED: _CALL,
    Failure.UNDELIVERED: _CALL,
    Failure.CREDIT: _ASK_ADMIN,
    Failure.CREDENTIALS: _ASK_ADMIN,
    Failure.UNREACHABLE: _("Renvoyez le message, ou appelez la personne."),
    Failure.INTERNAL: _("Renvoyez le message, ou appelez la personne."),
}


class BlockReason(models.TextChoices):
    """Why nothing more is sent to an address (C07)."""

    BOUNCE = "bounce", _("cette adresse n’existe pas ou n’existe plus")
    NUMBER = "number", _("ce numéro n’existe pas ou ne reçoit pas de SMS")
    REFUSED = "refused", _("la messagerie du destinataire refuse nos messages")
    COMPLAINT = "complaint", _("un message a été signalé comme indésirable")
    UNSUBSCRIBED = "unsubscribed", _("la personne s’est désabonnée de nos messages")
