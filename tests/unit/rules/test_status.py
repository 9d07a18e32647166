"""E06, decision 35: which status may follow which, and how RDV and participations agree."""

from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from planning.rules.status import (
    ACTIVE,
    CANCELLED,
    EXCUSED,
    NOSHOW,
    REVOKED,
    SEEN,
    UNKNOWN,
    Moment,
    Part,
    derived,
    next_participation_statuses,
    next_statuses,
    pushed,
    refusal_of,
)

ALL = (*ACTIVE, *CANCELLED)
PARIS = ZoneInfo("Europe/Paris")
START = datetime(2027, 1, 11, 10, 0, tzinfo=PARIS)


def at(now: datetime, start: datetime = START, zone: ZoneInfo = PARIS) -> Moment:
    return Moment(start, start.astimezone(zone).date(), now, now.astimezone(zone).date())


DAY_BEFORE = at(START - timedelta(hours=11))
THAT_MORNING = at(START - timedelta(minutes=1))
STARTED = at(START)
IN_THE_EVENING = at(START + timedelta(hours=13, minutes=59))
DAY_AFTER = at(START + timedelta(hours=14))

# moment -> what may follow « à venir / à renseigner ».
INDIVIDUAL = [
    (DAY_BEFORE, (EXCUSED, REVOKED)),
    (THAT_MORNING, (SEEN, EXCUSED, REVOKED)),
    (STARTED, (SEEN, NOSHOW, EXCUSED, REVOKED)),
    (IN_THE_EVENING, (SEEN, NOSHOW, EXCUSED, REVOKED)),
    (DAY_AFTER, (SEEN, NOSHOW, EXCUSED, REVOKED)),
]
COLLECTIVE = [
    (DAY_BEFORE, (REVOKED,)),
    (THAT_MORNING, (SEEN, REVOKED)),
    (STARTED, (SEEN, REVOKED)),
    (DAY_AFTER, (SEEN, REVOKED)),
]
PERSON = [
    (DAY_BEFORE, (EXCUSED,)),
    (THAT_MORNING, (SEEN, EXCUSED)),
    (STARTED, (SEEN, NOSHOW, EXCUSED)),
    (DAY_AFTER, (SEEN, NOSHOW, EXCUSED)),
]


@pytest.mark.parametrize(("moment", "expected"), INDIVIDUAL)
def test_E06_what_may_become_of_an_individual_rdv(moment, expected):
    assert next_statuses(UNKNOWN, moment=moment) == expected


@pytest.mark.parametrize(("moment", "expected"), COLLECTIVE)
def test_E07_what_may_become_of_a_workshop(moment, expected):
    assert next_statuses(UNKNOWN, moment=moment, is_collective=True) == expected


@pytest.mark.parametrize(("moment", "expected"), PERSON)
def test_E06_what_may_become_of_a_person(moment, expected):
    assert next_participation_statuses(UNKNOWN, rdv_status=UNKNOWN, moment=moment) == expected


@pytest.mark.parametrize("moment", [moment for moment, _ in INDIVIDUAL])
@pytest.mark.parametrize("status", [SEEN, NOSHOW, EXCUSED, REVOKED])
def test_E06_everything_else_only_goes_back(moment, status):
    """Never from one outcome straight to another: the restore has its own checks."""
    assert next_statuses(status, moment=moment) == (UNKNOWN,)
    assert next_statuses(status, moment=moment, is_collective=True) == (UNKNOWN,)
    assert next_participation_statuses(status, rdv_status=UNKNOWN, moment=moment) == (UNKNOWN,)


@pytest.mark.parametrize(("status", "rdv_status"), [*product(ALL, CANCELLED)])
def test_E06_nobody_s_part_changes_in_a_cancelled_rdv(status, rdv_status):
    allowed = next_participation_statuses(status, rdv_status=rdv_status, moment=DAY_AFTER)
    assert allowed == ()


def test_decision_3_the_day_is_that_of_the_territoire():
    """1:00 on the 12th in La Réunion is the evening of the 11th in Paris."""
    reunion = ZoneInfo("Indian/Reunion")
    start = datetime(2027, 1, 12, 1, 0, tzinfo=reunion)
    now = datetime(2027, 1, 11, 23, 30, tzinfo=reunion)
    assert SEEN not in next_statuses(UNKNOWN, moment=at(now, start, reunion))
    assert SEEN in next_statuses(UNKNOWN, moment=at(now, start, PARIS))


@pytest.mark.parametrize("moment", [DAY_BEFORE, STARTED])
@pytest.mark.parametrize(("status", "wanted"), [*product(ALL, (*ALL, "lost", ""))])
def test_E06_a_refusal_is_given_exactly_when_it_is_not_allowed(status, wanted, moment):
    allowed = next_statuses(status, moment=moment)
    refusal = refusal_of(wanted, status=status, allowed=allowed, moment=moment)
    assert (refusal is None) == (wanted in allowed)


