"""`make run` before it serves: the port."""

from __future__ import annotations

import socket

import pytest

from rdv import supervisor
from rdv.embedded_place import EmbeddedError


def test_setup_a_port_in_use_is_refused_with_a_way_out(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(EmbeddedError, match=r"is in use.*make run PORT=8001"):
            supervisor.read_port()


@pytest.mark.parametrize("word", ["0", "65536", "abc", "-1"])
def test_setup_a_port_must_be_a_port(monkeypatch, word):
    monkeypatch.setenv("PORT", word)
    with pytest.raises(EmbeddedError, match="not a port number"):
        supervisor.read_port()


def test_setup_a_free_port_is_taken(monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    monkeypatch.setenv("PORT", str(free))
    assert supervisor.read_port() == free
