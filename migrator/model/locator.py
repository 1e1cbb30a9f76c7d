"""A locator: the one-line name of a zone somewhere. Parsing is pure; whether a path exists is passed in."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from ipaddress import IPv6Address
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote

from dns.name import Name

from migrator.errors import InputError
from migrator.model.domains import domain_named, domain_within, is_address, why_no_domain, without_secrets
from migrator.model.values import dataclass

_NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
MAX_PORT = 65535
DNS_PORT = 53
# Where a key may be meant, what any other option says is not shown: a secret stands in `tsig`, and in whatever
# `tsig` is misspelt as. Elsewhere the text is kept whole, for a plan and a journal open their target by it.
OPEN_OPTIONS = frozenset(
    {
        "account-id",
        "origin",
        "private",
        "profile",
        "resource-group",
        "subscription",
        "tenant",
        "vpc-id",
        "vpc-region",
        "zone-id",
    }
)
# Options that name the environment variable with a secret, and never the secret itself.
VARIABLE_OPTION = "token-env"
KEY_VARIABLE_OPTION = "tsig-env"
HIDDEN = "***"
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_WITH_KEYS = frozenset({"axfr", "dns", "file"})
_LIKE_SECRETS = ("key", "pass", "secret", "sig", "token")
# Live servers are compared one by one; anything else reads one zone from one place.
MANY_SERVERS = frozenset({"dns"})


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a zone is: a scheme and what it needs.

    `text` is for people and reports and has no secret in it. `zone` is None for a file and for `SCHEME:` alone;
    `host` and `port` (None: the profile's) follow an `@`; `path` is a file or folder as the user wrote it.
    `servers` are all hosts with their ports where several may follow (`dns:ZONE@A,B:5300`), the first included.
    """

    scheme: str
    text: str
    zone: Name | None = None
    host: str = ""
    port: int | None = None
    path: str = ""
    options: Mapping[str, str] = field(default_factory=lambda: _NO_OPTIONS)
    servers: tuple[tuple[str, int | None], ...] = ()

    @property
    def has_secret(self) -> bool:
        """Whether the text leaves something out that the zone cannot be read without."""
        return HIDDEN in self.text

    def option(self, name: str) -> str | None:
        """Return the option of that name, or None."""
        return self.options.get(name)


def parse(text: str, schemes: Collection[str], path_exists: Callable[[str], bool]) -> Locator:
    """Return the locator that `text` means.

    A path that exists is taken literally; else `?` begins the options of a known scheme or of a path; `file:` is
    percent-encoded. Raises InputError where nothing can be made of it.
    """
    if not text.strip():
        raise InputError("An empty locator: name a zone file, or SCHEME:ZONE such as route53:example.com.")
    if path_exists(text):
        return Locator("file", text, path=text)
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in schemes:
        return _of_scheme(scheme.lower(), rest)
    _expect_locator(text, schemes)
    path, options = _split_options(text)
    shown = f"{path}{_without_secrets('file', options)}"
    if colon and scheme.isalnum() and len(scheme) > 1 and "/" not in scheme and not path_exists(path):
        known = ", ".join(sorted(f"{name}:" for name in schemes))
        raise InputError(f"'{shown}': no file of that name, and '{scheme}:' is no known scheme ({known}).")
    return Locator("file", shown, path=path, options=options)


def _expect_locator(text: str, schemes: Collection[str]) -> None:
    """Refuse what a browser or a paste has left: no path is meant by it."""
    shown = without_secrets(text)
    if "://" in text and text.partition("://")[0].isalnum():
        domain = domain_within(text)
        meant = f"; did you mean SCHEME:{domain}, such as route53:{domain}?" if domain else "."
        raise InputError(f"'{shown}': it looks like a URL{meant}")
    if text.lstrip() != text and text.lstrip().partition(":")[0].lower() in schemes:
        raise InputError(f"'{shown}': a blank stands before it; did you mean '{shown.lstrip()}'?")


