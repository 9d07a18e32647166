"""Each constraint of usagers refuses its bad row, and says why in French."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta

import pytest

from tests.factories import (
    AgentFactory,
    MotifFactory,
    OrganisationFactory,
    RdvFactory,
    UsagerFactory,
)
from tests.factories.planning import NOW
from tests.integration.constraints.doors import (
    changed,
    check_message,
    check_refusal,
    constraints,
    params,
    twin,
)
from usagers.models import (
    AccessToken,
    BookingDraft,
    ContactCode,
    PendingIdentity,
    Prescripteur,
    Rattachement,
    Referent,
    UsagerImport,
)

pytestmark = pytest.mark.django_db
NUMBERS = itertools.count()
DAY = timedelta(days=1)


def digest() -> str:
    return hashlib.sha256(str(next(NUMBERS)).encode()).hexdigest()


def rattachement():
    organisation = OrganisationFactory()
    return Rattachement.objects.create(
        organisation=organisation, usager=UsagerFactory(territoire=organisation.territoire)
    )


def twin_rattachement():
    """Two rows of one territoire, lest the wall between territoires speak first."""
    first = rattachement()
    second = Rattachement.objects.create(
        organisation=first.organisation,
        usager=UsagerFactory(territoire=first.organisation.territoire),
    )
    return second, {"usager": first.usager}


def access_token():
    motif = MotifFactory()
    usager = UsagerFactory(territoire=motif.organisation.territoire)
    agent = AgentFactory(organisations=[motif.organisation])
    rdv = RdvFactory(motif=motif, agents=[agent], usagers=[usager])
    return AccessToken.objects.create(
        digest=digest(),
        participation=rdv.participations.get(),
        recipient=usager,
        created_at=NOW,
        expires_at=NOW + DAY,
    )


def draft():
    return BookingDraft.objects.create(
        motif=MotifFactory(),
        starts_at=NOW + DAY,
        chosen_at=NOW,
        first_name="Léa",
        last_name="Martin",
        email="lea@example.fr",
        created_at=NOW,
    )


def prescripteur():
    return Prescripteur.objects.create(first_name="Ali", last_name="Benoît", email="ali@x.fr")


def with_account():
    return UsagerFactory(with_account=True)


def proche_with_account():
    usager = with_account()
    return usager, {"responsable": UsagerFactory(territoire=usager.territoire)}


def own_responsable():
    usager = UsagerFactory()
    return usager, {"responsable": usager}


def contact_code():
    return ContactCode.objects.create(
        purpose="prescripteur",
        email="ali@x.fr",
        digest=digest(),
        created_at=NOW,
        expires_at=NOW + DAY,
    )


def twin_referent():
    usager = UsagerFactory()
    first, second = (Referent.objects.create(usager=usager, agent=AgentFactory()) for _ in range(2))
    return second, {"agent": first.agent}


def merged_and_still_there():
    usager = UsagerFactory()
    return usager, {"merged_into": UsagerFactory(territoire=usager.territoire)}


def pending():
    return PendingIdentity.objects.create(sub="angela", email="a@exemple.fr", created_at=NOW)


def usager_import():
    place = OrganisationFactory()
    agent = AgentFactory(organisations=[place])
    return UsagerImport.objects.create(agent=agent, organisation=place, total=1, created_at=NOW)


CASES = {
    "usager_import_state_known": [changed(usager_import, state="xx")],
    "usager_import_lines_in_order": [changed(usager_import, position=2)],
    "usager_import_forgets_its_lines": [changed(usager_import, state="done", lines=[[2, "A"]])],
    "usager_import_error_iff_failed": [
        changed(usager_import, state="failed"),
        changed(usager_import, error="Perdu"),
    ],
    "usager_merged_is_anonymised": [merged_and_still_there],
    "usager_language_known": [changed(UsagerFactory, language="xx")],
    "usager_caisse_known": [changed(UsagerFactory, caisse="xx")],
    "usager_family_situation_known": [changed(UsagerFactory, family_situation="xx")],
    "usager_logement_known": [changed(UsagerFactory, logement="xx")],
    "usager_children_at_most_15": [changed(UsagerFactory, number_of_children=16)],
    "referent_once": [twin_referent],
    "contact_code_purpose_known": [changed(contact_code, purpose="xx")],
    "contact_code_has_one_address": [
        changed(contact_code, email=""),
        changed(contact_code, phone_number="+33612345678"),
    ],
    "contact_code_expires_after_creation": [changed(contact_code, expires_at=NOW)],
    "contact_code_holds_a_digest": [changed(contact_code, digest="123456")],
    "usager_origin_known": [changed(UsagerFactory, origin="ailleurs")],
    "usager_email_unique_in_territoire": [twin(UsagerFactory, "territoire", "email")],
    "usager_account_once_per_territoire": [twin(with_account, "territoire", "account")],
    "usager_email_lower_case_not_blank": [
        changed(UsagerFactory, email="Lea@Exemple.fr"),
        changed(UsagerFactory, email=""),
    ],
    "usager_names_not_blank": [
        changed(UsagerFactory, first_name=""),
        changed(UsagerFactory, last_name=""),
    ],
    "usager_is_not_own_responsable": [own_responsable],
    "usager_proche_has_no_account": [proche_with_account],
    "rattachement_once": [twin_rattachement],
    "access_token_expires_after_creation": [changed(access_token, expires_at=NOW)],
    "access_token_holds_a_digest": [
        changed(access_token, digest="the-secret-itself"),
        changed(access_token, digest="A" * 64),
    ],
    "pending_identity_has_a_sub": [changed(pending, sub="")],
    "pending_identity_link_has_its_end": [
        changed(pending, digest="a" * 64),
        changed(pending, link_expires_at=NOW + timedelta(days=1)),
        changed(pending, digest="a" * 64, link_expires_at=NOW),
        changed(pending, digest="the-secret-itself", link_expires_at=NOW + timedelta(days=1)),
    ],
    "pending_identity_link_goes_somewhere": [
        changed(pending, email="", digest="a" * 64, link_expires_at=NOW + timedelta(days=1)),
    ],
    "booking_draft_link_has_its_dates": [
        changed(draft, link_sent_at=NOW),
        changed(draft, digest="a" * 64, link_sent_at=NOW),
        changed(draft, digest="a" * 64, link_expires_at=NOW),
        changed(draft, digest="a" * 64, link_sent_at=NOW, link_expires_at=NOW),
    ],
    "booking_draft_persons_between_1_and_20": [
        changed(draft, persons=0),
        changed(draft, persons=21),
    ],
    "booking_draft_is_named": [
        changed(draft, first_name=""),
        changed(draft, last_name=""),
        changed(draft, email=""),
    ],
    "prescripteur_is_named": [
        changed(prescripteur, first_name=""),
        changed(prescripteur, last_name=""),
        changed(prescripteur, email=""),
    ],
}


def test_every_constraint_has_a_case():
    assert set(CASES) == set(constraints("usagers"))


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_the_database_refuses(name, case):
    check_refusal(name, case)


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_full_clean_says_why(name, case):
    check_message("usagers", name, case)


def test_two_fiches_of_one_territoire_may_have_no_email():
    first = UsagerFactory(email=None)
    UsagerFactory(territoire=first.territoire, email=None).full_clean()


def test_one_address_may_be_known_in_two_territoires():
    first = UsagerFactory()
    UsagerFactory(email=first.email).full_clean()
