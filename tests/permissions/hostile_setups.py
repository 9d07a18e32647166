"""Good data of the forms that the matrix posts incomplete, and the way to those of a journey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from motifs.queries.motif_bulk import LABELS
from planning.models import Participation
from rdv.accounts.models import Account, AccountSession
from rdv.login.oidc_tokens import Metadata
from tests.address_service import ARRAS, running
from tests.factories import RdvFactory, SectorFactory, UsagerFactory
from tests.factories.agents import PASSWORD
from tests.factories.planning import NOW
from tests.permissions.hostile_journeys import JOURNEYS, Prepared
from tests.permissions.url_matrix import motif_data, of_organisation, the_rdv
from tests.permissions.url_matrix_fiches import a_quiet_fiche
from tests.permissions.url_matrix_lists import the_workshop
from tests.permissions.url_matrix_territoire import of_territoire

if TYPE_CHECKING:
    from tests.cast import Cast

NEW_PASSWORD = "Agraf3-Batterie!"


@dataclass(frozen=True)
class Setup:
    """`data` replaces the matrix's; `prepare` makes the world and returns the URL and the data.

    `who`: somebody else than the first whom the row allows. `around`: what a site has that this
    one has not.
    """

    who: str = ""
    data: Callable[[Cast], dict[str, Any]] | None = None
    prepare: Callable[[Any, Cast], Prepared] | None = None
    around: Callable[[Any], AbstractContextManager[Any]] = nullcontext


def sends(**data: Any) -> Setup:
    return Setup(data=lambda _: data)


def a_file(*lines: str) -> Setup:
    return Setup(data=lambda _: {"file": csv_file(*lines)})


def csv_file(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("liste.csv", "\n".join(lines).encode())


def proven(client: Any) -> None:
    """As after « Confirmez que c’est vous »."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": NOW.timestamp(), "username": "x"}
    ]
    session.save()


def behind_proof(page: str, **data: Any) -> Setup:
    def prepare(client: Any, _cast: Cast) -> Prepared:
        proven(client)
        return reverse(page), data

    return Setup(prepare=prepare)


def as_superadmin(name: str, data: Callable[[Cast], dict[str, Any]]) -> Setup:
    def prepare(client: Any, cast: Cast) -> Prepared:
        client.force_login(Account.objects.create_superuser("chef@example.fr", PASSWORD))
        return reverse(name), data(cast)

    return Setup(who="nobody", prepare=prepare)


def usager_login(_: Any, cast: Cast) -> Prepared:
    account = cast.usager.account
    account.set_password(PASSWORD)
    account.save()
    return reverse("account_usager_login"), {"login": account.email, "password": PASSWORD}


def superadmin_login(_: Any, _cast: Cast) -> Prepared:
    account = Account.objects.create_superuser("chef@example.fr", PASSWORD)
    return reverse("superadmin_login"), {"login": account.email, "password": PASSWORD}


def new_password(client: Any, cast: Cast) -> Prepared:
    """The link of the mail leaves its key in the session, and leads to an address without it."""
    account = cast.owner.account
    key = default_token_generator.make_token(account)
    link = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(account), key])
    return client.get(link)["Location"], TWICE


def a_sector(_: Any, cast: Cast) -> Prepared:
    SectorFactory(territoire=cast.territoire, human_id="arras-nord")
    return reverse("agents:sector_import", args=of_territoire(cast)), {
        "file": csv_file(*SECTORS_FILE)
    }


def impersonating(client: Any, cast: Cast) -> Prepared:
    client.force_login(Account.objects.create_superuser("chef@example.fr", PASSWORD))
    typed = {"email": cast.owner.email, "reason": "Demande d’aide 1234"}
    client.post(reverse("agents:impersonation"), typed)
    return reverse("agents:impersonation_end"), {}


def quiet_fiche(_: Any, cast: Cast) -> Prepared:
    return reverse("usagers:usager_remove", args=a_quiet_fiche(cast)), {}


def lonely_usager(_: Any, cast: Cast) -> Prepared:
    args = [cast.territoire.uuid, cast.other_usager.uuid]
    data = {"reason": "person", "confirms": "on"}
    return reverse("planning:usager_data", args=args), data


