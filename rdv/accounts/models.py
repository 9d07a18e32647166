"""Who signs in. One account is an agent's or an usager's, never both (docs/adr/0003)."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from rdv.common.constraints import choices_constraint


class Kind(models.TextChoices):
    AGENT = "agent", _("agent")
    USAGER = "usager", _("usager")
    SUPERADMIN = "superadmin", _("super-administrateur")


class AccountManager(BaseUserManager["Account"]):
    def create_account(
        self, *, kind: str, email: str, password: str | None = None, **fields: Any
    ) -> Account:
        """Create an account; without password it can only be entered by a link or a provider."""
        account = self.model(kind=kind, email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def ensure(self, *, kind: str, email: str) -> None:
        """Create an account without password unless there is one; two at once end on one row."""
        account = self.model(kind=kind, email=email)
        account.set_unusable_password()
        account.name_login()
        self.bulk_create([account], ignore_conflicts=True)

    def create_superuser(self, login: str, password: str | None = None, **_fields: Any) -> Account:
        """Create a super-administrator; `login` is their e-mail address."""
        return self.create_account(
            kind=Kind.SUPERADMIN,
            email=login.removeprefix("superadmin:"),
            password=password,
            is_staff=True,
            is_superuser=True,
        )

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=username)


class Account(AbstractBaseUser, PermissionsMixin):
    """An identity that can sign in, through `login` = "kind:email"."""

    kind = models.CharField(_("genre"), max_length=10, choices=Kind)
    email = models.EmailField(_("adresse e-mail"))
    login = models.CharField(_("identifiant"), max_length=270, unique=True, editable=False)
    # False while only FranceConnect gave it: it declares, and proves nothing (decision 20). Of an
    # agent: until they accept their invitation.
    email_is_proven = models.BooleanField(_("adresse prouvée"), default=True)
    is_active = models.BooleanField(_("actif"), default=True)
    is_staff = models.BooleanField(_("accède à l’administration technique"), default=False)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")
        constraints = [
            choices_constraint("account_kind_known", "kind", Kind),
            models.UniqueConstraint(
                "kind",
                "email",
                name="account_kind_email_unique",
                violation_error_message=_("Un compte de ce genre existe déjà à cette adresse."),
            ),
            models.CheckConstraint(
                name="account_email_lower_case",
                condition=Q(email=Lower("email")) & ~Q(email=""),
                violation_error_message=_("L’adresse e-mail s’écrit en minuscules."),
            ),
            models.CheckConstraint(
                name="account_login_is_kind_and_email",
                condition=Q(
                    login=Concat(F("kind"), Value(":"), F("email"), output_field=models.CharField())
                ),
                violation_error_message=_("L’identifiant ne correspond pas à l’adresse."),
            ),
            models.CheckConstraint(
                name="account_staff_are_superadmins",
                condition=Q(is_staff=False, is_superuser=False) | Q(kind="superadmin"),
                violation_error_message=_(
                    "Seul un super-administrateur accède à l’administration technique."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.login

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_login()
        super().save(*args, **kwargs)

    def name_login(self) -> None:
        self.email = self.email.strip().lower()
        self.login = f"{self.kind}:{self.email}"

    def get_full_name(self) -> str:
        return self.email

    def close(self) -> None:
        """End every way in, and free the address for somebody else. The row stays.

        What hangs on an account only serves to sign in: proven addresses, identities of providers,
        second factors.
        """
        for relation in type(self)._meta.related_objects:
            if relation.on_delete is models.CASCADE:
                rows = relation.related_model._base_manager
                rows.filter(**{relation.field.name: self}).delete()
        self.email = f"{self.kind}_{self.pk}@deleted.invalid"
        self.is_active = self.email_is_proven = False
        self.set_unusable_password()
        self.save()


class AccountSession(models.Model):
    """An open session of an agent, so that they can end it from elsewhere.

    It goes with the session of Django, whoever ends that.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, related_name="account_session", verbose_name=_("session")
    )
    # What the browser says of itself; the page makes « Firefox sur Windows » of it.
    user_agent = models.CharField(_("navigateur"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("ouverte le"))
    seen_at = models.DateTimeField(_("dernière activité"))

    class Meta:
        verbose_name = _("session ouverte")
        verbose_name_plural = _("sessions ouvertes")
        constraints = [
            models.CheckConstraint(
                name="account_session_is_seen_after_it_opened",
                condition=Q(seen_at__gte=F("created_at")),
                violation_error_message=_("Une session ne sert qu’une fois ouverte."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} – {self.created_at:%Y-%m-%d %H:%M}"
