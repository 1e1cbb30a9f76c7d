"""What a search has found: RRsets with the way each was found, and how far each way led. No IO here."""

from collections.abc import Mapping

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.finding import Finding
from migrator.model.names import for_people
from migrator.model.observation import Server
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.zonefile.provenance import GUESSED
from migrator.zonefile.writer import Entry


@dataclass(frozen=True, slots=True)
class Way:
    """One way of finding names: what it found, and whether it shows that there are no others."""

    name: str
    rrsets: int
    is_complete: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The zone as far as it was found, and what that is worth.

    `how` says of each set how it was found; `unanswered` counts questions to which no server answered, so that
    names may be missing that would have been found.
    """

    zone: ZoneSnapshot
    how: Mapping[RRsetKey, str]
    ways: tuple[Way, ...]
    servers: tuple[Server, ...]
    questions: int
    unanswered: int
    findings: tuple[Finding, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether one of the ways shows that there are no other names."""
        return any(way.is_complete for way in self.ways)

    @property
    def verdict(self) -> str:
        """What to think of it, as a sentence."""
        zone = for_people(self.zone.origin)
        if self.is_complete:
            way = next(way for way in self.ways if way.is_complete)
            return f"All names of {zone} are known, by {way.name}."
        return f"Not proven to be complete: names of {zone} that nobody guessed are missing."


def entries(found: Discovery) -> tuple[Entry, ...]:
    """Return the sets for a zone file, each with a comment that says how it was found."""
    return tuple(Entry(rrset, (found.how.get(rrset.key, "found"),)) for rrset in found.zone.rrsets)


def header(found: Discovery) -> tuple[str, ...]:
    """Return the comments at the top of the zone file."""
    mark = GUESSED if not found.is_complete else "Listed by dns-migrator discover:"
    lines = [f"{mark} {found.verdict}", f"{len(found.zone.rrsets)} RRsets, {found.questions} questions."]
    lines += [f"{way.name}: {way.rrsets} RRsets{f' ({way.detail})' if way.detail else ''}" for way in found.ways]
    if found.unanswered:
        lines.append(f"{found.unanswered} questions got no answer.")
    return tuple(lines)


# Asked of each name that exists, besides what told that it does. What a signer makes is not looked for.
EVERY_TYPE = tuple(
    RdataType.from_text(text)
    for text in [
        "A",
        "AAAA",
        "MX",
        "TXT",
        "CAA",
        "SRV",
        "NS",
        "HTTPS",
        "SVCB",
        "NAPTR",
        "PTR",
        "TLSA",
        "SSHFP",
        "URI",
        "LOC",
        "DNAME",
        "HINFO",
        "RP",
        "OPENPGPKEY",
        "SMIMEA",
        "SPF",
    ]
)
UNDERSCORE_TYPES = tuple(RdataType.from_text(text) for text in ["TXT", "SRV", "TLSA", "URI", "CAA", "NS"])


def first_type(name: Name) -> RdataType:
    """Return the type that most probably stands at a name: asked first, to see whether the name exists."""
    labels = [label.lower() for label in name.labels]
    if not any(label.startswith(b"_") for label in labels):
        return RdataType.A
    if b"_domainkey" in labels:
        return RdataType.TXT
    if labels[0][1:].isdigit() and labels[0].startswith(b"_"):
        return RdataType.TLSA
    return RdataType.SRV if {b"_tcp", b"_udp", b"_tls"} & set(labels[1:2]) else RdataType.TXT


def types_of(name: Name) -> tuple[RdataType, ...]:
    """Return the types to ask for at a name that exists."""
    return UNDERSCORE_TYPES if any(label.startswith(b"_") for label in name.labels) else EVERY_TYPE