def free_agent(_: Any, cast: Cast) -> Prepared:
    args = [cast.organisation.uuid, cast.same_service.uuid]
    return reverse("planning:agent_remove", args=args), {"confirms": "on"}


def arrived(_: Any, cast: Cast) -> Prepared:
    """A RDV of today: somebody may be said to have come."""
    rdv = RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        usagers=[cast.usager],
        starts_at=NOW + timedelta(minutes=10),
    )
    row = Participation.objects.get(rdv=rdv)
    return reverse("planning:participation_arrival", args=[row.uuid]), {"here": "1", "next": "/"}


def all_rdvs(_: Any, cast: Cast) -> Prepared:
    address = reverse("planning:rdv_bulk_preview", args=of_organisation(cast))
    return (
        f"{address}?agent={cast.owner.uuid}&jour=2027-01-04&dernier_jour=2027-02-01",
        {"default_choice": "cancel", "new_day": "2027-01-20", "rdv": [str(cast.rdv.uuid)]},
    )


def every_setting(cast: Cast) -> dict[str, Any]:
    chosen = {"motif": [str(cast.motif.uuid)], "change": list(LABELS)}
    return {**motif_data(cast), **chosen}


def new_person(**more: Any) -> Setup:
    return sends(last_name="Zola", first_name="Léa", kind="responsable", **more)


def a_move(_: Any, cast: Cast) -> Prepared:
    """An usager moves their RDV to another créneau of the plage."""
    cast.motif.is_movable_by_usager = True
    cast.motif.save()
    address = reverse("usagers:rdv_move_confirm", args=the_rdv(cast))
    return f"{address}?creneau=2027-01-11T10:00Z&lieu={cast.lieu.uuid}", {}


def workshop(name: str, data: Callable[[Cast], dict[str, Any]]) -> Setup:
    def prepare(_: Any, cast: Cast) -> Prepared:
        return reverse(name, args=the_workshop(cast)), data(cast)

    return Setup(prepare=prepare)


@contextmanager
def address_service(settings: Any) -> Iterator[None]:
    with running(settings) as service:
        service.finds(ARRAS)
        yield


@contextmanager
def identity_provider(settings: Any) -> Iterator[None]:
    """Nobody asks the provider anything before its answer, but where it is."""
    site = "https://fournisseur.exemple.fr"
    for prefix in ("FRANCECONNECT", "PROCONNECT"):
        setattr(settings, f"{prefix}_ISSUER", site)
        setattr(settings, f"{prefix}_CLIENT_ID", "rdv")
        setattr(settings, f"{prefix}_CLIENT_SECRET", "x")
    known = Metadata(site, *(f"{site}/{page}" for page in ("ask", "token", "user", "keys")))
    with patch("rdv.login.oidc_tokens.metadata_of", return_value=known):
        yield


def application(client: Any, cast: Cast) -> Prepared:
    """An application for the codes, which they take away."""
    Authenticator.objects.create(user=cast.owner.account, type="totp", data={"secret": "x"})
    proven(client)
    return reverse("mfa_deactivate_totp"), {}


def another_device(client: Any, cast: Cast) -> Prepared:
    phone = type(client)()
    phone.force_login(cast.owner.account)
    row = AccountSession.objects.create(
        account=cast.owner.account,
        session_id=phone.session.session_key,
        created_at=NOW,
        seen_at=NOW,
    )
    return reverse("account_device_end", args=[row.uuid]), {}


AGENTS_FILE = ("e-mail;prénom;nom;niveau;services", "ana@exemple.fr;Ana;Petit;basique;social")
USAGERS_FILE = ("nom;prénom;e-mail", "Zola;Léa;zola@exemple.fr")
SECTORS_FILE = (
    "sector_id;city_name;city_code",
    "arras-nord;Arras;62041",
)
CLIENT = {
    "territoire_name": "Ville de Laon",
    "territoire_kind": "commune",
    "departement_number": "02",
    "timezone": "Europe/Paris",
    "holiday_zone": "metropole",
    "organisation_name": "Mairie de Laon",
    "organisation_kind": "mairie",
    "phone_number": "03 23 00 00 00",
    "lieu_address": "2 place de la Mairie, 02000 Laon",
    "services": ["ccas"],
    "takes_pack": "on",
    "first_name": "Jeanne",
    "last_name": "Martin",
    "email": "Jeanne@laon.fr",
}
TWICE = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

