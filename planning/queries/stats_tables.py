"""The tables of each page of statistics: what is told apart, by what name, with which link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from agents.models import Agent, Organisation
from motifs.models import Availability, Lieu, LocationType, Motif
from planning.queries.stats import Tally
from planning.queries.stats_page import Table, added, grouped, no_url, origin_table, table_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planning.queries.stats import Figures, StatsFilter
    from planning.queries.stats_links import RdvLinks


def organisation_tables(figures: Figures, link: RdvLinks) -> list[Table]:
    """By origin, type, motif, service, lieu and agent."""
    motifs = _motifs(figures)
    lieux = Lieu.objects.in_bulk([key for key in figures.lieux if key])
    return [
        origin_table(figures),
        type_table(figures, motifs),
        Table(
            "motifs",
            _("Par motif"),
            _("Motif"),
            grouped(
                figures.motifs,
                lambda key: _motif_name(motifs[key]),
                lambda key: link(motif=motifs[key]),
            ),
        ),
        service_table(figures, motifs),
        Table(
            "lieux",
            _("Par lieu"),
            _("Lieu"),
            grouped(
                figures.lieux,
                lambda key: _lieu_name(lieux.get(key)),
                lambda key: _lieu_url(lieux.get(key), link),
            ),
        ),
        _agent_table(figures, link),
    ]


def _agent_table(figures: Figures, link: RdvLinks) -> Table:
    agents = Agent.objects.select_related("account").in_bulk(figures.agents)
    lines = grouped(
        figures.agents,
        lambda key: agents[key].full_name or _("Agent sans nom"),
        lambda key: "" if agents[key].deactivated_at else link(agent=agents[key]),
    )
    note = _("Un RDV de plusieurs agents compte pour chacun d’eux.")
    return Table("agents", _("Par agent"), _("Agent"), lines, note)


def own_tables(figures: Figures, link: RdvLinks, me: Agent) -> list[Table]:
    """By organisation, origin, type, motif and service."""
    motifs = _motifs(figures)
    return [
        organisation_table(
            figures,
            motifs,
            lambda row: "" if row.archived_at else link(organisation=row, agent=me),
        ),
        origin_table(figures),
        type_table(figures, motifs),
        Table(
            "motifs",
            _("Par motif"),
            _("Motif"),
            grouped(figures.motifs, lambda key: _motif_name(motifs[key]), no_url),
        ),
        service_table(figures, motifs),
    ]


def territoire_tables(figures: Figures, wanted: StatsFilter) -> list[Table]:
    """By organisation, service, origin and type; an organisation leads to its own page."""
    motifs = _motifs(figures)
    period = urlencode({"debut": wanted.first.isoformat(), "fin": wanted.last.isoformat()})

    def url(organisation: Organisation) -> str:
        if organisation.archived_at:
            return ""
        page = reverse("planning:stats_organisation", args=[organisation.uuid])
        return f"{page}?{period}"

    return [
        organisation_table(figures, motifs, url),
        service_table(figures, motifs),
        origin_table(figures),
        type_table(figures, motifs),
    ]


def organisation_table(
    figures: Figures, motifs: Mapping[int, Motif], url_of: Callable[[Organisation], str]
) -> Table:
    """A motif is of one organisation: the motifs' counts, added up."""
    rows = _by(figures, motifs, lambda motif: motif.organisation)
    lines = table_lines(
        (
            _("%(name)s (archivée)") % {"name": row.name} if row.archived_at else row.name,
            tally,
            url_of(row),
        )
        for row, tally in rows.items()
    )
    return Table("organisations", _("Par organisation"), _("Organisation"), lines)


def service_table(figures: Figures, motifs: Mapping[int, Motif]) -> Table:
    rows = _by(figures, motifs, lambda motif: motif.service.name)
    lines = table_lines((name, tally, "") for name, tally in rows.items())
    return Table("services", _("Par service"), _("Service"), lines)


def type_table(figures: Figures, motifs: Mapping[int, Motif]) -> Table:
    rows = _by(figures, motifs, lambda motif: motif.location_type)
    lines = table_lines(
        ((str(label), rows.get(key, Tally()), "") for key, label in LocationType.choices),
        in_order=True,
    )
    return Table("types", _("Par type de RDV"), _("Type"), lines)


def _motifs(figures: Figures) -> dict[int, Motif]:
    rows = Motif.objects.select_related("service", "organisation__territoire")
    return rows.in_bulk(figures.motifs)


def _by(
    figures: Figures, motifs: Mapping[int, Motif], key_of: Callable[[Motif], Any]
) -> dict[Any, Tally]:
    groups: dict[Any, list[Tally]] = {}
    for key, tally in figures.motifs.items():
        groups.setdefault(key_of(motifs[key]), []).append(tally)
    return {key: added(tallies) for key, tallies in groups.items()}


def _motif_name(motif: Motif) -> str:
    return _("%(name)s (archivé)") % {"name": motif.name} if motif.archived_at else motif.name


def _lieu_name(lieu: Lieu | None) -> str:
    if lieu is None:
        return _("Sans lieu (téléphone, visio, domicile)")
    if lieu.availability == Availability.SINGLE_USE:
        return _("Lieux ponctuels")
    return lieu.name


def _lieu_url(lieu: Lieu | None, link: RdvLinks) -> str:
    if lieu is None or lieu.availability == Availability.SINGLE_USE:
        return ""
    return link(lieu=lieu)
