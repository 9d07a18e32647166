"""The lines of the matrix for the pages of « Espace admin » about the territoire itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from tests.factories import BrandFactory, MotifCategoryFactory
from tests.permissions.url_matrix import (
    ADMINS,
    AGENTS,
    EVERYBODY,
    USAGERS,
    Row,
    equipe_data,
    of_organisation,
)
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire

if TYPE_CHECKING:
    from tests.cast import Cast


# Agents of the organisation: they see it, and do not run it.
NOT_ADMINS = "owner same_service other_service secretary"


def settings_data(_cast: Cast) -> dict[str, Any]:
    return {"name": "Aisne", "timezone": "Europe/Paris", "holiday_zone": "metropole"}


def a_service(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid, "urbanisme"]


def an_organisation(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid, cast.elsewhere_organisation.uuid]


def archived(cast: Cast) -> list[Any]:
    cast.elsewhere_organisation.archived_at = timezone.now()
    cast.elsewhere_organisation.save()
    return an_organisation(cast)


def a_category(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid, MotifCategoryFactory(territoire=cast.territoire).pk]


def a_legal_page(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid, BrandFactory(owner=cast.territoire).uuid, "cgu"]


def pmi_organisation(cast: Cast) -> list[Any]:
    cast.organisation.kind = "pmi"
    cast.organisation.save()
    return of_organisation(cast)


def form(**data: Any) -> Row:
    """A page of settings: its form, and what it sends."""
    return Row(
        args=of_territoire,
        get={200: TERRITOIRE_ADMIN},
        post={302: TERRITOIRE_ADMIN},
        data=lambda _: data,
    )


MATRIX: dict[str, Row] = {
    "agents:territoire_settings": Row(
        args=of_territoire,
        get={200: TERRITOIRE_ADMIN},
        post={302: TERRITOIRE_ADMIN},
        data=settings_data,
    ),
    "agents:fiche_fields": form(usager_fields=["notes"]),
    "agents:data_contacts": form(controller_name="Conseil départemental"),
    "agents:embedding_sites": form(embedding_domains="www.ville.fr"),
    "agents:sms_gateway_edit": form(sms_gateway="", sms_sender="RdvAisne"),
    "agents:sms_trial": Row(args=of_territoire, post={302: TERRITOIRE_ADMIN}),
    "agents:organisation_admin_list": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
    "agents:organisation_create": form(name="CCAS", kind="ccas"),
    "agents:organisation_archive": Row(
        args=an_organisation, get={200: TERRITOIRE_ADMIN}, post={302: TERRITOIRE_ADMIN}
    ),
    "agents:organisation_restore": Row(args=archived, post={302: TERRITOIRE_ADMIN}),
    "agents:start_up_hide": Row(args=of_organisation, post={302: ADMINS, 403: NOT_ADMINS}),
    "agents:legal_page_list": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
    "agents:legal_page_edit": Row(
        args=a_legal_page,
        get={200: TERRITOIRE_ADMIN},
        post={302: TERRITOIRE_ADMIN},
        data=lambda _: {"text": "Nos conditions."},
    ),
    # Super-administrators only: tests/integration/motifs/test_client_create.py.
    "technical_home": Row(get={}),
    "motifs:client_create": Row(get={}, post={}),
    "superadmin_login": Row(
        get={302: f"{AGENTS} {USAGERS}", 200: "token nobody"},
        post={302: f"{AGENTS} {USAGERS}", 422: "token nobody"},
    ),
    "agents:legal_mentions": Row(get={200: EVERYBODY}),
    "agents:legal_cgu": Row(get={200: EVERYBODY}),
    "agents:legal_privacy": Row(get={200: EVERYBODY}),
    "agents:legal_accessibility": Row(get={200: EVERYBODY}),
    "motifs:motif_category_list": form(name="Papiers"),
    "motifs:motif_category_edit": Row(
        args=a_category,
        get={200: TERRITOIRE_ADMIN},
        post={302: TERRITOIRE_ADMIN},
        data=lambda _: {"name": "Papiers"},
    ),
    "motifs:motif_category_delete": Row(
        args=a_category, get={200: TERRITOIRE_ADMIN}, post={302: TERRITOIRE_ADMIN}
    ),
    "motifs:motif_pack": Row(
        args=pmi_organisation,
        get={200: ADMINS, 403: NOT_ADMINS},
        post={302: ADMINS, 403: NOT_ADMINS},
        data=lambda _: {"keys": ["pesee"]},
    ),
    "agents:equipe_list": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
    "agents:equipe_create": Row(
        args=of_territoire,
        get={200: TERRITOIRE_ADMIN},
        post={302: TERRITOIRE_ADMIN},
        data=equipe_data,
    ),
    "agents:service_list": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
    "agents:service_switch": Row(
        args=a_service, post={302: TERRITOIRE_ADMIN}, data=lambda _: {"active": "1"}
    ),
}
