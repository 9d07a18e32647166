"""A04: somebody comes back from FranceConnect in several tabs at once, for the first time."""

from __future__ import annotations

from datetime import date

import pytest
from allauth.socialaccount.models import SocialAccount

from rdv.accounts.models import Account
from tests.factories import OrganisationFactory
from tests.integration.planning.test_rdv_book_race import Rush
from tests.integration.usagers.journey import NOW
from usagers.models import PendingIdentity, Usager
from usagers.rules.certified_identity import CertifiedIdentity
from usagers.services.franceconnect_login import Context, Found, login_by_franceconnect

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 4
ROUNDS = 5


def test_A04_one_account_and_one_fiche_for_one_sub_and_every_tab_is_signed_in():
    organisation = OrganisationFactory()
    context = Context(organisation.territoire, organisation)
    found: list[Found] = []
    with Rush(TABS) as rush:
        for number in range(1, ROUNDS + 1):
            identity = CertifiedIdentity(
                "Angela", "Dubois", "Durand", date(1962, 8, 24), f"angela{number}@exemple.fr"
            )

            def come(identity=identity, sub=f"sub {number}"):
                found.append(
                    login_by_franceconnect(sub=sub, identity=identity, context=context, now=NOW)
                )

            assert rush.run([come] * TABS) == {"done": TABS}
            tables = (SocialAccount, Usager, Account)
            assert [model.objects.count() for model in tables] == [number] * len(tables)
    assert not PendingIdentity.objects.exists()
    assert len({each.account.pk for each in found if each.account}) == ROUNDS
    assert all(each.account for each in found)
