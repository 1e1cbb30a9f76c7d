"""Records that are easily forgotten: rare types, automatic set-up, proofs for services. No IO here.

They are a part of what `zone.diff` compares; here each has the name of what breaks, and is asked of the servers.
"""

from collections.abc import Callable, Iterator

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.checks.check import check
from migrator.checks.facts import Facts, Strategy
from migrator.checks.points import Evidence, Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.asking import Compared, compared
from migrator.checks.zone.base import ask_everything
from migrator.checks.zone.planned import advice_to_add, held_by, keys_in_words, source_of, zone_diff
from migrator.checks.zone.rules import served_zone, unread
from migrator.checks.zone.served import lowered
from migrator.diff import Difference, Kind, ZoneDiff
from migrator.diff.equality import by_meaning
from migrator.diff.proofs import proven_domain, verified_service
from migrator.diff.wording import answered
from migrator.meaning import services
from migrator.meaning.roles import HOST_TYPES, KEY_TYPES, SIGNATURE_TYPES, Role, roles_of
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, for_people, text_of
from migrator.model.phrases import counted, ended
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import subject_of

_MOST_SHOWN = 5
_USUAL = frozenset({*HOST_TYPES, RdataType.SOA, RdataType.NS, RdataType.MX, RdataType.TXT, RdataType.CAA})
_RARE_HOSTS = frozenset({RdataType.SVCB, RdataType.HTTPS})
# What is worth nothing without signatures (RFC 7671, RFC 4255, RFC 7929, RFC 8162).
_SECURED = frozenset({RdataType.TLSA, RdataType.SSHFP, RdataType.OPENPGPKEY, RdataType.SMIMEA})
_SERVICE_SRV = (b"_sip", b"_sips", b"_sipfederationtls", b"_sipinternaltls", b"_xmpp-client", b"_xmpp-server")

Wanted = Callable[[RRset], bool]


@dataclass(frozen=True, slots=True)
class _Known:
    """The differences by which the new side is judged, and what shows each: the servers, else the two zones."""

    found: ZoneDiff
    by_servers: Compared | None

    def evidence(self, facts: Facts, difference: Difference) -> tuple[Evidence, ...]:
        """Return what shows a difference."""
        old = held_by(facts.old, difference.key)
        if self.by_servers is not None:
            return (old, *self.by_servers.evidence(difference))
        assert facts.new is not None
        return (old, held_by(facts.new, difference.key))

    def source(self, facts: Facts) -> Evidence:
        """Return what was looked at."""
        if self.by_servers is not None:
            servers = ", ".join(str(one.server) for one in self.by_servers.serving)
            return Noted("asked", servers)
        assert facts.new is not None
        return Noted(source_of(facts.new), "compared with the old zone")


def _known(facts: Facts) -> _Known | Point:
    if facts.new is None:
        return NotNeeded("there is no new side: --to names it")
    if facts.old.zone is None:
        return unread(facts, facts.old)
    by_servers = compared(facts, facts.new, facts.old.zone)
    if by_servers.found is not None:
        return _Known(by_servers.found, by_servers)
    by_zone = zone_diff(facts)
    if by_zone is not None:
        return _Known(by_zone, None)
    return Unchecked(text_of(facts.domain), facts.new.unread or "no new name server serves the zone")


def _points(
    facts: Facts, wanted: Wanted, without: str, holds: str, lost: Callable[[Difference], str]
) -> Iterator[Point]:
    """Yield what became of the wanted RRsets of the old zone; `lost` says what breaks, and may be empty."""
    known = _known(facts)
    if not isinstance(known, _Known):
        yield known
        return
    assert facts.old.zone is not None
    zone = served_zone(facts.old.zone)
    keys = {r.key for r in facts.old.zone.rrsets if wanted(r) and zone.cover(r.owner, r.rdtype) is None}
    if not keys:
        yield NotNeeded(without, (Noted(source_of(facts.old), "read"),))
        return
    differences = [d for d in known.found.differences if d.key in keys]
    problems = [
        Problem(
            subject_of(d.key),
            ended(f"The old zone has {answered(d.old)}, the new side {answered(d.new)}") + f" {sentence}",
            known.evidence(facts, d),
            advice_to_add(d),
            d.severity,
        )
        for d in differences
        if d.kind in {Kind.MISSING, Kind.CHANGED} and (sentence := lost(d))
    ]
    yield from problems
    unknown = [d for d in differences if d.kind is Kind.UNCHECKED]
    if unknown:
        evidence = tuple(item for d in unknown[:_MOST_SHOWN] for item in known.evidence(facts, d))
        named = keys_in_words(d.key for d in unknown)
        yield Unchecked(text_of(facts.domain), f"{named}: {lowered(unknown[0].impact)}", evidence)
    elif not problems:
        yield Passed(text_of(facts.domain), f"{counted(len(keys), 'RRset')}: {holds}", (known.source(facts),))


