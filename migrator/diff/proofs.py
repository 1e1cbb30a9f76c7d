"""What becomes of proofs and permissions: certificates (ACME), verifications, and other texts. No IO here."""

from collections.abc import Iterator

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.equality import meaning
from migrator.diff.result import Kind
from migrator.diff.wording import answered, listed, named
from migrator.meaning import services
from migrator.meaning.roles import Effect, Role, is_spf, octets
from migrator.meaning.targets import targets_of
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people
from migrator.model.phrases import shortened
from migrator.model.rrset import RRsetKey, is_proxied

_LONGEST = 40


def acme_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of certificates that are renewed by a record."""
    names = named([certified_name(change.owner)])
    if change.rdtype == RdataType.NS:
        if change.kind is Kind.MISSING:
            sentence = f"The certificate of {names} was proven by that zone; its renewal fails weeks later."
            yield Effect(Role.ACME, Severity.ERROR, sentence)
        return
    if change.rdtype != RdataType.CNAME:
        if change.kind is not Kind.EXTRA:
            sentence = (
                f"A proof for a certificate of {names} differs. It serves one order alone; but whoever renews it "
                "must write the next one at the new provider."
            )
            yield Effect(Role.ACME, Severity.WARNING, sentence)
        return
    if not change.lost and not change.gained:
        return
    if change.new is not None and is_proxied(change.new):
        return  # what a proxy keeps from being found is told of all names in one place
    renewer = _renewer(change)
    match change.kind:
        case Kind.MISSING:
            sentence = (
                f"{renewer} cannot renew the certificate of {names}: the sites fail weeks later, when it ends."
            )
            yield Effect(Role.ACME, Severity.ERROR, sentence)
        case Kind.EXTRA:
            sentence = (
                f"Certificates of {names} can be proven through {answered(change.new)}, and could not so far."
            )
            yield Effect(Role.ACME, Severity.WARNING, sentence)
        case _:
            sentence = (
                f"The certificate of {names} is proven through {listed(change.gained)} instead of "
                f"{listed(change.lost)}: its renewal may fail weeks later."
            )
            yield Effect(Role.ACME, Severity.ERROR, sentence)


def certified_name(owner: Name) -> Name:
    """Return the name that a certificate is for: the first label alone is the proof's."""
    return owner.parent() if folded(owner)[0].startswith(b"_") else owner


def _renewer(change: Change) -> str:
    target = next(iter(targets_of(change.lost)), None)
    found = services.of_cname(target) if target is not None else None
    return found.service if found is not None else "The certificate authority"


def verification_effects(change: Change) -> Iterator[Effect]:
    """Yield which service loses its proof that the domain is the user's."""
    lost = [service for rdata in change.lost if (service := verified_service(change.owner, rdata))]
    added = [rdata for rdata in change.gained if not _stood(change, rdata)]
    gained = [service for rdata in added if (service := verified_service(change.owner, rdata))]
    domain = for_people(proven_domain(change.key))
    for service in dict.fromkeys(lost):
        if service in gained:
            sentence = f"{service} finds another proof of {domain} than the one it may expect."
        else:
            sentence = f"{service} loses its domain verification of {domain}."
        yield Effect(Role.VERIFICATION, Severity.ERROR, sentence)
    for service in dict.fromkeys(gained):
        if service not in lost:
            sentence = f"{service} finds a proof of {domain} that the old zone does not have."
            yield Effect(Role.VERIFICATION, Severity.NOTICE, sentence)


def proven_domain(key: RRsetKey) -> Name:
    """Return the domain that is proven: above a label, or a CNAME, that is there for the proof alone."""
    for_proof = services.of_verification_label(folded(key.owner)[0]) or key.rdtype == RdataType.CNAME
    return key.owner.parent() if for_proof else key.owner


def verified_service(owner: Name, rdata: Rdata) -> str | None:
    """Return the service that reads this rdata as a proof: by what it says, else by where it stands."""
    by_label = services.of_verification_label(folded(owner)[0])
    if rdata.rdtype == RdataType.CNAME:
        target = next(iter(targets_of((rdata,))), None)
        found = services.of_cname(target) if target is not None else None
        return found.service if found and found.use is services.Use.VERIFICATION else by_label
    return services.of_text(octets(rdata)) or by_label


def text_effects(change: Change, roles: tuple[Role, ...]) -> Iterator[Effect]:
    """Yield what becomes of texts that nobody here knows; at owners with a meaning, other modules speak."""
    if roles[0] not in {Role.SPF, Role.VERIFICATION, Role.WILDCARD, Role.OTHER}:
        return
    lost = [text for rdata in change.lost if (text := _unknown(change, rdata))]
    added = [rdata for rdata in change.gained if not _stood(change, rdata)]
    gained = [text for rdata in added if (text := _unknown(change, rdata))]
    again = [octets(rdata).decode("utf-8", "backslashreplace") for rdata in change.gained if _stood(change, rdata)]
    where = for_people(change.owner)
    if lost:
        end = ", and another stands there" if gained else ""
        sentence = f"The text {_quoted(lost)} of {where} is gone{end}; what reads it does not find it."
        yield Effect(Role.OTHER, Severity.ERROR, sentence)
    elif gained:
        severity = Severity.WARNING if change.kind is Kind.EXTRA else Severity.NOTICE
        yield Effect(Role.OTHER, severity, f"The text {_quoted(gained)} of {where} is new.")
    if again:
        sentence = f"The text {_quoted(again)} of {where} stands there again, cut into other strings."
        yield Effect(Role.OTHER, Severity.NOTICE, sentence)


def _stood(change: Change, rdata: Rdata) -> bool:
    """Tell whether the old set says the same already: the new one says it twice."""
    return change.old is not None and meaning(rdata) in map(meaning, change.old.rdatas)


def _unknown(change: Change, rdata: Rdata) -> str:
    if is_spf(rdata) or verified_service(change.owner, rdata) is not None:
        return ""
    return octets(rdata).decode("utf-8", "backslashreplace") or '""'


def _quoted(found: list[str]) -> str:
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"'{shortened(found[0], _LONGEST)}'{more}"
