"""The benchmarks are run by hand: this keeps them able to run, and able to fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench import load, report
from bench.measure import measure
from bench.queries import QUERIES
from bench.workload import D0, SETS, creneaux, rdvs
from planning.models import AgentRdv

W1 = [query for query in QUERIES if query.data == "W1"]


@pytest.fixture
def loaded(db):
    load.load(SETS["W1"], D0)
    return load.find(SETS["W1"], D0)


def test_bench_workload_has_the_agreed_counts():
    counts = {name: sum(1 for _ in rdvs(data, D0)) for name, data in SETS.items()}
    assert counts == {"W1": 160, "W2": 16_000, "W3": 150_000, "W4": 480_000}
    free = {
        name: sum(1 for _ in creneaux(SETS[name], D0, range(SETS[name].agents), range(5)))
        for name in ("W2", "W3")
    }
    assert free == {"W2": 1_800, "W3": 43_200}


def test_bench_loads_the_rows_that_the_triggers_would_write(loaded):
    rows = AgentRdv.objects.filter(agent__in=loaded.agent_ids).select_related("rdv")
    assert len(rows) == 160
    assert all(row.holds_time for row in rows)
    assert all((row.starts_at, row.ends_at) == (row.rdv.starts_at, row.rdv.ends_at) for row in rows)


@pytest.mark.parametrize("query", W1, ids=lambda query: query.id)
def test_bench_finds_what_brute_force_finds(loaded, query):
    result = measure(query, loaded, runs=2, peak=False)
    assert result.is_right
    assert result.count == result.expected == 72
    assert result.statements <= 6


def test_bench_sees_a_wrong_answer(loaded):
    lost = replace(W1[0], expect=lambda where, query: W1[0].expect(where, query)[1:])
    assert not measure(lost, loaded, runs=1, peak=False).is_right


def test_bench_prints_a_table_and_keeps_other_results(loaded, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.json")
    result = measure(W1[0], loaded, runs=1, peak=False)
    report.write({"page": {"p95_ms": 1}})
    report.write({result.id: result.as_json()})
    report.print_results([replace(result, median_ms=1000.0)])
    written = (tmp_path / "results.json").read_text()
    assert '"page"' in written
    assert '"expected": 72' in written
    assert "MISS" in capsys.readouterr().out
