"""What a set of CAA records says: who may issue certificates (RFC 8659). No IO here."""

from collections.abc import Iterable

from dns.rdata import Rdata

KNOWN_TAGS = frozenset({"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"})
ISSUE, WILD = "issue", "issuewild"
# What else than certificates of hosts a tag is about: S/MIME (RFC 9495), and the logos of BIMI.
OTHER_KINDS = {"issuemail": "S/MIME certificates", "issuevmc": "mark certificates (BIMI)"}
CRITICAL = 128


def permitted(rdatas: Iterable[Rdata], *, wildcards: bool) -> tuple[str, ...] | None:
    """Return who may issue names, or wildcards (sections 4.2 and 4.3); None where nothing is said of it."""
    issuers: dict[str, dict[str, None]] = {}
    for rdata in rdatas:
        issuers.setdefault(tag_of(rdata), {}).setdefault(issuer_of(rdata))
    found = (issuers.get(WILD) if wildcards else None) or issuers.get(ISSUE)
    return tuple(name for name in found if name) if found else None


def permitted_by(rdatas: Iterable[Rdata], tag: str) -> tuple[str, ...] | None:
    """Return who may issue what a tag of another kind is about; None where nothing is said of it."""
    found = dict.fromkeys(issuer_of(rdata) for rdata in rdatas if tag_of(rdata) == tag)
    return tuple(name for name in found if name) if found else None


def unknown_critical(rdatas: Iterable[Rdata]) -> str:
    """Return a tag that no authority knows and that forbids all to issue (section 4.1); empty without any."""
    found = [tag_of(rdata) for rdata in rdatas if _flags(rdata) & CRITICAL]
    return next((tag for tag in found if tag not in KNOWN_TAGS), "")


def restriction(rdata: Rdata) -> tuple[str, ...]:
    """Return what a record says of who may issue, in one spelling; nothing where it says nothing of that."""
    tag = tag_of(rdata)
    if tag not in {ISSUE, WILD, *OTHER_KINDS}:
        return ()
    conditions = [part.strip() for part in value_of(rdata).split(";")[1:] if part.strip()]
    return (tag, issuer_of(rdata), *sorted(conditions))


def tag_of(rdata: Rdata) -> str:
    """Return the tag in lower case."""
    tag: bytes = getattr(rdata, "tag", b"")
    return tag.decode("latin-1").lower()


def value_of(rdata: Rdata) -> str:
    """Return the value as it is written."""
    value: bytes = getattr(rdata, "value", b"")
    return value.decode("latin-1")


def issuer_of(rdata: Rdata) -> str:
    """Return the domain of the authority that a value names, before its conditions; empty for nobody."""
    return value_of(rdata).partition(";")[0].strip().lower()


def _flags(rdata: Rdata) -> int:
    flags: int = getattr(rdata, "flags", 0)
    return flags
