"""Whether the new name servers answer, over both transports and with authority for this zone. Pure.

Every address of every name server is asked. A server that answers over one transport and not over the other
fails; one that answers over neither is unchecked, since the fault may be ours.
"""

from collections.abc import Iterator

from dns.rdatatype import RdataType

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.looking import FROM_READY, joined
from migrator.checks.ns.asked import servers, without_servers
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import unread
from migrator.cutover.look import explained, names_of, served, targets
from migrator.model.finding import Phase, Severity
from migrator.model.names import text_of
from migrator.model.observation import Answer, Observation, Question, Server


def _soa_questions(facts: Facts) -> Iterator[Question]:
    for server in servers(facts):
        yield facts.question(server, facts.domain, RdataType.SOA)
        yield facts.question(server, facts.domain, RdataType.SOA, tcp=True)


def _soa(facts: Facts, server: Server) -> tuple[Observation, Observation]:
    """Return what the server said over UDP and over TCP."""
    over_udp, over_tcp = (facts.question(server, facts.domain, RdataType.SOA, tcp=tcp) for tcp in (False, True))
    return facts.observed(over_udp), facts.observed(over_tcp)


@check(
    "ns.udp",
    phases=FROM_READY,
    blocks=True,
    source="Zonemaster CONNECTIVITY01; RFC 1035 section 4.2.1",
    remedy="Let UDP port 53 through to every name server.",
    asks=_soa_questions,
)
def udp(facts: Facts) -> Iterator[Point]:
    """Every new name server answers over UDP.

    Fails where a server answers over TCP alone; unchecked where it answers over neither. Addresses that this
    machine has no route to (IPv6, mostly) are named in a notice and not judged, as long as the same server has
    others.
    """
    yield from without_servers(facts)
    for server in servers(facts):
        over_udp, over_tcp = _soa(facts, server)
        if isinstance(over_udp, Answer):
            yield Passed(str(server), f"Answers in {over_udp.elapsed * 1000:.0f} ms.", (over_udp,))
        elif isinstance(over_tcp, Answer):
            yield Problem(
                str(server),
                f"No answer over UDP ({explained(over_udp)}), and one over TCP; both were expected.",
                (over_udp, over_tcp),
                "Open UDP port 53: most resolvers ask over UDP and give the server up.",
            )
        else:
            yield Unchecked(str(server), f"no answer over UDP: {explained(over_udp)}", (over_udp, over_tcp))
    for server in () if facts.new is None else facts.new.out_of_reach:
        yield Problem(
            str(server),
            "Not asked: this machine has no route to the address.",
            (),
            "Run the check where there is IPv6 as well.",
            Severity.NOTICE,
        )


@check(
    "ns.tcp",
    phases=FROM_READY,
    source="Zonemaster CONNECTIVITY02; RFC 7766",
    remedy="Open TCP port 53: DNSSEC, long TXT records and answers that were cut off need it.",
    asks=_soa_questions,
)
def tcp(facts: Facts) -> Iterator[Point]:
    """Every new name server answers over TCP.

    Fails where a server answers over UDP alone; unchecked where it answers over neither.
    """
    yield from without_servers(facts)
    for server in servers(facts):
        over_udp, over_tcp = _soa(facts, server)
        if isinstance(over_tcp, Answer):
            yield Passed(str(server), "Answers over TCP.", (over_tcp,))
        elif isinstance(over_udp, Answer):
            yield Problem(
                str(server),
                f"No answer over TCP ({explained(over_tcp)}), and one over UDP; both were expected.",
                (over_udp, over_tcp),
                "Open TCP port 53: DNSSEC, long TXT records and answers that were cut off fail without it.",
            )
        else:
            yield Unchecked(str(server), f"no answer over TCP: {explained(over_tcp)}", (over_udp, over_tcp))


@check(
    "ns.aa",
    phases=FROM_READY,
    blocks=True,
    source="Zonemaster DELEGATION04, DELEGATION06, BASIC02, NAMESERVER07; RFC 1912 section 2.8",
    remedy="Create or activate the zone in that account, and compare the name servers with those of this zone.",
    asks=_soa_questions,
)
def authoritative(facts: Facts) -> Iterator[Point]:
    """Name servers serve the zone.

    Every new name server answers for the zone with authority: it is not lame.

    Asked for the SOA over UDP and over TCP, it gives NOERROR, the AA flag and an SOA whose owner is the domain.
    REFUSED, SERVFAIL, a referral or an answer without AA fail: the zone was not created, not activated, or the
    name servers are those of another zone or account. Silence is unchecked.
    """
    yield from without_servers(facts)
    for server in servers(facts):
        seen = [found for found in _soa(facts, server) if isinstance(found, Answer)]
        lame = next((answer for answer in seen if served(answer) is None), None)
        if lame is not None:
            yield Problem(
                str(server),
                f"Asked for the SOA of the zone, the server gave {explained(lame)}; an authoritative answer was "
                "expected.",
                (lame,),
                f"Create or activate {text_of(facts.domain)} at the new provider, and check that {server} is one "
                "of the name servers that it assigned to this very zone.",
            )
        elif seen:
            yield Passed(str(server), "Serves the zone with authority.", tuple(seen))
        else:
            silent = _soa(facts, server)
            yield Unchecked(str(server), f"no answer: {explained(silent[0])}", silent)


@check(
    "ns.right-account",
    phases=(Phase.READY, Phase.SWITCH),
    blocks=True,
    source="documentation of Route 53 delegation sets, Azure DNS zones and Cloudflare zones (2025-12)",
    remedy="Use the name servers that the provider shows for this very zone.",
)
def right_account(facts: Facts) -> Iterator[Point]:
    """The set is the assigned one.

    The new zone lists the name servers that its provider assigned to it.

    Route 53, Azure DNS and Cloudflare assign a set to each zone: that of another zone, or of a zone of the same
    name in another account, answers REFUSED or, worse, with other data. Not needed where nobody assigns any.
    """
    if facts.new is None or not facts.new.assigned:
        yield NotNeeded("nobody assigns name servers to the zone: it is no zone of a provider")
        return
    subject = f"{text_of(facts.domain)} NS"
    assigned = Noted("assigned by the provider", joined(facts.new.assigned))
    if facts.new.zone is None:
        yield unread(facts, facts.new)
        return
    shown = targets(facts.new.zone.apex(RdataType.NS))
    if not shown:
        yield NotNeeded("the provider keeps the NS set outside the zone", (assigned,))
    elif names_of(shown) != names_of(facts.new.assigned):
        yield Problem(
            subject,
            f"The zone lists {joined(shown)}; the provider assigned {joined(facts.new.assigned)}.",
            (assigned, Noted("apex of the new zone", joined(shown))),
            "Correct the NS records at the apex to the assigned set.",
        )
    else:
        yield Passed(
            subject, f"The zone's own set is the assigned one: {joined(facts.new.assigned)}.", (assigned,)
        )