def _of_scheme(scheme: str, rest: str) -> Locator:
    body, options = _split_options(rest)
    shown = f"{scheme}:{body}{_without_secrets(scheme, options)}"
    if scheme == "file":
        return Locator("file", shown, path=unquote(body), options=options)
    zone_text, at, where = body.partition("@")
    zone = domain_named(zone_text) if zone_text else None
    if "=" in where or "&" in where:
        # What follows may be a key.
        server = _OF_SERVERS.match(where)
        told = server[0] if server else ""
        raise InputError(f"'{scheme}:{zone_text}@{told}': options begin with '?', not with '{where[len(told)]}'.")
    servers = tuple(_host_and_port(one.strip(), shown) for one in where.split(",")) if at else ()
    if len(servers) > 1 and scheme not in MANY_SERVERS:
        raise InputError(f"'{shown}': {scheme}: takes one server after '@'.")
    host, port = servers[0] if servers else ("", None)
    return Locator(scheme, shown, zone, host, port, "", options, servers)


_OF_SERVERS = re.compile(r"[0-9A-Za-z.:_,\[\] -]*")


def _split_options(text: str) -> tuple[str, Mapping[str, str]]:
    body, mark, query = text.partition("?")
    if not mark:
        return body, _NO_OPTIONS
    pairs: dict[str, str] = {}
    # A plus sign is itself: TSIG secrets are base64, and nobody writes a blank as a plus here.
    for name, found in parse_qsl(query.replace("+", "%2B"), keep_blank_values=True):
        if name in pairs:
            raise InputError(f"'{body}': the option '{name}' is given twice.")
        pairs[name] = found
    return body, MappingProxyType(pairs)


def _without_secrets(scheme: str, options: Mapping[str, str]) -> str:
    shown = [
        f"{name}={quote(found, safe='/:@.') if _is_open(scheme, name, found) else HIDDEN}"
        for name, found in options.items()
    ]
    return "?" + "&".join(shown) if shown else ""


def _is_open(scheme: str, name: str, found: str) -> bool:
    if name in OPEN_OPTIONS:
        return True
    if name in {VARIABLE_OPTION, KEY_VARIABLE_OPTION}:
        # Who writes the secret itself there by mistake shall not see it again.
        return VARIABLE.fullmatch(found) is not None
    return scheme not in _WITH_KEYS and not any(word in name.lower() for word in _LIKE_SECRETS)


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _host_and_port(where: str, shown: str) -> tuple[str, int | None]:
    """Split `host`, `host:port`, `[v6]`, `[v6]:port`; a bare IPv6 address has more than one colon."""
    host, port_text = where, ""
    if "://" in where:
        raise InputError(
            f"'{without_secrets(shown)}': {why_no_domain(where)}; "
            "after '@' an address or a host name was expected."
        )
    if where.startswith("["):
        host, bracket, port_text = where[1:].partition("]")
        if not bracket or (port_text and not port_text.startswith(":")):
            raise InputError(f"'{shown}': after '@' an address, or [IPv6-address]:port, was expected.")
        port_text = port_text[1:]
    elif where.count(":") == 1:
        host, _, port_text = where.partition(":")
    elif ":" in where and not _is_ipv6(where):
        address, _, port_text = where.rpartition(":")
        with_port = _is_ipv6(address) and port_text.isdecimal()
        meant = f"[{address}]:{port_text}" if with_port else "[2001:db8::53]:5300"
        raise InputError(
            f"'{shown}': '{where}' is no IPv6 address; with a port the address stands in brackets, as in @{meant}."
        )
    if not host:
        raise InputError(f"'{shown}': the server after '@' is missing, as in @192.0.2.53 or @[2001:db8::53]:5300.")
    if not is_address(host) and (reason := why_no_domain(host)):
        raise InputError(f"'{shown}': '{host}' is no host name: {reason}.")
    if not port_text:
        return host, None
    if not port_text.isdecimal() or not 0 < int(port_text) <= MAX_PORT:
        raise InputError(f"'{shown}': '{port_text}' is not a port (1 to 65535).")
    return host, int(port_text)
