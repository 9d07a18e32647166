"""Who may import whom: the contracts of pyproject.toml (docs/architecture.md)."""

import subprocess
import sys

from tests.guards.project import ROOT

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"


def test_the_import_contracts_are_kept():
    """In a process of its own: import-linter silences every logger of the one it runs in."""
    command = [sys.executable, "-c", LINT]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
