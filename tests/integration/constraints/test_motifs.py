"""Each constraint of motifs refuses its bad row, and says why in French."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.factories import (
    LieuFactory,
    MotifBulkEditFactory,
    MotifBulkLineFactory,
    MotifCategoryFactory,
    MotifFactory,
)
from tests.integration.constraints.doors import (
    changed,
    check_message,
    check_refusal,
    constraints,
    params,
    twin,
)

pytestmark = pytest.mark.django_db

CASES = {
    "motif_location_type_known": [changed(MotifFactory, location_type="en_mer")],
    "motif_booking_level_known": [changed(MotifFactory, booking_level="tous")],
    "motif_visibility_known": [changed(MotifFactory, visibility="cachee")],
    "motif_sectorisation_level_known": [changed(MotifFactory, sectorisation_level="rue")],
    "motif_suspension_message_with_a_date": [changed(MotifFactory, suspension_message="Fermé")],
    "motif_category_name_unique_in_territoire": [twin(MotifCategoryFactory, "territoire", "name")],
    "motif_category_name_not_blank": [changed(MotifCategoryFactory, name="")],
    "motif_name_unique_while_active": [
        twin(MotifFactory, "organisation", "service", "location_type", "name")
    ],
    "motif_duration_between_1_and_1440": [
        changed(MotifFactory, duration_minutes=0),
        changed(MotifFactory, duration_minutes=1441),
    ],
    "motif_delays_in_order": [
        changed(MotifFactory, min_delay_minutes=29),
        changed(MotifFactory, max_delay_minutes=366 * 24 * 60 + 1),
        changed(MotifFactory, min_delay_minutes=600, max_delay_minutes=600),
    ],
    "motif_collective_is_on_site": [
        changed(MotifFactory, is_collective=True, location_type="visio")
    ],
    "motif_follow_up_excludes_secretariat": [
        changed(MotifFactory, is_follow_up=True, for_secretariat=True)
    ],
    "motif_color_is_hexadecimal": [changed(MotifFactory, color="bleu")],
    "motif_persons_between_1_and_20": [
        changed(MotifFactory, max_persons=0),
        changed(MotifFactory, max_persons=21),
    ],
    "motif_pause_at_most_4_hours": [changed(MotifFactory, pause_minutes=241)],
    "motif_name_not_blank": [changed(MotifFactory, name="")],
    "motif_bulk_edit_undone_afterwards": [
        changed(MotifBulkEditFactory, undone_at=datetime(2027, 1, 3, tzinfo=UTC))
    ],
    "motif_bulk_line_once": [twin(MotifBulkLineFactory, "bulk", "motif")],
    "motif_bulk_line_changes_something": [
        changed(MotifBulkLineFactory, after={"duration_minutes": 30})
    ],
    "lieu_availability_known": [changed(LieuFactory, availability="perdu")],
    "lieu_name_unique_while_open": [twin(LieuFactory, "organisation", "name")],
    "lieu_latitude_with_longitude": [
        changed(LieuFactory, latitude=50.3),
        changed(LieuFactory, longitude=2.8),
        changed(LieuFactory, latitude=91, longitude=2.8),
        changed(LieuFactory, latitude=50.3, longitude=-181),
    ],
    "lieu_name_and_address_not_blank": [
        changed(LieuFactory, name=""),
        changed(LieuFactory, address=""),
    ],
}


def test_every_constraint_has_a_case():
    assert set(CASES) == set(constraints("motifs"))


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_the_database_refuses(name, case):
    check_refusal(name, case)


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_full_clean_says_why(name, case):
    check_message("motifs", name, case)


def test_an_archived_motif_leaves_its_name():
    first = MotifFactory()
    first.archived_at = first.created_at
    first.save()
    MotifFactory(organisation=first.organisation, name=first.name).full_clean()


def test_a_closed_lieu_leaves_its_name():
    first = LieuFactory(availability="closed")
    LieuFactory(organisation=first.organisation, name=first.name).full_clean()
