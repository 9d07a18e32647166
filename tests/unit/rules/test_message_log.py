"""C04: when a lost message may be sent again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from planning.rules.message_log import Facts, NoResend, Said, no_resend

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LOST = Said(order=5, kind="rdv_created", channel="email", state="failed", participation=1)
FACTS = Facts(starts_at=NOW + timedelta(days=1), is_cancelled=False, now=NOW)


def test_C04_a_lost_message_may_be_sent_again():
    earlier = replace(LOST, order=4, state="sent")
    by_sms = replace(LOST, order=6, channel="sms", state="sent")
    of_another = replace(LOST, order=7, participation=2, state="sent")
    to_the_agent = replace(LOST, order=8, kind="rdv_created_agent", participation=None, agent=7)
    assert no_resend(LOST, [earlier, LOST, by_sms, of_another, to_the_agent], FACTS) is None
    cancelled = replace(LOST, kind="rdv_cancelled", state="abandoned")
    assert no_resend(cancelled, [cancelled], replace(FACTS, is_cancelled=True)) is None


def test_C04_D01_a_lost_mail_of_an_agent_may_be_sent_again():
    mail = replace(LOST, kind="rdv_changed_agent", participation=None, agent=7)
    of_another = replace(mail, order=9, agent=8)
    assert no_resend(mail, [LOST, mail, of_another], FACTS) is None
    gone = replace(FACTS, is_cancelled=True)
    for kind in ("rdv_cancelled_agent", "rdv_removed_agent"):
        end = replace(mail, kind=kind)
        assert no_resend(end, [end], gone) is None
        assert no_resend(end, [end], FACTS) == NoResend.FALSE
        # A newer word to that agent, even lost: its calendar version would be the older one.
        assert no_resend(mail, [mail, replace(end, order=6)], FACTS) == NoResend.OUTDATED
    assert no_resend(mail, [mail], gone) == NoResend.FALSE


def test_C04_E07_news_of_people_and_words_of_usagers_may_be_sent_again():
    news = replace(LOST, kind="participation_added_agent", participation=None, agent=7, key="a")
    calendar = replace(news, order=6, kind="rdv_changed_agent", key="b")
    of_another_person = replace(news, order=7, key="c")
    assert no_resend(news, [news, calendar, of_another_person], FACTS) is None
    again = replace(news, order=8, key="a:again-5")
    assert no_resend(news, [news, again], FACTS) == NoResend.OUTDATED
    assert no_resend(again, [news, again], FACTS) is None
    # An older calendar is not overtaken by news, which have none.
    assert no_resend(replace(calendar, order=4), [calendar, news], FACTS) == NoResend.OUTDATED
    assert no_resend(replace(calendar, order=4), [news], FACTS) is None
    assert no_resend(news, [news], replace(FACTS, is_cancelled=True)) == NoResend.FALSE
    reply = replace(news, kind="usager_reply_agent")
    begun = replace(FACTS, starts_at=NOW)
    assert no_resend(news, [news], begun) == NoResend.BEGUN
    assert no_resend(reply, [reply, calendar], begun) is None
    assert no_resend(replace(reply, agent=None), [reply], begun) is None


@pytest.mark.parametrize(
    ("message", "facts", "reason"),
    [
        (replace(LOST, kind="rdv_created_agent"), FACTS, NoResend.KIND),
        (replace(LOST, participation=None), FACTS, NoResend.KIND),
        (replace(LOST, state="sent"), FACTS, NoResend.STATE),
        (replace(LOST, state="queued"), FACTS, NoResend.STATE),
        (LOST, replace(FACTS, starts_at=NOW), NoResend.BEGUN),
        (LOST, replace(FACTS, is_cancelled=True), NoResend.FALSE),
        (replace(LOST, kind="rdv_cancelled"), FACTS, NoResend.FALSE),
    ],
)
def test_C04_it_may_not(message, facts, reason):
    assert no_resend(message, [message], facts) == reason


@pytest.mark.parametrize("state", ["queued", "sent", "failed"])
def test_C04_the_latest_one_only(state):
    later = replace(LOST, order=6, kind="rdv_changed", state=state)
    assert no_resend(LOST, [LOST, later], FACTS) == NoResend.OUTDATED
