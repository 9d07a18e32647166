"""Issue 4: nothing that one person of a shared RDV receives or opens holds a datum of another."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agents.permissions import SystemActor
from notifications.messages.rdv import Gathering
from notifications.messages.rdvs import send_gathered
from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, Reminder
from planning.services.participation_register import register
from planning.services.rdv_announce import announce_created
from planning.services.rdv_cancel import cancel_rdv
from planning.services.rdv_edit import RdvFields, edit_rdv, move_rdv
from planning.services.rdv_remind import remind_rdv
from planning.services.rdv_status import set_participation_status, set_rdv_status
from planning.services.reminder_plan import plan_reminders
from planning.services.reminder_send import send_due_reminders
from tests.factories import LieuFactory, MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from usagers.queries.actor import load_usager_actor

DAY = timedelta(days=1)
# What belongs to each family; nothing else on any page or in any message holds these letters.
FAMILIES = {
    "zwyndrecht": {
        "parent": {
            "first_name": "Adelheid",
            "last_name": "Zwyndrecht",
            "birth_name": "Quillfeather",
            "email": "adelheid@zw.example",
            "phone_number": "+33611223344",
            "address": "7 impasse des Wallabys",
        },
        "child": {"first_name": "Ottokar", "address": "12 rue Ornithorynque"},
    },
    "krzywicki": {
        "parent": {
            "first_name": "Baozhai",
            "last_name": "Krzywicki",
            "birth_name": "Jørgensdatter",
            "email": "baozhai@kr.example",
            "phone_number": "+33655667788",
            "address": "9 sentier des Axolotls",
        },
        "child": {"first_name": "Ulrika", "address": "15 quai Tardigrade"},
    },
}
DATA = {
    "zwyndrecht": [
        "adelheid", "zwyndrecht", "quillfeather", "zw.example", "611223344", "11 22 33 44",
        "wallabys", "ottokar", "ornithorynque",
    ],
    "krzywicki": [
        "baozhai", "krzywicki", "rgensdatter", "kr.example", "655667788", "55 66 77 88",
        "axolotls", "ulrika", "tardigrade",
    ],
}  # fmt: skip
OTHER = {"zwyndrecht": "krzywicki", "krzywicki": "zwyndrecht"}


@pytest.fixture
def families(cast):
    """name -> (parent, child), all four in each of the shared RDVs."""
    found = {}
    for name, people in FAMILIES.items():
        home = {"territoire": cast.territoire, "organisations": [cast.organisation]}
        parent = UsagerFactory(**home, **people["parent"], with_account=True)
        child = UsagerFactory(
            **home,
            **people["child"],
            last_name=parent.last_name,
            responsable=parent,
            email=None,
            phone_number="",
        )
        found[name] = (parent, child)
    return found


@pytest.fixture
def shared(cast, families):
    """One RDV of each kind: each says the place in its own way."""
    people = [person for family in families.values() for person in family]
    kinds = [
        {"location_type": "sur_place", "is_collective": True},
        {"location_type": "telephone"},
        {"location_type": "domicile"},
        {"location_type": "visio"},
    ]
    return [
        RdvFactory(
            motif=MotifFactory(organisation=cast.organisation, service=cast.social, **kind),
            lieu=cast.lieu if kind["location_type"] == "sur_place" else None,
            title="Budget" if kind.get("is_collective") else "",
            agents=[cast.owner],
            usagers=people,
            starts_at=NOW + (10 + 2 * number) * DAY,
        )
        for number, kind in enumerate(kinds)
    ]


def live(cast, families, rdv, gathering):
    """Everything that can happen to a RDV, one act after the other."""
    agent = cast.actor("owner")
    parent, child = families["zwyndrecht"]

    def again():
        return Rdv.objects.get(pk=rdv.pk)

    announce_created(rdv, actor=SystemActor(), now=NOW)
    start, end = rdv.starts_at + DAY, rdv.ends_at + DAY
    move_rdv(rdv_id=rdv.pk, starts_at=start, ends_at=end, actor=cast.actor("admin"), now=NOW)
    if rdv.lieu:
        lieu = LieuFactory(organisation=cast.organisation)
        edit_rdv(rdv_id=rdv.pk, fields=RdvFields(lieu_id=lieu.pk), actor=agent, now=NOW)
    remind_rdv(rdv_id=rdv.pk, actor=agent, now=NOW)
    plan_reminders(again(), now=NOW)
    send_due_reminders(now=Reminder.objects.get(participation__usager=parent, sent_at=None).due_at)
    mine = Participation.objects.get(rdv=rdv, usager=child)
    for status in ("excused", "unknown"):
        set_participation_status(participation_id=mine.pk, status=status, actor=agent, now=NOW)
    usager = load_usager_actor(account_id=parent.account_id)
    cancel_rdv(rdv_id=rdv.pk, actor=usager, now=NOW)
    if rdv.motif.is_collective:
        register(rdv_id=rdv.pk, usager_ids=[parent.pk], actor=usager, now=NOW)
    edit_rdv(
        rdv_id=rdv.pk,
        fields=RdvFields(usagers_out=frozenset({families["krzywicki"][1].pk})),
        actor=agent,
        now=NOW,
    )
    for status in ("revoked", "unknown"):
        set_rdv_status(rdv_id=rdv.pk, status=status, actor=cast.actor("admin"), now=NOW)
    set_rdv_status(rdv_id=rdv.pk, status="revoked", actor=agent, now=NOW, gathering=gathering)


def found_in(text, data):
    text = text.replace("\r\n ", "").lower()  # folded lines of a calendar
    return [datum for datum in data if datum in text]


def test_privacy_scan_of_messages(cast, families, shared):
    gathering = Gathering(note="Le service ferme.")
    for rdv in shared:
        live(cast, families, rdv, gathering)
    send_gathered(gathering.said, now=NOW)
    parents = {value: name for name, (p, _) in families.items() for value in addresses(p)}
    leaks, kinds = [], set()
    for message in OutboxMessage.objects.all():
        family = parents.get(message.recipient)
        others = DATA[OTHER[family]] if family else [*DATA["zwyndrecht"], *DATA["krzywicki"]]
        said = [message.subject, message.body, message.html, message.ics, message.recipient_name]
        if message.kind == "participation_added_agent":  # names who joins, on purpose
            assert message.ics == ""
            assert family is None
        elif found := found_in("\n".join(said), others):
            leaks.append((message.kind, message.channel, message.recipient, found))
        kinds.add((message.kind, message.channel))
    assert leaks == []
    usager_kinds = {"rdv_created", "rdv_changed", "rdv_cancelled", "rdv_reminder"}
    both = {(kind, channel) for kind in usager_kinds for channel in ("email", "sms")}
    assert both | {("rdvs_cancelled", "email"), ("rdvs_cancelled", "sms")} <= kinds
    agents = {"rdv_created_agent", "rdv_changed_agent", "rdv_cancelled_agent"}
    agents |= {"participation_added_agent", "participation_cancelled_agent"}
    assert {(kind, "email") for kind in agents} <= kinds
    assert_own_data_is_said()


def addresses(person):
    return person.email, str(person.phone_number)


def assert_own_data_is_said():
    """The scan would find something: one's own address and number are in one's own mails."""
    mails = OutboxMessage.objects.filter(recipient="adelheid@zw.example", kind="rdv_created")
    text = "".join(mails.values_list("body", flat=True))
    assert {"wallabys", "11 22 33 44", "ottokar"} <= set(found_in(text, DATA["zwyndrecht"]))


@pytest.mark.parametrize("family", FAMILIES)
def test_privacy_scan_of_pages(families, shared, family):
    for rdv in shared:
        announce_created(rdv, actor=SystemActor(), now=NOW)
    parent, child = families[family]
    client = Client()
    client.force_login(parent.account)
    pages = {"list": client.get(reverse("usagers:rdv_list"))}
    for rdv in shared:
        for name in ("rdv_detail", "rdv_ics", "rdv_cancel"):
            pages[f"{name} {rdv.pk}"] = client.get(reverse(f"usagers:{name}", args=[rdv.uuid]))
    for message in OutboxMessage.objects.filter(recipient__in=addresses(parent)):
        pages |= link_pages(message, parent)
    leaks = {
        name: found
        for name, page in pages.items()
        if (found := found_in(page.content.decode(), DATA[OTHER[family]]))
    }
    assert leaks == {}
    assert {page.status_code for page in pages.values()} == {200}
    assert child.first_name in pages[f"rdv_detail {shared[0].pk}"].content.decode()


def link_pages(message, person):
    """Follow the link of one message, give the letters, read all that is behind."""
    client = Client()
    path = re.search(r"http://testserver(/r/\w+/)", message.body)[1]
    letters = client.get(path, follow=True)
    opened = client.post(
        reverse("usagers:token_letters"), {"letters": person.last_name[:3]}, follow=True
    )
    names = ("token_rdv", "token_ics", "token_cancel")
    pages = {f"{name} {message.pk}": client.get(reverse(f"usagers:{name}")) for name in names}
    return {f"letters {message.pk}": letters, f"opened {message.pk}": opened, **pages}
