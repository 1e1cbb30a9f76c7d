"""A question to one server at one address, and what came back: an answer, or why there is none. No IO here."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.model.locator import DNS_PORT
from migrator.model.names import folded
from migrator.model.rrset import RRset
from migrator.model.values import dataclass


class Transport(StrEnum):
    """How a question travels; a truncated UDP answer is asked again over TCP."""

    UDP = "udp"
    TCP = "tcp"


@dataclass(frozen=True, slots=True)
class Server:
    """One address of a name server or resolver; `name` is None where only the address is known.

    Of a name server whose address nobody could find out, `address` is empty: nothing can be asked of it.
    """

    address: str
    port: int = DNS_PORT
    name: Name | None = None

    def __str__(self) -> str:
        """Return the name and address as reports print them, the port only where it is not 53."""
        if not self.address and self.name is not None:
            return self.name.to_text(omit_final_dot=True)
        host = f"[{self.address}]" if ":" in self.address and self.port != DNS_PORT else self.address
        where = host if self.port == DNS_PORT else f"{host}:{self.port}"
        return where if self.name is None else f"{self.name.to_text(omit_final_dot=True)} ({where})"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom, with the flags that the sender sets."""

    server: Server
    qname: Name
    rdtype: RdataType
    recursion_desired: bool = False
    dnssec_ok: bool = False
    checking_disabled: bool = False
    transport: Transport = Transport.UDP
    _identity: tuple[object, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def identity(self) -> tuple[object, ...]:
        """What is equal for questions that one answer serves: names in any case, servers by address and port."""
        if self._identity is None:
            found = (
                *(self.server.address, self.server.port, folded(self.qname), self.rdtype),
                *(self.recursion_desired, self.dnssec_ok, self.checking_disabled, self.transport),
            )
            object.__setattr__(self, "_identity", found)
            return found
        return self._identity


@dataclass(frozen=True, slots=True)
class Answer:
    """A well-formed message that answers the question: id, question and source address were checked.

    `transport` is the one that brought the answer; `truncated` is then False unless TCP failed and the
    truncated UDP message is all there is. `elapsed` is seconds. Sections hold one RRset for each owner and type;
    a section's signatures (RRSIG) are RRsets of their own. `extended_errors` are RFC 8914 codes and texts.
    """

    question: Question
    at: datetime
    rcode: Rcode
    authoritative: bool
    truncated: bool
    recursion_available: bool
    authenticated: bool
    transport: Transport
    elapsed: float
    answer: tuple[RRset, ...] = ()
    authority: tuple[RRset, ...] = ()
    additional: tuple[RRset, ...] = ()
    extended_errors: tuple[tuple[int, str], ...] = ()

    @property
    def is_secondhand(self) -> bool:
        """Whether this is from a resolver's memory: its data are old, and their TTL is what is left of it."""
        return bool(self.answer) and self.recursion_available and not self.authoritative

    def answered(self, rdtype: RdataType | None = None) -> RRset | None:
        """Return the RRset of the answer section at the question's name and type (or the type given)."""
        return _find(self.answer, self.question.qname, rdtype or self.question.rdtype)

    def referred(self, zone: Name, rdtype: RdataType) -> RRset | None:
        """Return the RRset of the authority section at `zone` with that type."""
        return _find(self.authority, zone, rdtype)


class Silence(StrEnum):
    """Why there is no answer."""

    TIMEOUT = "timeout"
    REFUSED = "connection refused"
    UNREACHABLE = "network unreachable"
    MALFORMED = "malformed answer"
    FORBIDDEN = "not asked"


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No usable message came back, after all tries; never the same as an answer that says no."""

    question: Question
    at: datetime
    reason: Silence
    detail: str = ""


Observation = Answer | NoAnswer


def _find(section: tuple[RRset, ...], owner: Name, rdtype: RdataType) -> RRset | None:
    wanted = folded(owner)
    return next((r for r in section if r.rdtype == rdtype and folded(r.owner) == wanted), None)
