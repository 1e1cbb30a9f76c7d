"""How the new name servers take EDNS, mixed case and a missing AAAA. Pure."""

from collections.abc import Iterator

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask, NotProbed, Probe, Probed, ProbeKind
from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.ns.asked import probed, rcode_text, servers, without_servers
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import explained
from migrator.model.finding import Phase, Severity
from migrator.model.names import canonical_key, text_of
from migrator.model.observation import Answer, NoAnswer, Question

_BAD_VERSION = 16
_UNKNOWN_OPTION = 65001
_UNKNOWN_FLAGS = 0x7FFF


def _edns_probes(facts: Facts) -> Iterator[Ask]:
    for server in servers(facts):
        for kind in _EDNS_KINDS:
            yield Probe(server, kind, facts.domain)


_EDNS_KINDS = (
    ProbeKind.PLAIN,
    ProbeKind.EDNS,
    ProbeKind.EDNS_VERSION,
    ProbeKind.EDNS_OPTION,
    ProbeKind.EDNS_FLAGS,
)


@check(
    "ns.edns",
    phases=(Phase.READY,),
    severity=Severity.WARNING,
    source="RFC 6891 sections 6.1.1, 6.1.3, 6.1.4; Zonemaster NAMESERVER02, NAMESERVER10 to NAMESERVER13",
    remedy="Update the name server, or remove the firewall before it that drops or changes EDNS.",
    asks=_edns_probes,
)
def edns(facts: Facts) -> Iterator[Point]:
    """Name servers understand EDNS.

    Every new name server understands EDNS, or at least says clearly that it does not.

    An SOA question is sent without EDNS, with it, with EDNS version 1 (BADVERS is expected), with an option and
    with flags that nobody knows (to be ignored and not sent back). Warns where such a question gets no answer
    while the plain one does, or another answer than these.
    """
    yield from without_servers(facts)
    for server in servers(facts):
        replies = {kind: probed(facts, server, kind) for kind in _EDNS_KINDS}
        plain = replies[ProbeKind.PLAIN]
        if isinstance(plain, NotProbed):
            yield Unchecked(str(server), f"no answer without EDNS either: {plain.reason}", (plain,))
            continue
        wrong = [(kind, why) for kind, reply in replies.items() if (why := _edns_fault(kind, reply, plain))]
        for kind, why in wrong:
            yield Problem(str(server), f"Asked with {kind}: {why}", (replies[kind],))
        if not wrong:
            yield Passed(str(server), "EDNS is understood.", tuple(replies.values()))


def _edns_fault(kind: ProbeKind, reply: Probed | NotProbed, plain: Probed) -> str | None:
    """Return what is wrong with a reply to a probe, None where nothing is."""
    if kind is ProbeKind.PLAIN:
        return None
    if isinstance(reply, NotProbed):
        return f"{reply.reason}; without EDNS it answers."
    if reply.edns_version is None:
        # RFC 6891 section 7: who does not know EDNS answers FORMERR, or as if it were not there.
        understood = reply.rcode in {Rcode.FORMERR, Rcode.NOTIMP} or reply.rcode == plain.rcode
        return (
            None
            if understood
            else f"{rcode_text(reply.rcode)} without EDNS; {rcode_text(plain.rcode)} was expected."
        )
    if kind is ProbeKind.EDNS_VERSION:
        return None if reply.rcode == _BAD_VERSION else f"{rcode_text(reply.rcode)}; BADVERS was expected."
    if reply.rcode != plain.rcode:
        return f"{rcode_text(reply.rcode)}; {rcode_text(plain.rcode)} was expected, as without EDNS."
    if kind is ProbeKind.EDNS_OPTION and _UNKNOWN_OPTION in reply.options:
        return "the unknown option comes back; it was to be ignored."
    if kind is ProbeKind.EDNS_FLAGS and reply.flags & _UNKNOWN_FLAGS:
        return "the unknown flags come back; they were to be ignored."
    return None


def _case_probes(facts: Facts) -> Iterator[Ask]:
    for server in servers(facts):
        yield Probe(server, ProbeKind.PLAIN, facts.domain)
        yield Probe(server, ProbeKind.MIXED_CASE, facts.domain)


