r"""A domain as a person types it: no URL, no e-mail address, no locator. No IO here.

A name in DNS may hold any octet, so `absolute` takes `https://example.org/` for one. Nobody means that, and who
has a colon or a blank in the name of a zone writes it as an escape (`\058`).
"""

import ipaddress
import re

from dns.name import Name

from migrator.errors import InputError
from migrator.model.names import absolute

_ESCAPE = r"\\(?:[0-9]{3}|.)"
_LOGIN = re.compile(r"(?<=://)[^/?#\s]*@")
_OPTIONS = re.compile(r"(?<=\?).+", re.DOTALL)
_REVERSE = (".in-addr.arpa", ".ip6.arpa")


def domain_named(text: str) -> Name:
    """Return the domain that a person typed; `@` and `.` are the root, as everywhere.

    Raises InputError with what may be meant instead, and for what is no name in DNS at all.
    """
    if not text:
        # Of a script, it is a variable that nobody has set; `absolute` takes it for the root.
        raise InputError("The domain is empty; a name such as example.com was expected.")
    reason = why_no_domain(text)
    if reason:
        meant = domain_within(text)
        end = f"; did you mean {meant}?" if meant else "."
        raise InputError(f"{without_secrets(text)!r} is no domain: {reason}{end}")
    return absolute(text)


def without_secrets(text: str) -> str:
    """Return a text as it may be said: a URL may hold a password, its options and a locator's a key."""
    return _OPTIONS.sub("***", _LOGIN.sub("", text))


def why_no_domain(text: str) -> str:
    """Return why nobody means this text as a domain; empty where somebody may."""
    plain = re.sub(_ESCAPE, "x", text)
    word, colon, rest = plain.partition(":")
    if "://" in plain or (colon and word.lower() == "mailto"):
        return "it looks like a URL"
    if is_address(plain):
        return "it is an IP address"
    if colon and rest.isdecimal():
        return "a port is no part of it"
    if colon and word.isalnum():
        return "it looks like a locator"
    if "@" in plain and plain != "@":
        return "it looks like an e-mail address"
    if any(map(str.isspace, plain)):
        return "a blank is no part of it"
    mark = next((mark for mark in ":,;" if mark in plain), "/" if _has_path(plain) else "")
    return mark and f"a '{mark}' is no part of it"


def is_address(text: str) -> bool:
    """Tell whether the text is an IP address, in brackets or not."""
    try:
        ipaddress.ip_address(text.strip("[]").rstrip("."))
    except ValueError:
        return False
    return True


def _has_path(text: str) -> bool:
    """Tell whether a slash is none of a classless reverse zone, as `0/25.2.0.192.in-addr.arpa` (RFC 2317)."""
    if text.lower().rstrip(".").endswith(_REVERSE):
        return False
    *inner, last = text.rstrip(".").split(".")
    return "/" in last or any("/" in label and not re.fullmatch(r"[0-9]+/[0-9]+", label) for label in inner)


def domain_within(text: str) -> str:
    """Return the domain within a text that is none; empty where there is none for sure."""
    address = text.partition("://")[2]
    rest = re.split(r"[/?#,;\s]", (address or text).strip().removeprefix("mailto:"), maxsplit=1)[0]
    word, _, behind = rest.partition(":")
    if behind and word.isalnum() and not address:
        rest = behind.partition("@")[0]
    name = rest.rpartition("@")[2].partition(":")[0]
    if "." not in name.strip(".") or why_no_domain(name):
        return ""
    try:
        absolute(name)
    except InputError:
        return ""
    return name
