"""What stops an import until a flag that names the risk is given. No IO here.

The limits are data: a brake is on above them, not at them. A target that nobody uses yet (nothing but SOA and NS
in it) has no brakes of its own, and neither has what an interrupted import was allowed already; the source keeps
its own.
"""

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

from dns.rdatatype import RdataType

from migrator.diff.equality import effective, record_ttls
from migrator.meaning.targets import targets_of
from migrator.model.capabilities import Capabilities
from migrator.model.change import Change, Delete, Replace, key_of
from migrator.model.finding import INCOMPLETE, Finding, Severity, is_incomplete
from migrator.model.names import folded, for_people
from migrator.model.phrases import counted
from migrator.model.rrset import RRset
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot, subject_of

_APEX = frozenset({RdataType.SOA, RdataType.NS})
_SIGNATURES = frozenset({RdataType.RRSIG, RdataType.NSEC, RdataType.NSEC3, RdataType.NSEC3PARAM})
_OWN_KEYS = frozenset({RdataType.DNSKEY, RdataType.CDS, RdataType.CDNSKEY})
# Errors in reading a zone file after which the record is there all the same; of some, as a guess.
_GUESSED = frozenset({"zonefile.no-ttl", "zonefile.origin-without-dot"})
_CARRIED = _GUESSED | {
    "zonefile.doubtful-rdata",
    "zonefile.generic-rdata",
    f"zonefile.{INCOMPLETE}",  # nothing of such a file is unreadable
    "zonefile.long-string",
    "zonefile.ttl-range",
}
# What readers call a zone that a private network alone sees, behind the name of their provider.
_PRIVATE = frozenset({"private-zone", "internal-zone"})


class Risk(StrEnum):
    """What could go wrong; `--allow-` and the word is the flag that takes the risk."""

    MASS_REPLACE = "mass-replace"
    MASS_DELETE = "mass-delete"
    APEX_NS = "apex-ns"
    SIGNED_ZONE = "signed-zone"
    BROKEN_SOURCE = "broken-source"
    BROKEN_TARGET = "broken-target"
    PRIVATE_SOURCE = "private-source"


@dataclass(frozen=True, slots=True)
class Limits:
    """Above which share changes are too many; `least` is how many sets a zone has for a share to mean much.

    octoDNS stops at the same figures (octodns/provider/plan.py, 2026-11-20), so people know them.
    """

    replaced_percent: int = 30
    deleted_percent: int = 30
    least: int = 10


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Brake:
    """A risk that nobody has taken yet, in a sentence."""

    risk: Risk
    message: str

    @property
    def flag(self) -> str:
        """The option that takes the risk."""
        return f"--allow-{self.risk}"


def brakes(
    existing: ZoneSnapshot,
    changes: Sequence[Change],
    target: Capabilities,
    *,
    approved: Collection[Change] = frozenset(),
    limits: Limits = LIMITS,
) -> Iterator[Brake]:
    """Yield the brakes that the changes of a zone pull; `approved` are changes of an interrupted import."""
    apex = folded(existing.origin)
    in_use = [r for r in existing.rrsets if not (r.rdtype in _APEX and r.key.folded == apex)]
    if not in_use:
        return
    fresh = [change for change in changes if change not in approved]
    yield from _shares(fresh, apex, len(in_use), limits)
    yield from _apex_ns(fresh, apex)
    yield from _signed(existing, fresh, target)


