"""E10: one action on many RDVs tells each person once, whatever then happens to the message."""

from __future__ import annotations

import re
import smtplib
from copy import copy
from datetime import date, timedelta

import pytest
import vobject
from django.core import mail
from django.urls import reverse
from icalendar import Calendar

from motifs.models import Visibility
from notifications.delivery import deliver
from notifications.messages import rdv as rdv_messages
from notifications.messages.rdvs import grouped
from notifications.messages.recipients import Author
from notifications.models import OutboxMessage
from notifications.sms_text import fold
from planning.models import Participation, Rdv, RdvBulkLine
from planning.services import rdv_bulk_run
from planning.services.rdv_bulk_run import sweep_rdv_bulks
from planning.services.rdv_edit import RdvFields, edit_rdv
from planning.services.rdv_status import set_rdv_status
from rdv.common.errors import RetryLaterError
from tests.factories import LieuFactory, MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from tests.integration.notifications.test_delivery import FailingBackend
from tests.integration.planning.bulks import line_of, run, start
from usagers.models import AccessToken

USAGERS = ("rdv_cancelled", "rdv_changed", "rdvs_cancelled", "rdvs_changed")


def leaving():
    """What the usagers receive, in order: (kind, channel, recipient)."""
    rows = OutboxMessage.objects.filter(kind__in=USAGERS).order_by("pk")
    rows = rows.exclude(state__in=["grouped", "abandoned"])
    return list(rows.values_list("kind", "channel", "recipient"))


def the(kind, channel="email"):
    return OutboxMessage.objects.get(kind=kind, channel=channel)


def another(cast, days, usagers=None, **values):
    values = {"motif": cast.motif, "lieu": cast.lieu, "agents": [cast.owner]} | values
    start = cast.rdv.starts_at + timedelta(days=days)
    return RdvFactory(usagers=usagers or [cast.usager], starts_at=start, **values)


@pytest.fixture
def three(cast):
    """Three RDVs of one person, whose subject must not be said."""
    cast.motif.name = "Violences intrafamiliales"
    cast.motif.save()
    return [cast.rdv, another(cast, 1), another(cast, 8)]


@pytest.fixture
def told(cast, three):
    """The three are cancelled by one action: its e-mail, its SMS."""
    run(start(cast, *map(line_of, three), note="L’agent est <b>absent</b>."))
    return the("rdvs_cancelled"), the("rdvs_cancelled", "sms")


def both(cast):
    usager = cast.usager
    return [("email", usager.email), ("sms", "+33612345678")]


def events_of(ics):
    """{uid: (sequence, status)}, as two parsers read it."""
    found = {
        str(event["UID"]): (int(event["SEQUENCE"]), str(event["STATUS"]))
        for event in Calendar.from_ical(ics).walk("VEVENT")
    }
    again = {
        event.uid.value: (int(event.sequence.value), event.status.value)
        for event in vobject.readOne(ics).vevent_list
    }
    assert found == again
    return found


def test_E10_three_rdvs_one_email_one_sms(cast, three, told):
    email, sms = told
    assert leaving() == [("rdvs_cancelled", *each) for each in both(cast)]
    # RFC 5546: a CANCEL holds one UID only; a PUBLISH may hold several, cancelled ones too.
    assert email.ics_method == str(Calendar.from_ical(email.ics)["METHOD"]) == "PUBLISH"
    assert events_of(email.ics) == {str(rdv.uuid): (1, "CANCELLED") for rdv in three}
    assert email.subject == "3 RDV annulés : du lundi 11 au mardi 19 janvier 2027"
    assert "L’agent est <b>absent</b>." in email.body
    assert "L’agent est &lt;b&gt;absent&lt;/b&gt;." in email.html
    links = set(re.findall(r"http://testserver/r/[A-Za-z0-9]+/", email.body))
    assert len(links) == 3
    assert set(email.secret_link.split()) == links
    assert not [link for link in links if link in email.ics or link not in email.html]
    assert sms.sms_segments == 1
    dates = "11/01 à 10h00, 12/01 à 10h00, 19/01 à 10h00"
    assert sms.body.startswith(f"Vos 3 RDV sont annulés : {dates}\n{cast.lieu.name}\nInfos : http")
    assert "Violences" not in sms.body + email.subject + email.ics
    assert email.expires_at == sms.expires_at == cast.rdv.starts_at
    # An agent's mail holds one REQUEST or CANCEL, of one UID.
    agents = OutboxMessage.objects.filter(kind="rdv_cancelled_agent")
    assert {len(events_of(each.ics)) for each in agents} <= {1}


def test_E10_a_task_that_comes_again_says_nothing_more(cast, three, told):
    bulk = RdvBulkLine.objects.first().bulk
    count = OutboxMessage.objects.count()
    assert run(bulk) == [("done", "")] * 3
    assert OutboxMessage.objects.count() == count
    assert sweep_rdv_bulks() == 0


