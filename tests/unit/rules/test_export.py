"""H01, §7.4: names, sizes and cells of the exports."""

from __future__ import annotations

from datetime import date

import pytest

from planning.rules import export as rule
from rdv.common.cells import CUT, LONGEST, safe_text


def test_H01_the_names_of_the_files_are_those_that_systems_read():
    day = date(2026, 11, 23)
    name = rule.file_name("rdv", "xlsx", day=day, organisation_id=42)
    assert name == "export-rdv-2026-11-23-org-000042.xlsx"
    name = rule.file_name("participations", "csv", day=day, organisation_id=42)
    assert name == "export-rdvs-user-2026-11-23.csv"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Léa 🙂", "Léa 🙂"),
        ("=1+1", "'=1+1"),
        ("+33 6", "'+33 6"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("\r=1+1", "'\r=1+1"),
        ("  =1+1", "'  =1+1"),
        ("＝1+1", "'＝1+1"),
        ("\x00=1+1", "'=1+1"),
        ("a\x0bb\ufffec\x1f", "abc"),
        ("deux\nlignes\tet\r", "deux\nlignes\tet\r"),
        ("a = b", "a = b"),
        ("", ""),
    ],
)
def test_H01_a_cell_never_computes_nor_breaks_the_file(typed, written):
    assert safe_text(typed) == written


def test_H01_a_long_text_is_cut_where_excel_cuts_and_says_so():
    assert safe_text("a" * LONGEST) == "a" * LONGEST
    cut = safe_text("🙂" * LONGEST)
    assert cut.endswith(CUT)
    assert LONGEST - 1 <= len(cut.encode("utf-16-le")) // 2 <= LONGEST


def test_H01_a_workbook_holds_a_million_rows():
    assert rule.refusal_of_size("xlsx", 1_000_000) is None
    assert "1 000 000 de lignes" in rule.refusal_of_size("xlsx", 1_000_001)
    assert rule.refusal_of_size("csv", 5_000_000) is None


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        (date(2008, 11, 23), False),
        (date(2008, 11, 24), True),
        (date(2008, 2, 29), False),
        (None, False),
    ],
)
def test_H01_somebody_is_a_minor_until_the_day_of_their_18th_birthday(born, minor):
    assert rule.is_minor(born, today=date(2026, 11, 23)) is minor


def test_H01_the_post_code_is_the_last_five_digits_of_an_address():
    assert rule.post_code_of("", "12000 rue des 62, 62000 ARRAS") == "62000"
    assert rule.post_code_of("75001", "62000 Arras") == "75001"
    assert rule.post_code_of("", "rue 123456") == ""


def test_H01_the_progress_goes_from_0_to_100():
    assert [rule.percentage(*pair) for pair in ((0, None), (0, 0), (999, 1000), (5, 5))] == [
        0,
        0,
        99,
        100,
    ]
