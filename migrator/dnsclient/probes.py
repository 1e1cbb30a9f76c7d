"""Probes: messages that are odd on purpose, one at a time, to see how a server takes them.

The engine asks well-formed questions and heals what it can (it asks again without EDNS, over TCP, and so on),
which is just what must not happen here. A probe goes out as it is, by dnspython (over TCP where the server wants
that), and its reply says what the engine has no use for: the OPT record, and the question as the server spells it.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.query
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import NotProbed, Probe, Probed, ProbeKind
from migrator.network.profile import NetworkProfile

_MOST_AT_ONCE = 16
_SMALL_PAYLOAD = 512
_UNKNOWN_OPTION = 65001  # RFC 6891 section 9: for local use, so that nobody gives it a meaning
_UNKNOWN_FLAG = 0x0040  # one of the Z bits of EDNS, which are reserved


def probe_all(
    profile: NetworkProfile, probes: Sequence[Probe], now: Callable[[], datetime]
) -> tuple[Probed | NotProbed, ...]:
    """Return one reply for each probe, in the same order; servers are asked at once, each with one at a time."""
    by_server: dict[tuple[str, int], list[Probe]] = {}
    for probe in probes:
        by_server.setdefault((probe.server.address, probe.server.port), []).append(probe)
    replies: dict[Probe, Probed | NotProbed] = {}
    with ThreadPoolExecutor(max_workers=_MOST_AT_ONCE) as pool:
        for found in pool.map(lambda each: _one_server(profile, each, now), by_server.values()):
            replies.update(found)
    return tuple(replies[probe] for probe in probes)


def _one_server(
    profile: NetworkProfile, probes: Iterable[Probe], now: Callable[[], datetime]
) -> dict[Probe, Probed | NotProbed]:
    """Send the probes one after the other, each but the first without another try while the server is silent."""
    once = replace(profile, attempts=1)
    found: dict[Probe, Probed | NotProbed] = {}
    is_silent = False
    for probe in probes:
        found[probe] = _probed(once if is_silent else profile, probe, now)
        is_silent = isinstance(found[probe], NotProbed)
    return found


def _probed(profile: NetworkProfile, probe: Probe, now: Callable[[], datetime]) -> Probed | NotProbed:
    """Send the probe, again where nothing comes back: a lost packet is not the server's doing."""
    reason = "no answer"
    for _ in range(profile.attempts):
        try:
            query = _query(probe)
            message, over_tcp = _sent(probe, query, profile.timeout)
            return _read(probe, query, message, over_tcp, now())
        except dns.exception.Timeout:
            reason = "no answer in time"
        except dns.exception.DNSException as exc:
            reason = f"no usable message: {exc}"
        except (OSError, EOFError) as exc:
            reason = getattr(exc, "strerror", None) or str(exc) or "the connection was closed"
    return NotProbed(probe, now(), reason)


def _query(probe: Probe) -> dns.message.QueryMessage:
    if probe.kind is ProbeKind.TRANSFER:
        return dns.message.make_query(probe.qname, RdataType.AXFR, flags=0)
    name = mixed_case(probe.qname) if probe.kind is ProbeKind.MIXED_CASE else probe.qname
    return dns.message.make_query(name, RdataType.SOA, flags=0, **_edns(probe.kind))


def _sent(probe: Probe, query: dns.message.QueryMessage, timeout: float) -> tuple[dns.message.Message, bool]:
    """Return the answer, of a transfer its first message, and whether it came over TCP.

    A server that limits the rate of its answers sends empty ones, cut off, to whoever asks much: that is its word
    to ask over TCP, and no answer to the probe.
    """
    server = probe.server
    if probe.kind is ProbeKind.TRANSFER:
        return dns.query.tcp(query, server.address, timeout, server.port, ignore_trailing=True), True
    return dns.query.udp_with_fallback(
        query,
        server.address,
        timeout,
        server.port,
        ignore_unexpected=True,
        ignore_trailing=True,
        ignore_errors=True,
    )


def _edns(kind: ProbeKind) -> dict[str, Any]:
    """Return the arguments that make the OPT record of a query."""
    match kind:
        case ProbeKind.EDNS:
            return {"use_edns": 0, "payload": _SMALL_PAYLOAD}
        case ProbeKind.EDNS_VERSION:
            return {"use_edns": 1, "payload": _SMALL_PAYLOAD}
        case ProbeKind.EDNS_OPTION:
            option = dns.edns.GenericOption(dns.edns.OptionType.make(_UNKNOWN_OPTION), b"")
            return {"use_edns": 0, "payload": _SMALL_PAYLOAD, "options": [option]}
        case ProbeKind.EDNS_FLAGS:
            return {"use_edns": 0, "payload": _SMALL_PAYLOAD, "ednsflags": _UNKNOWN_FLAG}
        case _:
            return {"use_edns": False}


def mixed_case(name: Name) -> Name:
    """Return the name with letters in random case, not all of them in the case that they came in."""
    if not any(_is_letter(octet) for label in name.labels for octet in label):
        return name
    while True:
        found = Name([bytes(map(_either, label)) for label in name.labels])
        if found.labels != name.labels:
            return found


def _either(octet: int) -> int:
    return octet ^ 0x20 if _is_letter(octet) and secrets.randbits(1) else octet


def _is_letter(octet: int) -> bool:
    return bytes((octet,)).isalpha()


def _read(
    probe: Probe, query: dns.message.QueryMessage, message: dns.message.Message, over_tcp: bool, at: datetime
) -> Probed:
    return Probed(
        probe,
        at,
        rcode=int(message.rcode()),
        authoritative=bool(message.flags & dns.flags.AA),
        records=sum(map(len, message.answer)),
        edns_version=None if message.edns < 0 else message.edns,
        flags=message.ednsflags & 0xFFFF,
        options=tuple(int(option.otype) for option in message.options),
        sent=query.question[0].name,
        echoed=message.question[0].name if message.question else None,
        transport="tcp" if over_tcp else "udp",
    )