def test_E06_too_early_says_so():
    allowed = next_statuses(UNKNOWN, moment=DAY_BEFORE)
    refusal = refusal_of(NOSHOW, status=UNKNOWN, allowed=allowed, moment=DAY_BEFORE)
    assert refusal is not None
    assert "n’a pas encore eu lieu" in refusal


# From the RDV to its people

T1, T2 = START - timedelta(days=2), START - timedelta(days=1)


@pytest.mark.parametrize(
    ("wanted", "before", "after"),
    [
        (SEEN, [UNKNOWN, NOSHOW, EXCUSED], [SEEN, NOSHOW, EXCUSED]),
        (NOSHOW, [UNKNOWN, SEEN, REVOKED], [NOSHOW, SEEN, REVOKED]),
        (EXCUSED, [UNKNOWN, NOSHOW, EXCUSED], [EXCUSED, EXCUSED, EXCUSED]),
        (REVOKED, [UNKNOWN, EXCUSED], [REVOKED, EXCUSED]),
        (UNKNOWN, [SEEN, NOSHOW, EXCUSED], [UNKNOWN, UNKNOWN, EXCUSED]),
    ],
)
def test_E06_the_rdv_s_status_goes_to_its_people(wanted, before, after):
    parts = [Part(status, T1 if status in CANCELLED else None) for status in before]
    assert pushed(wanted, rdv_status=SEEN, parts=parts) == after


@pytest.mark.parametrize(
    ("rdv_status", "parts", "after"),
    [
        # Who had left before the service cancelled stays away.
        (REVOKED, [Part(EXCUSED, T1), Part(REVOKED, T2)], [EXCUSED, UNKNOWN]),
        # Somebody taken off the list before, too.
        (REVOKED, [Part(REVOKED, T1), Part(REVOKED, T2)], [REVOKED, UNKNOWN]),
        # The last family to leave took the RDV with them: only they come back.
        (EXCUSED, [Part(EXCUSED, T1), Part(EXCUSED, T2), Part(EXCUSED, T2)],
         [EXCUSED, UNKNOWN, UNKNOWN]),
        (EXCUSED, [Part(EXCUSED, T1)], [UNKNOWN]),
        # A workshop that everybody had left.
        (REVOKED, [Part(EXCUSED, T1)], [EXCUSED]),
        (REVOKED, [], []),
    ],
)  # fmt: skip
def test_E12_restoring_brings_back_those_cancelled_with_the_rdv(rdv_status, parts, after):
    assert pushed(UNKNOWN, rdv_status=rdv_status, parts=parts) == after


# From the people to their RDV


def derive(*parts, rdv_status=UNKNOWN, moment=STARTED, is_collective=False):
    return derived(rdv_status=rdv_status, parts=parts, moment=moment, is_collective=is_collective)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((SEEN, NOSHOW), SEEN),
        ((SEEN, UNKNOWN), SEEN),
        ((EXCUSED, EXCUSED), EXCUSED),
        ((REVOKED, REVOKED), REVOKED),
        ((REVOKED, EXCUSED), EXCUSED),
        ((NOSHOW, NOSHOW), NOSHOW),
        ((NOSHOW, EXCUSED), NOSHOW),
        ((NOSHOW, UNKNOWN), UNKNOWN),
        ((UNKNOWN, EXCUSED), UNKNOWN),
    ],
)
def test_E06_the_people_s_statuses_make_the_rdv_s(parts, expected):
    assert derive(*parts) == expected
    assert derive(*reversed(parts), rdv_status=SEEN) == expected


@pytest.mark.parametrize(
    ("parts", "moment", "before", "expected"),
    [
        ((SEEN, UNKNOWN), STARTED, UNKNOWN, SEEN),
        ((EXCUSED, EXCUSED), DAY_BEFORE, UNKNOWN, UNKNOWN),
        ((NOSHOW, EXCUSED), IN_THE_EVENING, UNKNOWN, UNKNOWN),
        ((NOSHOW, EXCUSED), DAY_AFTER, UNKNOWN, REVOKED),
        ((UNKNOWN, EXCUSED), DAY_AFTER, UNKNOWN, UNKNOWN),
        ((), DAY_AFTER, UNKNOWN, UNKNOWN),
    ],
)
def test_E07_a_workshop_that_people_left_still_stands(parts, moment, before, expected):
    assert derive(*parts, rdv_status=before, moment=moment, is_collective=True) == expected


def test_a_day_is_not_an_instant():
    assert at(START).day == date(2027, 1, 11)
