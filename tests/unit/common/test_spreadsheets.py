"""G14: files that people send, and files that somebody made on purpose."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from rdv.common.spreadsheets import MOST_BYTES, UnreadableTable, read_table

ROWS = (("E-mail", "Niveau"), ("zoé@mairie.fr", "basique"))


def xlsx(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "E-mail;Niveau\nzoé@mairie.fr;basique\n".encode(),
        "\ufeffE-mail,Niveau\r\nzoé@mairie.fr,basique\r\n".encode(),
        "E-mail;Niveau\r\nzoé@mairie.fr;basique".encode("cp1252"),
        "E-mail\tNiveau\n\n  \t\nzoé@mairie.fr\t basique \n".encode(),
        '"E-mail";"Niveau"\n"zoé@mairie.fr";"basique"\n'.encode(),
        xlsx(ROWS),
        xlsx([*ROWS, (None, None), ("", " ")]),
    ],
)
def test_G14_usual_files_read_the_same(content):
    table = read_table(content, most_rows=5)
    assert table.columns == ("e-mail", "niveau")
    assert [cells for _, cells in table.rows] == [("zoé@mairie.fr", "basique")]
    assert (table.column("courriel", "e-mail"), table.column("service")) == (0, None)


def test_G14_lines_keep_their_number_and_their_width():
    table = read_table(b"a;b\n\n1\n1;2;3\n", most_rows=5)
    assert table.rows == ((3, ("1", "")), (4, ("1", "2")))


def test_G14_a_formula_is_a_text_or_nothing():
    table = read_table(b"a;b\n=1+1;=cmd|'/c calc'!A1\n", most_rows=5)
    assert table.rows[0][1] == ("=1+1", "=cmd|'/c calc'!A1")
    assert read_table(xlsx([("a", "b"), ("=1+1", "x")]), most_rows=5).rows[0][1] == ("", "x")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\n\n ;\n", "vide"),
        (b"e-mail;niveau\n", "titres"),
        (b"a;b\n" + b"1;2\n" * 6, "plus de 5 lignes"),
        (b"x" * (MOST_BYTES + 1), "trop gros"),
        (b"a;b\n\x00;\x01\n", "illisibles"),
        (b"a;b\n" + b"x" * 1_001 + b";2\n", "illisibles"),
        (b";" * 31 + b"x\n1\n", "colonnes"),
        (b'a;b\n"1;2\n', "mal form"),
        (b"\x81\x8d\x8f", "ni un CSV"),
        (b"PK\x03\x04 not a zip", "illisible"),
        (zipped(readme=b"no sheet here"), "illisible"),
        (zipped(bomb=b"0" * 31_000_000), "trop gros"),
        (zipped(**{f"part{n}": b"" for n in range(201)}), "trop gros"),
        (
            zipped(**{"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'}),
            "illisible",
        ),
    ],
    ids=range(15),
)
def test_G14_other_files_are_refused_with_a_reason(content, words):
    with pytest.raises(UnreadableTable, match=words):
        read_table(content, most_rows=5)


def test_G14_what_a_sheet_says_of_its_size_is_not_believed():
    """A million empty lines declared in the file, two there."""
    told = xlsx(ROWS)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(told)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            content = source.read(part).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
            target.writestr(part, content)
    assert out.getvalue() != told
    assert len(read_table(out.getvalue(), most_rows=5).rows) == 1
