"""Each constraint of the accounts refuses its bad row, and says why in French."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.db.transaction import atomic

from rdv.accounts.models import Account, AccountSession, Kind
from tests.integration.constraints.doors import (
    after_sql,
    changed,
    check_message,
    check_refusal,
    constraints,
    params,
    twin,
)

pytestmark = pytest.mark.django_db
NUMBERS = itertools.count()
NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


def account() -> Account:
    return Account.objects.create_account(
        kind=Kind.AGENT, email=f"compte{next(NUMBERS)}@example.fr"
    )


def session() -> AccountSession:
    opened = Session.objects.create(
        session_key=f"key{next(NUMBERS)}", session_data="", expire_date=NOW
    )
    return AccountSession.objects.create(
        account=account(), session=opened, created_at=NOW, seen_at=NOW
    )


CASES = {
    "account_kind_known": [changed(account, kind="robot", email="r@x.fr", login="robot:r@x.fr")],
    # The login says the same twice: without its check, this constraint stands alone.
    "account_kind_email_unique": [
        after_sql(
            "ALTER TABLE accounts_account DROP CONSTRAINT account_login_is_kind_and_email",
            twin(account, "kind", "email"),
        )
    ],
    "account_email_lower_case": [
        changed(account, email="Lea@x.fr", login="agent:Lea@x.fr"),
        changed(account, email="", login="agent:"),
    ],
    "account_login_is_kind_and_email": [changed(account, login="usager:somebody@x.fr")],
    "account_session_is_seen_after_it_opened": [
        changed(session, seen_at=NOW - timedelta(seconds=1))
    ],
    "account_staff_are_superadmins": [
        changed(account, is_staff=True),
        changed(account, is_superuser=True),
    ],
}


def test_20_the_database_keeps_one_identity_of_a_provider_for_an_account():
    row = account()
    SocialAccount.objects.create(user=row, provider="franceconnect", uid="angela")
    SocialAccount.objects.create(user=row, provider="proconnect", uid="angela")
    with pytest.raises(IntegrityError, match="account_one_identity_a_provider"), atomic():
        SocialAccount.objects.create(user=row, provider="franceconnect", uid="claire")
    with pytest.raises(IntegrityError, match="provider_uid"), atomic():
        SocialAccount.objects.create(user=account(), provider="franceconnect", uid="angela")


def test_every_constraint_has_a_case():
    assert set(CASES) == set(constraints("accounts"))


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_the_database_refuses(name, case):
    check_refusal(name, case)


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_full_clean_says_why(name, case):
    check_message("accounts", name, case)
