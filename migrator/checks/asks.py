"""All that a check may ask of the world, and what comes back. Values only: the runner does the asking.

A question of DNS is `model.observation.Question`, and its reply an `Observation`. The others are here. What failed
is always a reply of its own, never the lack of one.
"""

from datetime import datetime
from enum import StrEnum

from dns.name import Name

from migrator.cutover.look import Unasked
from migrator.cutover.registrar import Registrar
from migrator.model.names import folded
from migrator.model.observation import Answer, NoAnswer, Question, Server
from migrator.model.values import dataclass


class ProbeKind(StrEnum):
    """A message that is odd on purpose, to see how a server takes it."""

    PLAIN = "without EDNS"
    EDNS = "EDNS with 512 octets"
    EDNS_VERSION = "EDNS version 1"
    EDNS_OPTION = "an unknown EDNS option"
    EDNS_FLAGS = "unknown EDNS flags"
    MIXED_CASE = "the name in mixed case"
    TRANSFER = "the beginning of a zone transfer"


@dataclass(frozen=True, slots=True)
class Probe:
    """One odd message about `qname` (an SOA question, but for the transfer) to one server."""

    server: Server
    kind: ProbeKind
    qname: Name


@dataclass(frozen=True, slots=True)
class Probed:
    """What came back: `edns_version` is None without an OPT record, `options` are the codes of its options.

    `sent` and `echoed` are the name as the question and the answer spell it, None where the answer has no
    question. `records` counts the answer section; `flags` are those of EDNS.
    """

    probe: Probe
    at: datetime
    rcode: int
    authoritative: bool
    records: int
    edns_version: int | None
    flags: int
    options: tuple[int, ...]
    sent: Name
    echoed: Name | None
    transport: str


@dataclass(frozen=True, slots=True)
class NotProbed:
    """No usable message came back."""

    probe: Probe
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """A file over HTTPS (port 443, no redirection) from one address, `host` being the name in TLS and in Host."""

    host: Name
    path: str
    address: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer by a host whose certificate is valid for its name."""

    fetch: Fetch
    at: datetime
    status: int
    content_type: str
    body: str


class FetchFailure(StrEnum):
    """Why a file could not be had: the server's fault (certificate, refusal), or nobody answered."""

    CERTIFICATE = "certificate"
    REFUSED = "connection refused"
    SILENT = "no answer"
    BROKEN = "no HTTP answer"


@dataclass(frozen=True, slots=True)
class NotFetched:
    """There was no answer that could be trusted, and why."""

    fetch: Fetch
    at: datetime
    failure: FetchFailure
    reason: str


@dataclass(frozen=True, slots=True)
class Handshake:
    """A look at the certificate that one address shows for a host name, on a port with TLS from the beginning."""

    host: Name
    address: str
    port: int = 443


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate: `issuer` as the issuer's organisation, or common name; not judged any further."""

    handshake: Handshake
    at: datetime
    issuer: str
    names: tuple[str, ...]
    not_after: datetime


@dataclass(frozen=True, slots=True)
class NoCertificate:
    """None was shown, and why."""

    handshake: Handshake
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Registration:
    """What the registry says of a domain: for domains other than the one that moves."""

    domain: Name


@dataclass(frozen=True, slots=True)
class Registered:
    """The registry's view, or why there is none; `known` is False where it says that there is no such domain."""

    registration: Registration
    at: datetime
    view: Registrar | Unasked
    known: bool | None = None


Ask = Question | Probe | Fetch | Handshake | Registration
Reply = Answer | NoAnswer | Probed | NotProbed | Fetched | NotFetched | Certificate | NoCertificate | Registered


def identity(ask: Ask) -> tuple[object, ...]:
    """Return what makes two asks the same one: names without regard to case, servers by address and port."""
    match ask:
        case Question():
            return ask.identity
        case Probe():
            return ("probe", ask.server.address, ask.server.port, ask.kind, folded(ask.qname))
        case Fetch():
            return ("fetch", folded(ask.host), ask.path, ask.address)
        case Handshake():
            return ("handshake", folded(ask.host), ask.address, ask.port)
        case Registration():
            return ("registration", folded(ask.domain))


def ask_of(reply: Reply) -> Ask:
    """Return what was asked."""
    match reply:
        case Answer() | NoAnswer():
            return reply.question
        case Probed() | NotProbed():
            return reply.probe
        case Fetched() | NotFetched():
            return reply.fetch
        case Certificate() | NoCertificate():
            return reply.handshake
        case Registered():
            return reply.registration