def left_out(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings which say that something of a zone could not be read and is not in the snapshot."""
    return tuple(
        finding
        for finding in findings
        if finding.severity is Severity.ERROR
        and finding.check not in _CARRIED
        and (finding.check.startswith("zonefile.") or finding.check == "zone.out-of-zone")
    )


def guessed(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings which say that something of a zone file stands at a doubtful name or with any TTL."""
    return tuple(f for f in findings if f.severity is Severity.ERROR and f.check in _GUESSED)


def reading_brakes(source: Sequence[Finding], target: Sequence[Finding]) -> Iterator[Brake]:
    """Yield the brakes of the reading: what could not be read can be neither carried over nor kept."""
    short = next(filter(is_incomplete, source), None)
    if short is not None:
        where = f"{short.position}: " if short.position else ""
        yield Brake(
            Risk.BROKEN_SOURCE,
            f"{where}{short.message} What is missing here would be missing at the target. "
            f"{short.remedy or 'Read the source again first.'}",
        )
    elif lost := left_out(source):
        yield Brake(
            Risk.BROKEN_SOURCE,
            f"{counted(len(lost), 'line')} of the source cannot be read and would be missing at the target; mend "
            f"the source first. The first is {_place(lost[0])}.",
        )
    elif doubtful := guessed(source):
        yield Brake(
            Risk.BROKEN_SOURCE,
            f"{_place(doubtful[0])}: {doubtful[0].message} What is read by a guess would be written by it; mend "
            "the source first.",
        )
    if lost := left_out(target):
        yield Brake(
            Risk.BROKEN_TARGET,
            f"{counted(len(lost), 'line')} of the target cannot be read and would be gone after it is written "
            f"again. The first is {_place(lost[0])}.",
        )


def publishing_brakes(source: Sequence[Finding], target: Capabilities) -> Iterator[Brake]:
    """Yield the brake of a zone that nobody outside sees, on its way to where everybody does."""
    if any(finding.check.partition(".")[2] in _PRIVATE for finding in source) and not target.private_zones.holds:
        yield Brake(
            Risk.PRIVATE_SOURCE,
            f"Only a private network sees the source, and at {target.provider} everybody would: the names and "
            "addresses inside become public. Is there a public zone of this name besides?",
        )


def rewriting_brakes(goal: ZoneSnapshot, changes: Sequence[Change], target: Capabilities) -> Iterator[Brake]:
    """Yield the brake of a target that is written as a whole: what it does not hold would be gone."""
    if not target.written_whole or not changes:
        return
    losing = [rrset for rrset in goal.rrsets if _says_more(rrset)]
    if losing:
        yield Brake(
            Risk.BROKEN_TARGET,
            f"{counted(len(losing), 'set')} of the target would be gone or say less after it is written again: an "
            "alias, a routed answer, a proxy or a TTL of a single record has no place in a plain zone file. The "
            f"first is {subject_of(losing[0].key)}.",
        )


def _says_more(rrset: RRset) -> bool:
    return bool(rrset.key.variant or effective(rrset.extras) or record_ttls(rrset.extras))


def _shares(fresh: Sequence[Change], apex: tuple[bytes, ...], total: int, limits: Limits) -> Iterator[Brake]:
    replaced = sum(isinstance(c, Replace) and not _is_apex(c, apex) for c in fresh)
    deleted = sum(isinstance(c, Delete) for c in fresh)
    for risk, number, done, percent in (
        (Risk.MASS_REPLACE, replaced, "replaced", limits.replaced_percent),
        (Risk.MASS_DELETE, deleted, "deleted", limits.deleted_percent),
    ):
        if total >= limits.least and number * 100 > percent * total:
            yield Brake(
                risk,
                f"{number:,} of the {total:,} sets that the target has would be {done}: "
                f"{number * 100 // total} %, where more than {percent} % is unusual. Is it the right zone?",
            )


def _apex_ns(fresh: Sequence[Change], apex: tuple[bytes, ...]) -> Iterator[Brake]:
    for change in fresh:
        if isinstance(change, Replace) and key_of(change).rdtype == RdataType.NS and _is_apex(change, apex):
            if (change.existing.ttl, change.existing.rdatas) == (change.desired.ttl, change.desired.rdatas):
                continue  # only what is noted beside it
            there = ", ".join(map(for_people, targets_of(change.existing.rdatas)))
            then = ", ".join(map(for_people, targets_of(change.desired.rdatas)))
            yield Brake(
                Risk.APEX_NS,
                f"The NS set of the apex would change from {there} to {then}: resolvers follow it, and a name "
                "server in it that does not serve the zone loses answers.",
            )


def _signed(existing: ZoneSnapshot, fresh: Sequence[Change], target: Capabilities) -> Iterator[Brake]:
    apex = folded(existing.origin)
    signed = sorted(
        {
            RdataType.to_text(rrset.rdtype)
            for rrset in existing.rrsets
            if rrset.rdtype in _SIGNATURES or (rrset.rdtype in _OWN_KEYS and rrset.key.folded == apex)
        }
    )
    if target.signing and fresh:
        yield Brake(
            Risk.SIGNED_ZONE,
            f"{target.provider} signs the target zone itself (DNSSEC: {target.signing}). What is written is "
            "signed too; but where NS, DS or keys of a signed zone do not fit together, resolvers that validate "
            "give no answer at all.",
        )
    elif signed and fresh:
        yield Brake(
            Risk.SIGNED_ZONE,
            f"The target zone is signed (it has {', '.join(signed)}): what is written has no valid signature "
            "until the zone is signed again, and resolvers that validate give no answer.",
        )


def _is_apex(change: Change, apex: tuple[bytes, ...]) -> bool:
    key = key_of(change)
    return key.rdtype in _APEX and key.folded == apex


def _place(finding: Finding) -> str:
    return str(finding.position) if finding.position else finding.subject
