"""Load the demonstration: one transaction, the same rows for the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection, models, transaction

from rdv.demo.appointments import add_rdvs
from rdv.demo.citizens import add_usagers
from rdv.demo.groups import add_groups
from rdv.demo.openings import add_openings
from rdv.demo.sectors import add_sectors
from rdv.demo.structures import add_structures, add_team, demo_password
from rdv.demo.traces import add_traces
from rdv.demo.world import World

if TYPE_CHECKING:
    from datetime import date

OURS = ("accounts", "agents", "motifs", "usagers", "planning", "notifications")
# Filled by a migration, common to every territoire.
PRESET = {"agents.Service"}


@transaction.atomic
def load_demo(today: date) -> World:
    """Insert everything and return what was made. The tables must be empty, presets apart."""
    world = World(today)
    password = demo_password()
    add_structures(world)
    add_team(world, password)
    add_sectors(world)
    add_openings(world)
    add_usagers(world, password)
    add_traces(world, add_rdvs(world))
    add_groups(world)
    _date_rows(world)
    return world


def erase_everything() -> None:
    """Empty the tables of ours, presets apart, whatever they hold."""
    tables = [
        connection.ops.quote_name(model._meta.db_table)
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if model._meta.label not in PRESET
    ]
    with connection.cursor() as cursor:
        # What triggers put off to the end of the transaction: tables with such work stay.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")


def _date_rows(world: World) -> None:
    """Replace the dates that Django wrote by the clock: the same rows each time."""
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            columns = [
                field.name
                for field in model._meta.fields
                if isinstance(field, models.DateTimeField)
                and (field.auto_now or field.auto_now_add)
            ]
            if columns and model._meta.label not in PRESET:
                model._base_manager.update(**dict.fromkeys(columns, world.founded_at))
