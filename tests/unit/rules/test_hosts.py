"""A10: what may be typed in the list of sites."""

import pytest

from agents.rules.hosts import HostError, HostFault, host_of, hosts_of


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("www.ville.fr", "www.ville.fr"),
        ("  WWW.Ville.FR.  ", "www.ville.fr"),
        ("www.mézières.fr", "www.xn--mzires-5uaf.fr"),
        ("*.ville.fr", "*.ville.fr"),
        ("*.mairie.example.fr", "*.mairie.example.fr"),
        ("a" * 63 + ".fr", "a" * 63 + ".fr"),
    ],
)
def test_A10_a_host_as_browsers_say_it(typed, host):
    assert host_of(typed) == host


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("https://www.ville.fr", HostFault.SCHEME),
        ("HTTP://ville.fr", HostFault.SCHEME),
        ("ville.fr/rendez-vous", HostFault.PATH),
        ("ville.fr:8443", HostFault.PATH),
        ("ville.fr; script-src *", HostFault.PATH),
        ("ville.fr'", HostFault.PATH),
        ("moi@ville.fr", HostFault.PATH),
        ("javascript:alert(1)", HostFault.PATH),
        ("<b>ville.fr</b>", HostFault.PATH),
        ("*", HostFault.WILDCARD),
        ("*.fr", HostFault.WILDCARD),
        ("*.gouv.fr", HostFault.WILDCARD),
        ("*.github.io", HostFault.WILDCARD),
        ("www.*.fr", HostFault.WILDCARD),
        ("192.168.1.1", HostFault.ADDRESS),
        ("mairie.local", HostFault.ADDRESS),
        ("localhost", HostFault.ADDRESS),
        ("ville", HostFault.NAME),
        ("-ville.fr", HostFault.NAME),
        ("ville..fr", HostFault.NAME),
        ("😀" * 80 + ".fr", HostFault.NAME),
        ("a" * 64 + ".fr", HostFault.NAME),
        (".".join(["a" * 60] * 5) + ".fr", HostFault.NAME),
    ],
)
def test_A10_what_no_frame_may_come_from(typed, fault):
    with pytest.raises(HostError) as raised:
        host_of(typed)
    assert raised.value.fault == fault


@pytest.mark.parametrize(
    "typed", ["localhost:8001", "http://localhost:8001/", "http://LOCALHOST:8001"]
)
def test_A10_this_machine_where_it_is_allowed(typed):
    assert host_of(typed, allows_local=True) == "localhost:8001"
    with pytest.raises(HostError):
        host_of(typed)


@pytest.mark.parametrize("typed", ["http://www.ville.fr", "https://localhost:8001", "localhost:x"])
def test_A10_nothing_else_is_of_this_machine(typed):
    with pytest.raises(HostError):
        host_of(typed, allows_local=True)


def test_A10_each_host_once_in_order():
    assert hosts_of("b.fr\n\n a.fr \nB.FR") == ["b.fr", "a.fr"]