def test_E10_the_page_of_each_rdv_shows_the_message(client, cast, three, told):
    client.force_login(cast.owner.account)
    for message in told:
        deliver(message_id=message.pk, now=NOW)
    (sent,) = mail.outbox
    for rdv in three:
        html = client.get(reverse("planning:rdv_detail", args=[rdv.uuid])).content.decode()
        log = html[html.index('id="rdv-messages"') :]
        assert log.count("Avec d’autres RDV, dans le même message") == 2
        assert cast.usager.email in log
        assert "envoyé" in log
        assert sent.to == [cast.usager.email]
    # Nobody reads the links in our tables any more.
    assert not OutboxMessage.objects.filter(kind__in=USAGERS).exclude(secret_link="").exists()
    assert not OutboxMessage.objects.filter(body__contains="/r/", kind__in=USAGERS).exists()
    assert set(OutboxMessage.objects.exclude(kind__contains="agent").values_list("state")) == {
        ("sent",),
        ("grouped",),
    }


def test_E10_a_responsable_reads_once_what_happens_to_the_family(cast):
    """Cancelled, moved, postponed, changed meanwhile: one e-mail says what was really done."""
    children = [
        UsagerFactory(territoire=cast.territoire, responsable=cast.usager, first_name=name)
        for name in ("Zoé", "Noé")
    ]
    zoe, noe = (another(cast, days, [child]) for days, child in enumerate(children, 1))
    family, lost = another(cast, 3, [cast.usager, *children]), another(cast, 4)
    lieu = LieuFactory(organisation=cast.organisation, name="Antenne de Lens")
    bulk = start(
        cast,
        line_of(cast.rdv),
        line_of(zoe, "lieu", to_lieu_id=lieu.pk),
        line_of(noe, "day", to_day=date(2027, 1, 20)),
        line_of(family),
        line_of(lost),
    )
    Rdv.objects.filter(pk=lost.pk).update(version=9)
    states = [state for state, _reason in run(bulk)]
    assert states == ["done", "done", "done", "done", "skipped"]
    assert leaving() == [("rdvs_changed", *each) for each in both(cast)]
    email, sms = the("rdvs_changed"), the("rdvs_changed", "sms")
    assert events_of(email.ics) == {
        str(cast.rdv.uuid): (1, "CANCELLED"),
        str(zoe.uuid): (1, "CONFIRMED"),
        str(noe.uuid): (1, "CONFIRMED"),
        str(family.uuid): (1, "CANCELLED"),
    }
    assert "DTSTART;TZID=Europe/Paris:20270120T100000" in email.ics
    assert email.subject.startswith("4 RDV modifiés ou annulés : du lundi 11 au mercredi 20")
    assert "(avant : mercredi 13 janvier 2027 à 10 h)" in email.body
    for said in ("Pour : Zoé", "Pour : Noé", "Antenne de Lens", "Zoé Martin"):
        assert said in email.body
    assert "vendredi 15" not in email.body
    assert (
        "Vos 2 RDV sont annulés : 11/01 à 10h00, 14/01 à 10h00\n"
        "Vos 2 RDV sont modifiés : 12/01 à 10h00 (Antenne de Lens), 20/01 à 10h00"
    ) in sms.body
    assert sms.sms_segments == 2


def test_E10_two_persons_of_one_rdv_each_read_theirs(cast, three, monkeypatch):
    """Who has one RDV gets the ordinary message. A worker killed before the end says nothing."""
    neighbour = UsagerFactory(territoire=cast.territoire, phone_number="")
    shared = another(cast, 2, [cast.usager, neighbour])
    alone = another(cast, 3, [UsagerFactory(territoire=cast.territoire, phone_number="")])
    bulk = start(cast, line_of(alone), line_of(three[0]), line_of(shared))

    def killed(said, *, now):
        send(said, now=now)
        if len(said) > 1:
            raise SystemExit

    send = rdv_bulk_run.send_gathered
    with monkeypatch.context() as patch:
        patch.setattr(rdv_bulk_run, "send_gathered", killed)
        with pytest.raises(SystemExit):
            run(bulk)
    assert [kind for kind, _channel, _to in leaving()] == ["rdv_cancelled"]
    assert not AccessToken.objects.filter(participation__rdv=shared).exists()
    assert sweep_rdv_bulks() == 1
    assert run(bulk) == [("done", "")] * 3
    by_person = [(to, kind) for kind, channel, to in leaving() if channel == "email"]
    assert sorted(by_person) == sorted(
        [
            (alone.participations.get().usager.email, "rdv_cancelled"),
            (cast.usager.email, "rdvs_cancelled"),
            (neighbour.email, "rdv_cancelled"),
        ]
    )


def test_E10_what_failed_is_told_when_it_is_done(cast, three, monkeypatch):
    """Half is done and told; the rest is told by another message when it is tried again."""
    do = rdv_bulk_run._do

    def held(line, now, gathering):
        do(line, now, gathering)
        if line.rdv_id == three[0].pk:
            raise RetryLaterError("Réessayez.")

    bulk = start(cast, *map(line_of, three))
    with monkeypatch.context() as patch:
        patch.setattr(rdv_bulk_run, "_do", held)
        assert [state for state, _reason in run(bulk)] == ["failed", "done", "done"]
    assert set(events_of(the("rdvs_cancelled").ics)) == {str(rdv.uuid) for rdv in three[1:]}
    RdvBulkLine.objects.filter(state="failed").update(state="waiting", reason="", ended_at=None)
    assert run(bulk) == [("done", "")] * 3
    assert [kind for kind, channel, _to in leaving() if channel == "email"] == [
        "rdvs_cancelled",
        "rdv_cancelled",
    ]