@check(
    "zone.misc-lost",
    phases=(Phase.READY,),
    source="RFC 3597; RFC 7671; RFC 2782",
    remedy="Copy the records, or choose a provider that holds their type.",
    asks=ask_everything,
)
def misc_lost(facts: Facts) -> Iterator[Point]:
    """Records of rare types are there.

    Rare are all but A, AAAA, CNAME, MX, TXT, NS, CAA and what DNSSEC makes: SRV, TLSA, SSHFP, NAPTR, HTTPS, PTR,
    LOC, URI, OPENPGPKEY, SMIMEA and types that nobody knows; programs and providers forget them first. Asked of
    every new address; compared by the zones where no server answers. It fails or warns as `zone.diff` judges the
    loss, and says where the new provider cannot hold the type at all. While the zone goes unsigned for the move,
    TLSA, SSHFP, OPENPGPKEY and SMIMEA are a warning: those who read them believe them only when they are signed.
    """

    def sentence(difference: Difference) -> str:
        able = facts.new.capabilities if facts.new is not None else None
        if able is not None and not able.holds_type(difference.key.rdtype):
            return f"{difference.impact} The new provider cannot hold {difference.key.rdtype.name} records."
        return difference.impact

    yield from _points(
        facts,
        lambda rrset: _is_rare(rrset) and not _is_set_up(rrset, facts.domain),
        "the old zone has no record of a rare type",
        "rare types as in the old zone.",
        sentence,
    )
    if facts.strategy is Strategy.GO_INSECURE and facts.old.zone is not None:
        secured = [rrset.key for rrset in facts.old.zone.rrsets if rrset.rdtype in _SECURED]
        if secured:
            message = f"{keys_in_words(secured)}: worth nothing while the zone is unsigned."
            evidence = tuple(held_by(facts.old, key) for key in secured[:_MOST_SHOWN])
            advice = "Tell those who rely on them, or move with signatures (multi-signer)."
            yield Problem(text_of(facts.domain), message, evidence, advice, Severity.WARNING)


def _is_rare(rrset: RRset) -> bool:
    usual = (_USUAL - _RARE_HOSTS) | SIGNATURE_TYPES | KEY_TYPES
    return rrset.rdtype not in usual


@check(
    "zone.autodiscover",
    phases=(Phase.READY,),
    source="RFC 6186; RFC 8314; RFC 6764; RFC 2782",
    remedy="Copy the records: without them programs ask for server names when an account is set up.",
    asks=ask_everything,
)
def autodiscover(facts: Facts) -> Iterator[Point]:
    """Programs can set themselves up.

    These are the hosts `autodiscover`, `autoconfig`, `lyncdiscover`, `enterpriseregistration` and the like, and
    the SRV records of mail, calendars, SIP and XMPP. Asked of every new address; compared by the zones where no
    server answers. It fails where one of the old zone is missing or leads elsewhere. Not needed where the old
    zone has none.
    """
    yield from _points(
        facts,
        lambda rrset: _is_set_up(rrset, facts.domain),
        "the old zone has no record for automatic set-up",
        "automatic set-up as in the old zone.",
        lambda difference: difference.impact,
    )


def _is_set_up(rrset: RRset, origin: Name) -> bool:
    first = folded(rrset.owner)[0]
    if rrset.rdtype == RdataType.SRV and first in _SERVICE_SRV:
        return True
    if rrset.rdtype in HOST_TYPES and services.of_host_label(first) is not None:
        return True
    return Role.AUTODISCOVER in roles_of(rrset.key, rrset.rdatas, origin)


@check(
    "zone.verification",
    phases=(Phase.READY,),
    source="draft-ietf-dnsop-domain-verification-techniques",
    remedy="Copy the record as it is: the service looks for it again, and withdraws access without it.",
    asks=ask_everything,
)
def verification(facts: Facts) -> Iterator[Point]:
    """Proofs for services are there.

    Known by the beginning of a TXT, by the label of its owner, or by the target of a CNAME. Asked of every new
    address; compared by the zones where no server answers. It fails for each proof of the old zone that is
    missing, and names the service that takes the domain for another's at its next look. Not needed where the old
    zone has none.
    """
    yield from _points(
        facts,
        lambda rrset: bool(_proofs(rrset.key, rrset.rdatas)),
        "the old zone has no proof for a service",
        "proofs for services as in the old zone.",
        _withdrawn,
    )


def _proofs(key: RRsetKey, rdatas: tuple[Rdata, ...]) -> list[str]:
    found = [verified_service(key.owner, rdata) for rdata in rdatas]
    return list(dict.fromkeys(service for service in found if service is not None))


def _withdrawn(difference: Difference) -> str:
    has = by_meaning(difference.new.rdatas if difference.new else ())
    assert difference.old is not None
    lost = tuple(rdata for meaning, rdata in by_meaning(difference.old.rdatas).items() if meaning not in has)
    names = _proofs(difference.key, lost)
    domain = for_people(proven_domain(difference.key))
    if not names:
        return ""
    verb = "loses its" if len(names) == 1 else "lose their"
    return f"{' and '.join(names)} {verb} proof of {domain}, and may withdraw access at the next check."
