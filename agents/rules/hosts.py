"""Names of web sites, as an administrator types them (A10). Pure."""

from __future__ import annotations

import re
from enum import StrEnum

MOST_HOSTS = 50
_LONGEST = 253
_LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")
_LOCAL = re.compile(r"(?:http://)?(?P<host>(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?)/?")
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
# A site of one's own has a name, a dot and an ending; these endings lead nowhere public.
_PRIVATE = ("localhost", "local", "internal", "lan", "home", "test", "invalid", "example")


class HostFault(StrEnum):
    SCHEME = "scheme"  # « https:// » was typed
    PATH = "path"  # an address of a page, a port, a login
    WILDCARD = "wildcard"  # « *.fr », or a star elsewhere than in front
    ADDRESS = "address"  # an IP address, or a name of one's own network
    NAME = "name"  # nothing that can be a name


class HostError(ValueError):
    def __init__(self, typed: str, fault: HostFault) -> None:
        super().__init__(f"{typed}: {fault}")
        self.typed, self.fault = typed, fault


def host_of(typed: str, *, allows_local: bool = False) -> str:
    """Return the host in lower case and ASCII (IDNA): « www.ville.fr », « *.ville.fr ».

    A star stands for the sites under a name that one can own: two labels at least after it.
    `allows_local`: this machine too, as « localhost:8001 », with or without « http:// ».
    Raises HostError.
    """
    name = typed.strip().rstrip(".")
    local = _LOCAL.fullmatch(name.lower())
    if allows_local and local:
        return local["host"]
    if _SCHEME.match(name):
        raise HostError(typed, HostFault.SCHEME)
    if re.search(r"[/?#@:\\\s;,'\"]", name):
        raise HostError(typed, HostFault.PATH)
    star = name.startswith("*.")
    bare = name[2:] if star else name
    if "*" in bare:
        raise HostError(typed, HostFault.WILDCARD)
    try:
        host = bare.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise HostError(typed, HostFault.NAME) from error
    _check(typed, host, star=star)
    return f"*.{host}" if star else host


def hosts_of(text: str, *, allows_local: bool = False) -> list[str]:
    """Return the hosts of a text, one a line, each once, in order. Raises HostError."""
    lines = [line for line in text.splitlines() if line.strip()]
    return list(dict.fromkeys(host_of(line, allows_local=allows_local) for line in lines))


def _check(typed: str, host: str, *, star: bool) -> None:
    labels = host.split(".")
    if re.fullmatch(r"[0-9.]+", host) or labels[-1] in _PRIVATE:
        raise HostError(typed, HostFault.ADDRESS)
    named = len(host) <= _LONGEST and all(_LABEL.match(label) for label in labels)
    if not named or labels[-1].isdigit():
        raise HostError(typed, HostFault.NAME)
    if len(labels) < 2:  # noqa: PLR2004
        raise HostError(typed, HostFault.WILDCARD if star else HostFault.NAME)
    if star and is_public_suffix(host):
        raise HostError(typed, HostFault.WILDCARD)


# Endings under which strangers take names, among those that a French site may have.
_SHARED = frozenset(
    """
    asso.fr com.fr gouv.fr nom.fr prd.fr tm.fr co.uk org.uk com.re asso.re nom.re github.io
    gitlab.io netlify.app vercel.app herokuapp.com wordpress.com blogspot.com wixsite.com pages.dev
    workers.dev web.app firebaseapp.com azurewebsites.net cloudfront.net amazonaws.com
    s3.amazonaws.com ovh.net
    """.split()  # noqa: SIM905 (one name a line would hide them)
)


def is_public_suffix(host: str) -> bool:
    return host in _SHARED