def test_E10_decision_7_silent_motifs_and_switches_stay_silent(cast, three):
    silent = MotifFactory(
        organisation=cast.organisation, service=cast.social, visibility=Visibility.INVISIBLE
    )
    hidden = another(cast, 9, motif=silent)
    Participation.objects.filter(rdv=three[1]).update(notifies_changes=False)
    run(start(cast, *map(line_of, [*three, hidden])))
    assert leaving() == [("rdvs_cancelled", *each) for each in both(cast)]
    assert set(events_of(the("rdvs_cancelled").ics)) == {
        str(rdv.uuid) for rdv in (three[0], three[2])
    }


def test_E10_decision_32_a_newer_fact_takes_its_rdv_out_of_what_waits(cast, three):
    """The others are still said, one by one; what is under way is left alone."""
    lieu = LieuFactory(organisation=cast.organisation)
    run(start(cast, *(line_of(rdv, "lieu", to_lieu_id=lieu.pk) for rdv in three)))
    sms = the("rdvs_changed", "sms")
    OutboxMessage.objects.filter(pk=sms.pk).update(
        state="sending", lease_until=NOW + timedelta(minutes=5)
    )
    admin = cast.actor("admin")
    later = three[0].starts_at + timedelta(hours=3)
    fields = RdvFields(starts_at=later, ends_at=later + timedelta(minutes=30))
    edit_rdv(rdv_id=three[0].pk, fields=fields, actor=admin, now=NOW)
    set_rdv_status(rdv_id=three[1].pk, status="revoked", actor=admin, now=NOW)
    emails = OutboxMessage.objects.filter(kind__in=USAGERS, channel="email")
    assert the("rdvs_changed").state == "abandoned"
    queued = emails.filter(state="queued").values_list("rdv", "kind", "grouped_in")
    assert sorted(queued) == sorted(
        [
            (three[0].pk, "rdv_changed", None),
            (three[1].pk, "rdv_cancelled", None),
            (three[2].pk, "rdv_changed", None),
        ]
    )
    assert emails.filter(state="abandoned", rdv__isnull=False).count() == 2
    sms.refresh_from_db()
    assert (sms.state, sms.parts.filter(state="grouped").count()) == ("sending", 3)


def test_E10_decision_32_after_the_first_start_the_others_are_still_said(cast, three, told):
    email, _sms = told
    late = three[0].starts_at + timedelta(minutes=1)
    deliver(message_id=email.pk, now=late)
    email.refresh_from_db()
    assert email.state == "abandoned"
    parts = OutboxMessage.objects.filter(kind="rdv_cancelled", channel="email")
    for part in parts:
        deliver(message_id=part.pk, now=late)
    assert dict(parts.values_list("rdv", "state")) == {
        three[0].pk: "abandoned",
        three[1].pk: "sent",
        three[2].pk: "sent",
    }
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("code", "end", "part"),
    [(550, "failed", "grouped"), (450, "abandoned", "queued")],
    ids=["refused for good", "no other try before the first RDV"],
)
def test_E10_C04_what_cannot_leave(three, told, settings, monkeypatch, code, end, part):
    settings.EMAIL_BACKEND = f"{FailingBackend.__module__}.FailingBackend"
    refusal = smtplib.SMTPDataError(code, b"no")
    monkeypatch.setattr(FailingBackend, "error", refusal, raising=False)
    email, _sms = told
    deliver(message_id=email.pk, now=three[0].starts_at - timedelta(seconds=30))
    email.refresh_from_db()
    assert email.state == end
    assert email.secret_link == ""
    parts = OutboxMessage.objects.filter(kind="rdv_cancelled", channel="email")
    assert list(parts.values_list("state")) == [(part,)] * 3
    # A part that still leaves keeps the link that nobody has read.
    assert [bool(one.secret_link) for one in parts] == [part == "queued"] * 3


def test_E10_C02_the_sms_about_many_rdvs_gives_the_period(cast):
    """Written from RDVs that need not be saved."""
    people = list(cast.rdv.participations.select_related("usager__responsable"))

    def sms_of(count):
        links = rdv_messages.Links(personal=lambda *_: "https://exemple.fr/r/aB3/", rdv="")
        said = []
        for days in range(count):
            rdv = copy(cast.rdv)
            rdv.starts_at += timedelta(days=days)
            occasion = rdv_messages.Occasion(rdv=rdv, author=Author(), links=links, now=NOW)
            said.append(list(rdv_messages.cancellations(occasion, people))[1])
        return grouped(said)

    assert sms_of(15).body.count("à 10h00") == 15
    sms = sms_of(60)
    assert sms.body.startswith("Vos 60 RDV du 11/01 au 11/03 sont annulés.\nInfos : https")
    assert (sms.sms_segments, fold(sms.body)) == (1, sms.body)
