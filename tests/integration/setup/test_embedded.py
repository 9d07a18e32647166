"""The embedded servers: shared, stopped by the last run, started again after any crash."""

from __future__ import annotations

import sys

import pytest

pytestmark = pytest.mark.processes

PRINT_URLS = ("sh", "-c", "echo $DATABASE_URL $REDIS_URL")


def test_setup_a_run_gets_both_servers_and_leaves_no_process(checkout):
    code, out, err = checkout.run("sh", "-c", "echo $DATABASE_URL $REDIS_URL; exit 3")
    assert (code, err) == (3, "")
    database, redis = out.split()
    assert database.startswith("postgres://rdv@/rdv?host=/tmp/rdv-")
    assert redis.startswith("redis+socket:///tmp/rdv-")
    assert checkout.processes() == []


def test_setup_servers_named_by_the_environment_are_used_as_they_are(checkout):
    named = {"DATABASE_URL": "postgres://a/b", "REDIS_URL": "redis://c/0"}
    code, out, _err = checkout.run(*PRINT_URLS, **named)
    assert (code, out.split()) == (0, ["postgres://a/b", "redis://c/0"])
    assert not (checkout.path / ".local" / "test" / "postgres").exists()


def test_setup_two_runs_share_the_servers_and_the_last_one_stops_them(checkout):
    first, second = checkout.hold("first"), checkout.hold("second")
    checkout.let_go("first")
    assert first.wait(120) == 0
    left = set(checkout.processes())
    assert first.pid not in left
    assert second.pid in left
    assert len(left) > 3  # two keepers, two servers, the run
    checkout.let_go("second")
    assert second.wait(120) == 0
    assert checkout.processes() == []


def test_setup_kill_9_of_a_run_leaves_no_process(checkout):
    run = checkout.hold("run")
    run.kill()
    assert checkout.wait_until(lambda: checkout.processes() == [])


def test_setup_kill_9_of_everything_is_recovered_silently(checkout):
    insert = "create table kept as select 1 as row"
    psql = "import psycopg, os; c = psycopg.connect(os.environ['DATABASE_URL'], autocommit=True); "
    python = [sys.executable, "-c"]
    code, _out, err = checkout.run(*python, psql + f"c.execute('{insert}')", profile="dev")
    assert (code, err) == (0, "")
    checkout.hold("run", profile="dev")
    checkout.kill_everything()
    select = psql + "print(c.execute('select count(*) from kept').fetchone()[0])"
    assert checkout.run(*python, select, profile="dev") == (0, "1\n", "")


def test_setup_spoilt_test_data_is_made_again(checkout):
    assert checkout.run("true")[0] == 0
    data = checkout.path / ".local" / "test" / "postgres"
    (data / "global" / "pg_control").write_bytes(b"spoilt")
    assert checkout.run("true") == (0, "", "")


def test_setup_data_of_another_postgresql_is_refused_with_a_way_out(checkout):
    assert checkout.run("true", profile="dev")[0] == 0
    (checkout.path / ".local" / "dev" / "postgres" / "PG_VERSION").write_text("12\n")
    code, _out, err = checkout.run("true", profile="dev")
    assert code == 1
    assert "was made by PostgreSQL 12" in err
    assert "make reset" in err