# Refused here, whatever is sent: only providers know the words, see test_hostile_machines.
CLOSED = {
    "notifications:mail_events",
    "notifications:sms_report",
    "planning:mail_replies",
}

SETUPS: dict[str, Setup] = {
    "account_login": Setup(
        who="nobody", data=lambda cast: {"login": cast.owner.email, "password": PASSWORD}
    ),
    "superadmin_login": Setup(who="nobody", prepare=superadmin_login),
    "account_reset_password_from_key": Setup(who="nobody", prepare=new_password),
    "account_usager_login": Setup(who="nobody", prepare=usager_login),
    "account_reset_password": sends(email="lea@exemple.fr"),
    "account_change_password": sends(oldpassword=PASSWORD, **TWICE),
    "account_reauthenticate": sends(password=PASSWORD),
    "mfa_activate_totp": behind_proof("mfa_activate_totp", code="123456"),
    "mfa_add_webauthn": behind_proof("mfa_add_webauthn", name="Clé", credential="{}"),
    "mfa_generate_recovery_codes": behind_proof("mfa_generate_recovery_codes"),
    "agents:agent_import": a_file(*AGENTS_FILE),
    "agents:territoire_agent_import": a_file(*AGENTS_FILE),
    "agents:sector_import": Setup(prepare=a_sector),
    "usagers:usager_import": a_file(*USAGERS_FILE),
    "agents:impersonation": as_superadmin(
        "agents:impersonation",
        lambda cast: {"email": cast.owner.email, "reason": "Demande d’aide 1234"},
    ),
    "agents:impersonation_end": Setup(who="nobody", prepare=impersonating),
    "motifs:client_create": as_superadmin("motifs:client_create", lambda _: CLIENT),
    "motifs:motif_bulk": Setup(data=every_setting),
    "motifs:motif_bulk_of_territoire": Setup(data=every_setting),
    "motifs:sector_test": Setup(
        data=lambda _: {"address": "1 rue de la Paix, Arras"}, around=address_service
    ),
    "franceconnect_login": Setup(
        who="nobody", data=lambda _: {"next": "/"}, around=identity_provider
    ),
    "proconnect_login": Setup(who="nobody", data=lambda _: {"next": "/"}, around=identity_provider),
    "mfa_deactivate_totp": Setup(who="owner", prepare=application),
    "account_device_end": Setup(who="owner", prepare=another_device),
    "agents:sector_attribute": Setup(data=lambda cast: {"receiver": str(cast.organisation.uuid)}),
    "agents:blocked_address_clear": sends(next="/"),
    "planning:blocked_address_clear": sends(next="/"),
    "planning:usager_data": Setup(prepare=lonely_usager),
    "planning:agent_remove": Setup(prepare=free_agent),
    "planning:participation_arrival": Setup(prepare=arrived),
    "planning:rdv_bulk_preview": Setup(prepare=all_rdvs),
    "planning:rdv_draft_usager_new": new_person(),
    "planning:rdv_draft_details": Setup(
        data=lambda cast: {
            "day": "2027-01-12",
            "time": "14:00",
            "duration": "30",
            "agents": [cast.owner.pk],
            "lieu": cast.lieu.pk,
        }
    ),
    "planning:rdv_collectif_usager_new": new_person(),
    "usagers:usager_new": new_person(),
    "usagers:usager_remove": Setup(prepare=quiet_fiche),
    "usagers:usager_merge": Setup(
        data=lambda cast: {
            "fusionner": "1",
            "a": str(cast.usager.uuid),
            "b": str(UsagerFactory(territoire=cast.territoire).uuid),
        }
    ),
    "usagers:rdv_move_confirm": Setup(prepare=a_move),
    "usagers:account_password": sends(new=NEW_PASSWORD, again=NEW_PASSWORD),
    "usagers:account_end": sends(understood="on", accepts_cancelling="on"),
    **{name: Setup(who="nobody", prepare=prepare) for name, prepare in JOURNEYS.items()},
}
