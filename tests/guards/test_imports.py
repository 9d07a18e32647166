"""Who may import whom: the contracts of pyproject.toml (docs/architecture.md)."""

from importlinter.cli import lint_imports

from tests.guards.project import ROOT


def test_the_import_contracts_are_kept(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(ROOT)
    code = lint_imports(no_logo=True, cache_dir=str(tmp_path))
    assert code == 0, capsys.readouterr().out