@check(
    "ns.case",
    phases=(Phase.READY,),
    severity=Severity.WARNING,
    source="RFC 4343; draft-vixie-dnsext-dns0x20-00; Zonemaster NAMESERVER08, NAMESERVER09",
    remedy="Update the name server: resolvers that mix the case on purpose distrust its answers.",
    asks=_case_probes,
)
def case(facts: Facts) -> Iterator[Point]:
    """Case does not matter to name servers.

    Every new name server takes a name in mixed case for the same name, and repeats it as it was asked.
    """
    yield from without_servers(facts)
    for server in servers(facts):
        plain, mixed = (probed(facts, server, kind) for kind in (ProbeKind.PLAIN, ProbeKind.MIXED_CASE))
        if isinstance(plain, NotProbed):
            yield Unchecked(str(server), f"no answer: {plain.reason}", (plain,))
        elif isinstance(mixed, NotProbed):
            yield Problem(str(server), f"A name in mixed case: {mixed.reason}; else it answers.", (plain, mixed))
        elif (mixed.rcode, mixed.records) != (plain.rcode, plain.records):
            yield Problem(
                str(server),
                f"A name in mixed case: {rcode_text(mixed.rcode)} with {mixed.records} records; "
                f"{rcode_text(plain.rcode)} with {plain.records} were expected, as in lower case.",
                (plain, mixed),
            )
        elif mixed.echoed is not None and mixed.echoed.labels != mixed.sent.labels:
            yield Problem(str(server), "The answer spells the name in another case than the question.", (mixed,))
        else:
            yield Passed(str(server), "Case does not matter, and is kept.", (mixed,))


def _aaaa_questions(facts: Facts) -> Iterator[Question]:
    name = _ipv4_only(facts)
    if name is not None:
        for server in servers(facts):
            yield facts.question(server, name, RdataType.A)
            yield facts.question(server, name, RdataType.AAAA)


@check(
    "ns.aaaa",
    phases=(Phase.READY,),
    source="RFC 4074; Zonemaster NAMESERVER05",
    remedy="Update the name server, or the load balancer that answers in its place.",
    asks=_aaaa_questions,
)
def aaaa(facts: Facts) -> Iterator[Point]:
    """A missing AAAA is answered NODATA.

    Asked for the AAAA of a name that has an A record only, every new name server answers NODATA.

    Silence, SERVFAIL or NXDOMAIN there make clients wait, or believe that the name does not exist. A server that
    has an AAAA record there, or whose answer is cut off, shows nothing of that: it is unchecked.
    """
    name = _ipv4_only(facts)
    if name is None:
        yield NotNeeded("the zone has no name with an A record and no AAAA")
        return
    yield from without_servers(facts)
    for server in servers(facts):
        ipv4 = facts.observed(facts.question(server, name, RdataType.A))
        ipv6 = facts.observed(facts.question(server, name, RdataType.AAAA))
        subject = f"{text_of(name)} AAAA"
        if not isinstance(ipv4, Answer) or ipv4.rcode != Rcode.NOERROR or not ipv4.answer:
            yield Unchecked(subject, f"{server} does not answer for the A record: {explained(ipv4)}", (ipv4,))
        elif isinstance(ipv6, NoAnswer):
            yield Problem(
                subject, f"{server} gives no answer for AAAA ({explained(ipv6)}), and one for A.", (ipv4, ipv6)
            )
        elif ipv6.rcode != Rcode.NOERROR:
            yield Problem(
                subject,
                f"{server} gives {explained(ipv6)} for AAAA, and an address for A; NODATA was expected.",
                (ipv4, ipv6),
            )
        elif ipv6.answered() is not None:
            reason = f"{server} has an AAAA record there, which the zone has not"
            yield Unchecked(subject, reason, (ipv6,))
        elif ipv6.answer or ipv6.truncated:
            yield Unchecked(subject, f"{server} gives no whole answer: {explained(ipv6)}", (ipv6,))
        else:
            yield Passed(subject, f"{server} answers NODATA.", (ipv6,))


def _ipv4_only(facts: Facts) -> Name | None:
    """Return a name of the new zone (else of the old one) that has an A record and no AAAA, and is no wildcard."""
    for side in reversed(facts.sides):
        if side.zone is None:
            continue
        has = {
            rdtype: {rrset.owner for rrset in side.zone.rrsets if rrset.rdtype == rdtype and rrset.rdatas}
            for rdtype in (RdataType.A, RdataType.AAAA)
        }
        plain = {rrset.owner for rrset in side.zone.rrsets if not rrset.extras and not rrset.key.variant}
        cuts = {rrset.owner for rrset in side.zone.rrsets if rrset.rdtype == RdataType.NS} - {facts.domain}
        names = (has[RdataType.A] & plain) - has[RdataType.AAAA]
        names = {name for name in names if not name.is_wild() and not any(name.is_subdomain(cut) for cut in cuts)}
        # A name that the new zone lacks has no place here: that it lacks it is told elsewhere.
        return min(names, key=canonical_key) if names else None
    return None
