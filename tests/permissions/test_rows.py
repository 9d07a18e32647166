"""G01, E09: permission × person × row, against a literal table."""

from __future__ import annotations

import pytest

from agents.permissions import Permission as P
from agents.policies import agents_for, equipes_for, organisations_for, territoires_for
from motifs.policies import lieux_for, motifs_for
from planning.policies import indisponibilites_for, plages_for, rdvs_for
from tests.cast import PEOPLE
from usagers.policies import usagers_for

POLICIES = {
    "rdv": rdvs_for,
    "plage": plages_for,
    "indisponibilite": indisponibilites_for,
    "motif": motifs_for,
    "lieu": lieux_for,
    "usager": usagers_for,
    "owner": agents_for,
    "organisation": organisations_for,
    "territoire": territoires_for,
    "equipe": equipes_for,
}

ALL_OF_ORGANISATION = "owner same_service other_service secretary admin territoire_admin"
BROAD = "owner same_service secretary admin territoire_admin"
BROAD_AND_PUBLIC = BROAD + " usager token"
ADMINS = "admin territoire_admin"

# (row of the cast, permission) -> who may.
MATRIX = {
    ("rdv", P.RDV_READ): BROAD_AND_PUBLIC,
    ("rdv", P.RDV_EDIT): BROAD_AND_PUBLIC,
    ("rdv", P.RDV_CANCEL): BROAD_AND_PUBLIC,
    ("rdv", P.RDV_DELETE): ADMINS,
    ("plage", P.PLAGE_READ): BROAD,
    ("plage", P.PLAGE_EDIT): BROAD,
    ("indisponibilite", P.INDISPONIBILITE_READ): BROAD,
    ("indisponibilite", P.INDISPONIBILITE_EDIT): BROAD,
    ("motif", P.MOTIF_READ): BROAD,
    ("motif", P.MOTIF_USE): BROAD,
    # The motif is not marked for the secretariat.
    ("motif", P.MOTIF_OPEN): "owner same_service admin territoire_admin",
    ("motif", P.MOTIF_EDIT): ADMINS,
    ("lieu", P.LIEU_READ): ALL_OF_ORGANISATION,
    ("lieu", P.LIEU_EDIT): ADMINS,
    ("usager", P.USAGER_READ): ALL_OF_ORGANISATION + " usager",
    ("usager", P.USAGER_EDIT): ALL_OF_ORGANISATION + " usager",
    ("owner", P.AGENDA_READ): BROAD,
    ("owner", P.AGENT_READ): BROAD,
    ("owner", P.AGENT_EDIT): ADMINS,
    ("owner", P.AGENT_REMOVE): ADMINS,
    ("organisation", P.ORGANISATION_READ): ALL_OF_ORGANISATION,
    ("organisation", P.ORGANISATION_EDIT): ADMINS,
    ("organisation", P.RDV_CREATE): ALL_OF_ORGANISATION,
    ("organisation", P.RDV_PRESCRIBE): ALL_OF_ORGANISATION,
    ("organisation", P.AGENT_INVITE): ADMINS,
    ("organisation", P.BOOKING_LINK_READ): ALL_OF_ORGANISATION,
    ("organisation", P.EXPORT_CREATE): ADMINS,
    ("organisation", P.USAGER_IMPORT): ADMINS,
    ("organisation", P.AUDIT_READ): ADMINS,
    ("territoire", P.AUDIT_READ): "territoire_admin",
    ("territoire", P.USAGER_ERASE): "territoire_admin",
    ("equipe", P.TEAM_EDIT): "territoire_admin",
    ("organisation", P.STATS_READ): ALL_OF_ORGANISATION,
    ("territoire", P.TERRITOIRE_READ): "territoire_admin",
    ("territoire", P.TERRITOIRE_EDIT): "territoire_admin",
    ("territoire", P.ORGANISATION_CREATE): "territoire_admin",
    ("territoire", P.TEAM_EDIT): "territoire_admin",
    ("territoire", P.RIGHTS_EDIT): "territoire_admin",
    ("territoire", P.WEBHOOK_EDIT): "territoire_admin",
}


def test_G01_every_permission_is_in_the_matrix():
    assert {permission for _, permission in MATRIX} == set(P)


@pytest.mark.parametrize(
    ("row", "permission"), MATRIX, ids=[f"{row}-{permission}" for row, permission in MATRIX]
)
def test_G01_E09_who_may_touch_the_row(cast, row, permission):
    target = getattr(cast, row)
    rows = POLICIES[row]
    allowed = {
        who for who in PEOPLE if rows(cast.actor(who), permission).filter(pk=target.pk).exists()
    }
    assert allowed == set(MATRIX[row, permission].split())
