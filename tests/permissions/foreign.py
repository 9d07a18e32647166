"""The rows of another territoire, which nobody of the cast may touch, and whether they were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from tests.cast import the_cast
from tests.factories import (
    AgentFactory,
    EquipeFactory,
    IndisponibiliteFactory,
    LieuFactory,
    MotifCategoryFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    SectorFactory,
    UsagerFactory,
)
from tests.snapshot import Snapshot

if TYPE_CHECKING:
    from tests.cast import Cast

Rows = dict[type[models.Model], models.Model]
# What a name without a good value means.
MEANT = {
    "agent": "agents.Agent",
    "lieu": "motifs.Lieu",
    "motif": "motifs.Motif",
    "organisation": "agents.Organisation",
    "equipe": "agents.Equipe",
    "sector": "agents.Sector",
    "category": "motifs.MotifCategory",
    "plage": "planning.PlageOuverture",
    "rdv": "planning.Rdv",
}


def _build() -> tuple[Cast, Rows]:
    cast = the_cast()
    organisation = cast.stranger.roles.get().organisation
    territoire = organisation.territoire
    agent = AgentFactory(organisations=[organisation], services=[cast.social])
    motif = MotifFactory(organisation=organisation, service=cast.social)
    lieu = LieuFactory(organisation=organisation)
    usager = UsagerFactory(territoire=territoire, organisations=[organisation])
    rdv = RdvFactory(motif=motif, lieu=lieu, agents=[agent], usagers=[usager])
    workshop = MotifFactory(organisation=organisation, service=cast.social, is_collective=True)
    RdvFactory(
        motif=workshop,
        lieu=lieu,
        agents=[agent],
        starts_at=datetime(2027, 1, 12, 13, tzinfo=UTC),
        seats_total=5,
    )
    rows = [
        territoire,
        organisation,
        agent,
        motif,
        lieu,
        usager,
        rdv,
        rdv.participations.get(),
        PlageOuvertureFactory(lieu=lieu, agent=agent, motifs=[motif]),
        IndisponibiliteFactory(agent=agent),
        EquipeFactory(territoire=territoire),
        MotifCategoryFactory(territoire=territoire),
        SectorFactory(territoire=territoire, organisations=[organisation]),
    ]
    return cast, {type(row): row for row in rows}


# The cast, and the foreign row of each model.
the_worlds = Snapshot(_build)


def foreign_value(rows: Rows, name: str, field: Any, sample: str) -> str | None:
    """Return the id of the foreign row of the same model as the honest one, None if not an id."""
    model = _model(rows, name, field, sample)
    if model is None:
        return None
    row: Any = rows[model]
    by_uuid = getattr(field, "to_field_name", None) == "uuid" or not sample.isdigit()
    return str(row.uuid if by_uuid and hasattr(row, "uuid") else row.pk)


def _model(rows: Rows, name: str, field: Any, sample: str) -> Any:
    chosen = getattr(getattr(field, "queryset", None), "model", None)
    if chosen is not None:
        return chosen if chosen in rows else None
    try:
        UUID(sample)
    except ValueError:
        pass
    else:
        for model in rows:
            if hasattr(model, "uuid") and model._default_manager.filter(uuid=sample).exists():
                return model
    if sample and not sample.isdigit():
        return None
    meant = next((label for word, label in MEANT.items() if word in name), None)
    if meant is None and (sample or field is not None):
        return None
    return apps.get_model(meant or "usagers.Usager")


def fingerprint(rows: Rows) -> dict[str, str]:
    """Return a digest of the foreign rows, and of every row that points to one of them."""
    keys = {model: [row.pk] for model, row in rows.items()}
    parts, params = [], []
    for model in apps.get_models(include_auto_created=True):
        for column in model._meta.concrete_fields:
            target = model if column.primary_key else column.related_model
            if target not in keys or not isinstance(target, type):
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            parts.append(
                f"SELECT %s, md5(string_agg(to_jsonb(t)::text, '' ORDER BY to_jsonb(t)::text))"
                f" FROM {table} t WHERE t.{connection.ops.quote_name(column.column)} = ANY(%s)"
            )
            params += [f"{model._meta.db_table}.{column.column}", keys[target]]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return dict(cursor.fetchall())


_UNTOUCHED: dict[tuple[int, ...], dict[str, str]] = {}


def untouched(rows: Rows) -> dict[str, str]:
    """Return the fingerprint of these rows as they were found first: the same for most tests."""
    key = tuple(row.pk for row in rows.values())
    if key not in _UNTOUCHED:
        _UNTOUCHED[key] = fingerprint(rows)
    return _UNTOUCHED[key]
