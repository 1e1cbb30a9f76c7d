"""The judge: each typical mistake is named, and nothing else is; the exact list of findings of each scenario."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import dns.dnssec
import dns.rdata
import pytest
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DNSKEY import DNSKEY

from migrator.cutover.judge import Judgement, concerns_verdict, judge
from migrator.cutover.look import Addresses, HostState, Look, ServerView, Side, Unasked
from migrator.cutover.memory import Memory, with_parents, with_servers
from migrator.cutover.registrar import Registrar, SignerDigest
from migrator.cutover.stage import Stage
from migrator.model.delegation import Delegation, ParentView, WalkEnd
from migrator.model.finding import Severity, Unchecked
from migrator.model.names import absolute
from migrator.model.observation import Observation, Server, Silence
from migrator.model.rrset import RRset
from migrator.report.confirm_words import next_step
from tests.cutover.build import (
    DOMAIN,
    NEW,
    NOW,
    OLD,
    PARKED,
    after,
    answer,
    host,
    look,
    names,
    parent,
    question,
    resolver,
    rrset,
    server_view,
    silent,
    usual_hosts,
    usual_servers,
)

UNREACHABLE = WalkEnd.UNREACHABLE
ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
NEW_1 = "ns1.new.example (203.0.113.1)"
NEW_2 = "ns2.new.example (203.0.113.2)"
OLD_1 = "ns1.old.example (198.51.100.1)"
OLD_2 = "ns2.old.example (198.51.100.2)"
OLD_APEX = [("delegation.old-apex-ns", WARNING, OLD_1), ("delegation.old-apex-ns", WARNING, OLD_2)]

KEY = dns.rdata.from_text(
    RdataClass.IN,
    RdataType.DNSKEY,
    "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==",
)
OTHER_KEY = dns.rdata.from_text(
    RdataClass.IN,
    RdataType.DNSKEY,
    "257 3 13 oJMRESz5E4gYzS/q6XDrvU1qMPYIjCWzJaOau8XNEZeqCYKD5ar0IRd8KqXXFJkqmVfRvMGPmM1x8fGAa2XhSA==",
)
assert isinstance(KEY, DNSKEY)
assert isinstance(OTHER_KEY, DNSKEY)
DS = dns.dnssec.make_ds(DOMAIN, KEY, "SHA256").to_text()
WEAK_DS = dns.dnssec.make_ds(DOMAIN, KEY, "SHA1", policy=dns.dnssec.allow_all_policy).to_text()
OTHER_DS = dns.dnssec.make_ds(DOMAIN, OTHER_KEY, "SHA256").to_text()
TAG = dns.dnssec.key_id(KEY)


# Until when a signature holds, and from when.
SPAN = "20270101000000 20261101000000"
PAST = "20261130235959 20261101000000"
AHEAD = "20270101000000 20261201090001"


def keys(*found: dns.rdata.Rdata, signed_by: int | None = None, span: str = SPAN) -> Observation:
    asked = question(Server("203.0.113.1"), DOMAIN, "DNSKEY")
    records = [rrset(DOMAIN, "DNSKEY", 3600, *(key.to_text() for key in found))] if found else []
    if signed_by is not None:
        signature = f"DNSKEY 13 2 3600 {span} {signed_by} {DOMAIN} AAAA"
        records.append(rrset(DOMAIN, "RRSIG", 3600, signature))
    return answer(asked, *records)


def judged(seen: Look, memory: Memory | None = None, now_in: float = 0) -> Judgement:
    memory = with_parents(memory or Memory(), seen.delegation.views, seen.expected)
    return judge(seen, with_servers(memory, seen.servers, seen.expected), after(now_in))


def found(judgement: Judgement) -> list[tuple[str, Severity, str]]:
    return [(finding.check, finding.severity, finding.subject) for finding in judgement.findings]


@dataclass(frozen=True)
class Case:
    name: str
    seen: Look
    stage: Stage | None
    findings: list[tuple[str, Severity, str]] = field(default_factory=list)
    unchecked: list[tuple[str, str]] = field(default_factory=list)


def servers_with(**changes: Any) -> tuple[ServerView, ...]:
    """The usual servers, the first new one given anew."""
    first = server_view(NEW[0], Side.NEW, changes.pop("apex", NEW), **changes)
    return (first, *usual_servers()[1:])


def failing_ns(**changes: Any) -> tuple[ServerView, ...]:
    """The usual servers, the first new one with another answer to the question for its NS records."""
    first = usual_servers()[0]
    return (replace(first, ns=answer(first.ns.question, **changes)), *usual_servers()[1:])


INSIDE = "ns1.example.test."
OLD_PLACE, NEW_PLACE = "198.51.100.1", "203.0.113.1"


def glue_at(address: str, ttl: int) -> list[RRset]:
    return [rrset(names(INSIDE)[0], "A", ttl, address)]


def moved(
    glue: str,
    at: float,
    *parents: ParentView,
    ttl: int = 600,
    glue_ttl: int = 3600,
    old: ServerView | None = None,
) -> Look:
    """A name server that keeps its name is told from the old one by its address; both zones answer their own."""

    def serving(side: Side, address: str) -> ServerView:
        own = answer(
            question(Server(address), names(INSIDE)[0], "A"),
            rrset(names(INSIDE)[0], "A", ttl // 2, address),
            at=after(at),
        )
        return server_view(INSIDE, side, [INSIDE], address=address, ttl=ttl, own=[own], at=after(at))

    seen = look(
        parent(1, [INSIDE], glue=glue_at(glue, glue_ttl), at=after(at)),
        *(parents or [parent(2, [INSIDE], glue=glue_at(glue, glue_ttl), at=after(at))]),
        expected=[INSIDE],
        old=[INSIDE],
        hosts=(host(INSIDE, Side.NEW, NEW_PLACE),),
        servers=(serving(Side.NEW, NEW_PLACE), old or serving(Side.OLD, OLD_PLACE)),
    )
    return replace(seen, addresses=planned(NEW_PLACE), left=planned(OLD_PLACE))


def moving(glue: str, *, at: float, memory: Memory | None = None, ttl: int = 600, glue_ttl: int = 3600) -> Memory:
    """What is remembered of such a look."""
    seen = moved(glue, at, ttl=ttl, glue_ttl=glue_ttl)
    memory = with_parents(memory or Memory(), seen.delegation.views, seen.expected)
    return with_servers(memory, seen.servers, seen.expected)


def planned(*addresses: str) -> Addresses:
    """What the new zone has for the name server inside the domain."""
    return ((names(INSIDE)[0], frozenset(addresses)),)


def inside(glue: str | None, own: str | None, listed: str = INSIDE) -> Look:
    """A name server inside the domain, with this glue and these addresses of its own."""
    records = [] if glue is None else [rrset(names(listed)[0], "A", 300, glue)]
    asked = question(Server("203.0.113.1"), names(listed)[0], "A")
    answers = [silent(asked) if own is None else answer(asked, rrset(names(listed)[0], "A", 300, own))]
    expected = (listed, NEW[1])
    servers = (
        server_view(listed, Side.NEW, expected, address="203.0.113.1", own=answers),
        server_view(NEW[1], Side.NEW, expected),
        *usual_servers()[2:],
    )
    hosts = (host(listed, Side.NEW, "203.0.113.1"), *usual_hosts()[1:])
    return look(parent(1, expected, glue=records), expected=expected, servers=servers, hosts=hosts)


def odd(
    name: str, *, state: HostState = HostState.NO_SUCH_NAME, detail: str = "", expected: Iterable[str] = NEW
) -> Look:
    """The parent lists the first new name server and this one."""
    hosts = (*usual_hosts(), host(name, Side.OTHER, state=state, detail=detail))
    return look(parent(1, (NEW[0], name)), hosts=hosts, expected=expected)


def signed(*dnskeys: Observation | None, listed: Iterable[str] = NEW, ds: str = DS) -> Look:
    servers = tuple(
        replace(view, dnskey=key)
        for view, key in zip(usual_servers(), (*dnskeys, *dnskeys, None, None), strict=False)
    )
    return look(parent(1, listed, ds=[ds]), servers=servers)


CASES = [
    Case("before the switch nothing is wrong", look(parent(1, OLD), parent(2, OLD)), Stage.NOT_STARTED),
    Case(
        "after the switch the old servers' own set delays the end",
        look(parent(1, NEW), parent(2, NEW)),
        Stage.SWITCHED,
        OLD_APEX,
    ),
    Case(
        "after the switch with the old servers listing the new set",
        look(parent(1, NEW), servers=usual_servers(old_apex=NEW)),
        Stage.SWITCHED,
        [],
        [("clock.last-stale-answer", "example.test.")],
    ),
    Case(
        "parents that differ",
        look(parent(1, NEW), parent(2, OLD)),
        Stage.MIXED,
        [("delegation.parents-differ", WARNING, "example.test. NS")],
    ),
    Case(
        "a part of the old set",
        look(parent(1, OLD[:1])),
        Stage.NOT_STARTED,
        [("delegation.old-set-differs", NOTICE, "example.test. NS")],
    ),
    Case(
        "a parent server that refuses",
        look(parent(1, NEW), parent(2, Rcode.REFUSED)),
        Stage.MIXED,
        [("delegation.parent-fails", ERROR, "b.nic.test (192.0.2.2)")],
    ),
    Case(
        "parent servers that all fail",
        look(parent(1, Rcode.REFUSED), parent(2, Silence.TIMEOUT), end=UNREACHABLE),
        None,
        [("delegation.parent-fails", ERROR, "a.nic.test (192.0.2.1)")],
        [("delegation.parent", "example.test. NS"), ("delegation.parent", "b.nic.test (192.0.2.2)")],
    ),
    Case(
        "a parent server that is silent",
        look(parent(1, NEW), parent(2, Silence.TIMEOUT)),
        None,
        [],
        [("delegation.parent", "b.nic.test (192.0.2.2)")],
    ),
    Case(
        "an address in the place of a name",
        odd("203.0.113.1."),
        Stage.MIXED,
        [("delegation.ns-is-address", ERROR, "203.0.113.1.")],
    ),
    Case(
        "an address with the zone's name appended",
        odd("203.0.113.1.example.test."),
        Stage.MIXED,
        [("delegation.ns-is-address", ERROR, "203.0.113.1.example.test.")],
    ),
    Case(
        "an IPv6 address in the place of a name",
        odd("2001:db8::1."),
        Stage.MIXED,
        [("delegation.ns-is-address", ERROR, "2001:db8::1.")],
    ),
    Case(
        "a name whose final dot is missing",
        odd("ns2.new.example.example.test."),
        Stage.MIXED,
        [("delegation.ns-doubled", ERROR, "ns2.new.example.example.test.")],
    ),
    Case(
        "a name to which the registry's zone was appended",
        odd("ns2.new.example.test."),
        Stage.MIXED,
        [("delegation.ns-doubled", ERROR, "ns2.new.example.test.")],
    ),
    Case(
        "a slip of the keyboard",
        odd("ns2.nwe.example."),
        Stage.MIXED,
        [("delegation.ns-misspelt", ERROR, "ns2.nwe.example.")],
    ),
    Case(
        "slips of the keyboard that are taken for the old set, since nothing else was seen",
        look(
            parent(1, ("ns1.nwe.example.", "ns2.nwe.example.")),
            old=("ns1.nwe.example.", "ns2.nwe.example."),
            hosts=(
                *usual_hosts()[:2],
                host("ns1.nwe.example.", Side.OLD, state=HostState.NO_SUCH_NAME),
                host("ns2.nwe.example.", Side.OLD, state=HostState.NO_SUCH_NAME),
            ),
            servers=usual_servers()[:2],
        ),
        Stage.NOT_STARTED,
        [
            ("delegation.ns-misspelt", ERROR, "ns1.nwe.example."),
            ("delegation.ns-misspelt", ERROR, "ns2.nwe.example."),
        ],
    ),
    Case(
        "old name servers that are almost the new ones, and serve the zone",
        look(
            parent(1, ("ns1.nwe.example.", "ns2.nwe.example.")),
            old=("ns1.nwe.example.", "ns2.nwe.example."),
            hosts=(
                *usual_hosts()[:2],
                host("ns1.nwe.example.", Side.OLD, "198.51.100.1"),
                host("ns2.nwe.example.", Side.OLD, "198.51.100.2"),
            ),
            servers=(
                *usual_servers()[:2],
                server_view("ns1.nwe.example.", Side.OLD, OLD, address="198.51.100.1"),
                server_view("ns2.nwe.example.", Side.OLD, OLD, address="198.51.100.2"),
            ),
        ),
        Stage.NOT_STARTED,
    ),
    Case(
        "an expected name with a slip, beside the real one at the apex",
        look(
            parent(1, OLD),
            expected=("ns1.nwe.example.", NEW[1]),
            hosts=(
                host("ns1.nwe.example.", Side.NEW, state=HostState.NO_SUCH_NAME),
                *usual_hosts()[1:],
            ),
            servers=usual_servers()[1:],
        ),
        Stage.NOT_STARTED,
        [
            ("delegation.ns-misspelt", ERROR, "ns1.nwe.example."),
            ("delegation.ns-does-not-resolve", ERROR, "ns1.nwe.example."),
            ("delegation.child-ns", WARNING, NEW_2),
        ],
    ),
    Case(
        "labels in another order",
        odd("new.ns2.example."),
        Stage.MIXED,
        [("delegation.ns-misspelt", ERROR, "new.ns2.example.")],
    ),
    Case(
        "another top-level domain",
        odd("ns2.new.com."),
        Stage.MIXED,
        [("delegation.ns-misspelt", ERROR, "ns2.new.com.")],
    ),
    Case(
        "a name that does not exist",
        odd("dns.nowhere.example."),
        Stage.MIXED,
        [("delegation.ns-does-not-resolve", ERROR, "dns.nowhere.example.")],
    ),
    Case(
        "a name without addresses",
        odd("mail.somewhere.example.", state=HostState.NO_ADDRESS),
        Stage.MIXED,
        [("delegation.ns-does-not-resolve", ERROR, "mail.somewhere.example.")],
    ),
    Case(
        "a name that is an alias",
        odd("dns.alias.example.", state=HostState.CNAME, detail="ns9.elsewhere.example."),
        Stage.MIXED,
        [("delegation.ns-is-cname", ERROR, "dns.alias.example.")],
    ),
    Case(
        "a name whose addresses nobody tells",
        odd("dns.unknown.example.", state=HostState.UNCHECKED, detail="timeout"),
        Stage.MIXED,
        [],
        [("delegation.ns-resolves", "dns.unknown.example.")],
    ),
    Case(
        "one name server",
        look(
            parent(1, NEW[:1]),
            expected=NEW[:1],
            servers=(server_view(NEW[0], Side.NEW, NEW[:1]), *usual_servers()[2:]),
            hosts=(usual_hosts()[0], *usual_hosts()[2:]),
        ),
        Stage.SWITCHED,
        [("delegation.one-name-server", WARNING, "example.test. NS"), *OLD_APEX],
    ),
    Case(
        "two names of one machine",
        look(
            parent(1, OLD),
            hosts=(*(host(name, Side.NEW, "203.0.113.1") for name in NEW), *usual_hosts()[2:]),
        ),
        Stage.NOT_STARTED,
        [("delegation.one-address", WARNING, "example.test. NS")],
    ),
    Case(
        "addresses that nobody else can reach",
        look(
            parent(1, OLD),
            special=False,
            hosts=(host(NEW[0], Side.NEW, "10.0.0.1", "8.8.8.8"), host(NEW[1], Side.NEW, "1.1.1.1")),
        ),
        Stage.NOT_STARTED,
        [("delegation.ns-special-address", ERROR, NEW[0])],
    ),
    Case(
        "a lame new server",
        look(parent(1, NEW), servers=servers_with(rcode=Rcode.REFUSED)),
        Stage.SWITCHED,
        [("delegation.lame", ERROR, NEW_1), *OLD_APEX],
    ),
    Case(
        "a new server without authority",
        look(parent(1, NEW), servers=servers_with(authoritative=False)),
        Stage.SWITCHED,
        [("delegation.lame", ERROR, NEW_1), *OLD_APEX],
    ),
    Case(
        "a silent new server",
        look(parent(1, NEW), servers=servers_with(silence=Silence.TIMEOUT)),
        Stage.SWITCHED,
        OLD_APEX,
        [("delegation.lame", NEW_1)],
    ),
    Case(
        "an address of a new server to which there is no route",
        look(
            parent(1, OLD),
            servers=(
                *usual_servers(),
                server_view(NEW[0], Side.NEW, NEW, address="2001:db8::1", silence=Silence.UNREACHABLE),
            ),
        ),
        Stage.NOT_STARTED,
    ),
    Case(
        "a new server to which there is no route at all",
        look(parent(1, OLD), servers=servers_with(silence=Silence.UNREACHABLE)),
        Stage.NOT_STARTED,
        [],
        [("delegation.lame", NEW_1)],
    ),
    Case(
        "a new zone that still lists the old servers",
        look(parent(1, NEW), servers=usual_servers(new_apex=OLD)),
        Stage.SWITCHED,
        [("delegation.child-ns", ERROR, NEW_1), ("delegation.child-ns", ERROR, NEW_2), *OLD_APEX],
    ),
    Case(
        "a new zone that lists both",
        look(parent(1, OLD), servers=servers_with(apex=(*NEW, OLD[0]))),
        Stage.NOT_STARTED,
        [("delegation.child-ns", ERROR, NEW_1)],
    ),
    Case(
        "a new zone that lists a further server",
        look(parent(1, OLD), servers=servers_with(apex=(*NEW, "ns3.new.example."))),
        Stage.NOT_STARTED,
        [("delegation.child-ns", WARNING, NEW_1)],
    ),
    Case(
        "a new zone without NS records",
        look(parent(1, OLD), servers=servers_with(apex=None)),
        Stage.NOT_STARTED,
        [("delegation.child-ns", ERROR, NEW_1)],
    ),
    Case(
        "a new server that fails when asked for its NS records",
        look(parent(1, NEW), servers=failing_ns(rcode=Rcode.SERVFAIL)),
        Stage.SWITCHED,
        OLD_APEX,
        [("delegation.child-ns", NEW_1)],
    ),
    Case(
        "a new server that answers for its NS records without authority",
        look(parent(1, NEW), servers=failing_ns(authoritative=False)),
        Stage.SWITCHED,
        OLD_APEX,
        [("delegation.child-ns", NEW_1)],
    ),
    Case(
        "a new zone with a name whose final dot is missing",
        look(parent(1, OLD), servers=servers_with(apex=(NEW[0], f"{NEW[1]}example.test."))),
        Stage.NOT_STARTED,
        [
            ("delegation.ns-doubled", ERROR, "ns2.new.example.example.test."),
            ("delegation.child-ns", WARNING, NEW_1),
        ],
    ),
    Case(
        "old servers that are gone too early",
        look(
            parent(1, NEW),
            servers=(
                *usual_servers()[:2],
                server_view(OLD[0], Side.OLD, OLD, rcode=Rcode.REFUSED),
                server_view(OLD[1], Side.OLD, OLD, silence=Silence.TIMEOUT),
            ),
        ),
        Stage.SWITCHED,
        [("delegation.old-server-gone", WARNING, OLD_1)],
        [("clock.last-stale-answer", "example.test.")],
    ),
    Case("glue that agrees", inside("203.0.113.1", "203.0.113.1"), Stage.SWITCHED, OLD_APEX),
    Case(
        "glue that differs",
        inside("203.0.113.77", "203.0.113.1"),
        Stage.SWITCHED,
        [("delegation.glue-differs", ERROR, "ns1.example.test."), *OLD_APEX],
    ),
    Case(
        "glue of a name server that keeps its name: the old address still, which the old server there confirms",
        replace(inside("203.0.113.1", "203.0.113.1"), addresses=planned("203.0.113.8")),
        Stage.SWITCHED,
        [("delegation.glue-differs", ERROR, "ns1.example.test."), *OLD_APEX],
        [("clock.last-stale-answer", "example.test.")],
    ),
    Case(
        "the same once the glue is that of the new zone",
        replace(inside("203.0.113.8", None), addresses=planned("203.0.113.8", "2001:db8::8")),
        Stage.SWITCHED,
        OLD_APEX,
    ),
    Case(
        "the same before the switch",
        replace(
            look(
                parent(1, (INSIDE, OLD[1]), glue=[rrset(names(INSIDE)[0], "A", 300, "203.0.113.1")]),
                expected=(INSIDE, NEW[1]),
                old=(INSIDE, OLD[1]),
                servers=inside("203.0.113.1", "203.0.113.1").servers,
            ),
            addresses=planned("203.0.113.8"),
        ),
        Stage.NOT_STARTED,
        [],
    ),
    Case(
        "glue that is missing",
        inside(None, "203.0.113.1"),
        Stage.SWITCHED,
        [("delegation.glue-missing", ERROR, "ns1.example.test."), *OLD_APEX],
    ),
    Case(
        "glue that nobody confirms",
        inside("203.0.113.1", None),
        Stage.SWITCHED,
        OLD_APEX,
        [("delegation.glue", "ns1.example.test.")],
    ),
    Case("a DS that fits and signs", signed(keys(KEY, signed_by=TAG)), Stage.SWITCHED, OLD_APEX),
    Case(
        "a DS left behind, the new zone unsigned",
        signed(keys()),
        Stage.SWITCHED,
        [("dnssec.ds-left-behind", ERROR, NEW_1), ("dnssec.ds-left-behind", ERROR, NEW_2), *OLD_APEX],
    ),
    Case(
        "a DS left behind, the new zone signed with other keys",
        signed(keys(OTHER_KEY, signed_by=dns.dnssec.key_id(OTHER_KEY))),
        Stage.SWITCHED,
        [("dnssec.ds-left-behind", ERROR, NEW_1), ("dnssec.ds-left-behind", ERROR, NEW_2), *OLD_APEX],
    ),
    Case(
        "a DS whose key does not sign",
        signed(keys(KEY, OTHER_KEY, signed_by=1)),
        Stage.SWITCHED,
        [("dnssec.ds-left-behind", ERROR, NEW_1), ("dnssec.ds-left-behind", ERROR, NEW_2), *OLD_APEX],
    ),
    Case(
        "a DS that fits a key whose signature has expired",
        signed(keys(KEY, signed_by=TAG, span=PAST)),
        Stage.SWITCHED,
        [("dnssec.signature-expired", ERROR, NEW_1), ("dnssec.signature-expired", ERROR, NEW_2), *OLD_APEX],
    ),
    Case(
        "a DS that fits a key whose signature is still to begin, before the switch",
        signed(keys(KEY, signed_by=TAG, span=AHEAD), listed=OLD),
        Stage.NOT_STARTED,
        [("dnssec.signature-expired", WARNING, NEW_1), ("dnssec.signature-expired", WARNING, NEW_2)],
    ),
    Case(
        "a DS of the new keys while resolvers may still ask the old servers, which have none",
        look(
            parent(1, NEW, ds=[DS]),
            servers=tuple(
                replace(view, dnskey=keys(KEY, signed_by=TAG) if view.side is Side.NEW else keys())
                for view in usual_servers()
            ),
        ),
        Stage.SWITCHED,
        [
            ("dnssec.ds-too-early", ERROR, "ns1.old.example (198.51.100.1)"),
            ("dnssec.ds-too-early", ERROR, "ns2.old.example (198.51.100.2)"),
            *OLD_APEX,
        ],
    ),
    Case(
        "a DS of the new keys by SHA-1 beside a better one of other keys",
        look(
            parent(1, NEW, ds=[WEAK_DS, OTHER_DS]),
            servers=tuple(replace(view, dnskey=keys(KEY, signed_by=TAG)) for view in usual_servers()[:2]),
        ),
        Stage.SWITCHED,
        [("dnssec.ds-left-behind", ERROR, NEW_1), ("dnssec.ds-left-behind", ERROR, NEW_2)],
        [("clock.last-stale-answer", "example.test.")],
    ),
    Case(
        "a DS by SHA-1 beside a better one of the same key",
        look(
            parent(1, NEW, ds=[WEAK_DS, DS]),
            servers=tuple(replace(view, dnskey=keys(KEY, signed_by=TAG)) for view in usual_servers()),
        ),
        Stage.SWITCHED,
        OLD_APEX,
    ),
    Case(
        "a DS that would not fit after the switch",
        signed(keys(), listed=OLD),
        Stage.NOT_STARTED,
        [("dnssec.ds-left-behind", WARNING, NEW_1), ("dnssec.ds-left-behind", WARNING, NEW_2)],
    ),
    Case(
        "servers that fail when asked for their keys",
        signed(answer(question(Server("203.0.113.1"), DOMAIN, "DNSKEY"), rcode=Rcode.SERVFAIL)),
        Stage.SWITCHED,
        OLD_APEX,
        [("dnssec.ds-fits", NEW_1), ("dnssec.ds-fits", NEW_2)],
    ),
    Case(
        "keys of which the answer was cut off, and none came over TCP",
        signed(replace(answer(question(Server("203.0.113.1"), DOMAIN, "DNSKEY")), truncated=True)),
        Stage.SWITCHED,
        OLD_APEX,
        [("dnssec.ds-fits", NEW_1), ("dnssec.ds-fits", NEW_2)],
    ),
    Case(
        "a DS and keys that nobody tells",
        signed(silent(question(Server("203.0.113.1"), DOMAIN, "DNSKEY"))),
        Stage.SWITCHED,
        OLD_APEX,
        [("dnssec.ds-fits", NEW_1), ("dnssec.ds-fits", NEW_2)],
    ),
    Case(
        "DS records that differ between the parents",
        look(
            parent(1, NEW, ds=[DS]),
            parent(2, NEW),
            servers=tuple(replace(view, dnskey=keys(KEY, signed_by=TAG)) for view in usual_servers()),
        ),
        Stage.SWITCHED,
        [*OLD_APEX, ("dnssec.parents-differ", WARNING, "example.test. DS")],
    ),
    Case(
        "a parent that does not say whether there is a DS",
        look(parent(1, NEW, ds=Silence.TIMEOUT)),
        Stage.SWITCHED,
        OLD_APEX,
        [("dnssec.ds", "example.test. DS")],
    ),
    Case(
        "resolvers: one fails, one is silent",
        look(parent(1, OLD), resolvers=(resolver("one", Rcode.SERVFAIL), resolver("two", None))),
        Stage.NOT_STARTED,
        [("resolvers.servfail", WARNING, "one (192.0.2.53)")],
        [("resolvers.side", "two (192.0.2.53)")],
    ),
    Case(
        "switched: one resolver fails, and another answers",
        look(parent(1, NEW), resolvers=(resolver("one", Rcode.SERVFAIL), resolver("two", Side.NEW))),
        Stage.SWITCHED,
        [*OLD_APEX, ("resolvers.servfail", WARNING, "one (192.0.2.53)")],
    ),
    Case(
        "switched: every resolver that answers fails",
        look(parent(1, NEW), resolvers=(resolver("one", Rcode.SERVFAIL), resolver("two", None))),
        Stage.SWITCHED,
        [("resolvers.servfail", ERROR, "one (192.0.2.53)"), *OLD_APEX],
        [("resolvers.side", "two (192.0.2.53)")],
    ),
    Case(
        "a resolver with answers of neither side",
        look(parent(1, OLD), resolvers=(resolver("one", Side.OLD, Side.OTHER),)),
        Stage.NOT_STARTED,
        [("resolvers.neither-side", NOTICE, "one (192.0.2.53)")],
    ),
    Case(
        "RDAP that could not be asked",
        look(parent(1, OLD), registrar=Unasked("404")),
        Stage.NOT_STARTED,
        [],
        [("registrar.rdap", "example.test.")],
    ),
    Case(
        "RDAP that does not know a domain below the registered one",
        replace(look(parent(1, OLD), registrar=Unasked("404")), domain=absolute("sub.example.test")),
        Stage.NOT_STARTED,
    ),
    Case(
        "RDAP ahead of the parent",
        look(parent(1, OLD), registrar=Registrar("https://rdap.example/", name_servers=names(*NEW))),
        Stage.NOT_STARTED,
        [("registrar.name-servers", NOTICE, "example.test.")],
    ),
    Case(
        "RDAP behind the parent",
        look(
            parent(1, NEW),
            servers=usual_servers()[:2],
            registrar=Registrar("https://rdap.example/", name_servers=names(*OLD), delegation_signed=True),
        ),
        Stage.SWITCHED,
        [("registrar.name-servers", WARNING, "example.test."), ("registrar.ds", WARNING, "example.test.")],
        [("clock.last-stale-answer", "example.test.")],
    ),
    Case(
        "a registrar's lock before the switch",
        look(
            parent(1, OLD),
            registrar=Registrar(
                "https://rdap.example/",
                statuses=("client update prohibited", "client transfer prohibited"),
                expires=after(86_400),
            ),
        ),
        Stage.NOT_STARTED,
        [("registrar.locked", WARNING, "example.test."), ("registrar.expiry", WARNING, "example.test.")],
    ),
    Case(
        "a domain on hold",
        look(
            parent(1, Rcode.NXDOMAIN),
            registrar=Registrar("https://rdap.example/", statuses=("Server Hold",), unread=("a DS record",)),
        ),
        Stage.NOT_DELEGATED,
        [("registrar.hold", ERROR, "example.test.")],
        [("registrar.rdap", "example.test.")],
    ),
    Case(
        "RDAP that agrees with the parent",
        look(
            signed(keys(KEY, signed_by=TAG)).delegation.views[0],
            servers=tuple(replace(view, dnskey=keys(KEY, signed_by=TAG)) for view in usual_servers(NEW)),
            registrar=Registrar(
                "https://rdap.example/",
                name_servers=names(*NEW),
                statuses=("client update prohibited",),
                delegation_signed=True,
                ds=(SignerDigest(TAG, 13, 2, DS.split()[3].upper()),),
                expires=after(300 * 86_400),
            ),
        ),
        Stage.SWITCHED,
        [],
        [("clock.last-stale-answer", "example.test.")],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_scenario_has_its_stage_and_exactly_its_findings(case: Case) -> None:
    judgement = judged(case.seen)

    assert (judgement.stage, found(judgement)) == (case.stage, case.findings)
    assert [(item.check, item.subject) for item in judgement.unchecked] == case.unchecked


def test_a_finding_says_what_was_observed_and_what_was_expected() -> None:
    judgement = judged(odd("ns2.nwe.example."))

    assert judgement.findings[0].message == (
        "Listed by the parent test.: one character other than ns2.new.example., which was expected."
    )


def test_silence_of_what_the_verdict_rests_on_is_told_from_other_silence() -> None:
    seen = look(parent(1, NEW))

    concerning = [
        Unchecked("delegation.parent", "a.nic.test (192.0.2.1)", "timeout"),
        Unchecked("delegation.lame", NEW_1, "timeout"),
        Unchecked("dnssec.ds", "example.test. DS", "timeout"),
    ]
    harmless = [
        Unchecked("registrar.rdap", "example.test.", "404"),
        Unchecked("resolvers.side", "one (192.0.2.53)", "timeout"),
        Unchecked("delegation.lame", OLD_1, "timeout"),
        Unchecked("clock.last-stale-answer", "example.test.", "not known"),
    ]
    assert all(concerns_verdict(item, seen) for item in concerning)
    assert not any(concerns_verdict(item, seen) for item in harmless)


def test_a_resolver_that_answers_in_the_place_of_the_parent_is_named() -> None:
    asked = question(Server("192.0.2.9"), DOMAIN, "NS")
    remembered = replace(
        answer(asked, rrset(DOMAIN, "NS", 17, *NEW), authoritative=False), recursion_available=True
    )
    seen = replace(look(end=UNREACHABLE), delegation=Delegation(DOMAIN, None, UNREACHABLE, trail=(remembered,)))

    assert judge(seen, Memory(), NOW).unchecked[0] == Unchecked(
        "delegation.parent",
        "example.test. NS",
        "192.0.2.9 answers from memory, as a resolver does: either it resolves besides, or the network in between "
        "answers DNS in the place of name servers",
    )


def test_the_old_zone_is_kept_while_no_resolver_can_follow_the_new_one() -> None:
    lone, both = (
        judged(look(parent(1, NEW), resolvers=(resolver("one", Rcode.SERVFAIL), other)), now_in=86_400)
        for other in (resolver("two", Side.NEW), resolver("two", Rcode.SERVFAIL))
    )

    assert lone.against_deletion == ()
    assert [finding.check for finding in both.errors] == ["resolvers.servfail"] * 2
    assert both.errors[0].message == (
        "The resolver answers SERVFAIL for the domain, as all that answer do: DNSSEC that does not fit, or name "
        "servers that do not serve the zone."
    )
    assert both.safe is None


class TestSettled:
    """The old set had 3600 s at the parent and 600 s at the old apex, and the old servers never turned."""

    def remembered(self) -> Memory:
        first = look(parent(1, OLD, at=after(-10)), parent(2, OLD, at=after(-10)))
        memory = with_parents(Memory(), first.delegation.views, first.expected)
        return with_servers(memory, first.servers, first.expected)

    @pytest.mark.parametrize(
        ("seconds", "stage"), [(0, Stage.SWITCHED), (4199, Stage.SWITCHED), (4200, Stage.SETTLED)]
    )
    def test_it_is_settled_at_the_instant_and_not_before(self, seconds: int, stage: Stage) -> None:
        switched = look(parent(1, NEW), parent(2, NEW, at=after(-5)))
        memory = with_parents(self.remembered(), switched.delegation.views, switched.expected)
        later = look(parent(1, NEW, at=after(seconds)), parent(2, NEW, at=after(seconds)))

        judgement = judged(later, memory, seconds)

        assert judgement.stage == stage
        assert judgement.timing is not None
        assert judgement.timing.switched == NOW
        assert str(judgement.timing.last_stale) == (
            "2026-12-01T10:10:00Z = all parents switched 2026-12-01T09:00:00Z + parent NS TTL 3600 + "
            "old apex NS TTL 600"
        )
        assert judgement.timing.safe is not None
        assert judgement.timing.safe.at == after(4200)

    def test_what_was_first_seen_switched_a_moment_ago_counts_from_now(self) -> None:
        judgement = judged(look(parent(1, NEW)), now_in=0)

        assert judgement.stage == Stage.SWITCHED
        assert judgement.timing is not None
        assert judgement.timing.last_stale.at == after(4200)

    def test_a_server_of_the_parent_that_went_back_begins_anew(self) -> None:
        memory = self.remembered()
        for views in (
            [parent(1, NEW), parent(2, NEW)],
            [parent(1, NEW, at=after(100)), parent(2, OLD, at=after(100))],
        ):
            memory = with_parents(memory, views, names(*NEW))
        later = look(parent(1, NEW, at=after(200)), parent(2, NEW, at=after(200)))

        judgement = judged(later, memory, 4250)

        assert judgement.stage == Stage.SWITCHED
        assert judgement.timing is not None
        assert judgement.timing.switched == after(200)

    @pytest.mark.parametrize(("ttl", "end"), [(7200, 7200 + 600), (300, 3600 + 600)])
    def test_new_name_servers_with_the_address_of_an_old_one_count_from_the_glue_that_is_right(
        self, ttl: int, end: int
    ) -> None:
        expected, right = (INSIDE, NEW[1]), inside(NEW_PLACE, NEW_PLACE)
        wrong = parent(1, expected, glue=glue_at(OLD_PLACE, ttl), at=after(-5000))
        before = with_parents(Memory(), [wrong], names(*expected))

        for seen in (right, replace(right, addresses=planned(NEW_PLACE))):
            timing = judged(seen, before).timing
            assert timing is not None
            assert (timing.switched, timing.last_stale.at) == (after(0), after(end))
            counted = f"glue TTL {ttl}" if ttl > 3600 else "parent NS TTL 3600"
            assert timing.last_stale.formula.endswith(f" + {counted} + old apex NS TTL 600")

    def test_name_servers_that_keep_their_names_are_moved_to_when_the_glue_is_past(self) -> None:
        # Both zones list the same names, so that nobody knows an old set.
        glue = [rrset(names(INSIDE)[0], "A", 7200, "203.0.113.1")]
        seen = look(parent(1, (INSIDE, NEW[1]), glue=glue), expected=(INSIDE, NEW[1]), old=())

        judgement = judged(seen, now_in=0)

        assert judgement.timing is not None
        assert judgement.timing.last_stale.at == after(7200)
        (unknown,) = judgement.timing.last_stale.unknown
        assert unknown.endswith(
            "; where these have kept their names and moved, only --to says which addresses are the new ones"
        )
        with_new = replace(seen, addresses=planned("203.0.113.1"))
        (unseen,) = judged(with_new, now_in=0).unchecked[-1:]
        assert unseen.reason.endswith("neither --from nor an earlier look says where they were")

    def test_name_servers_that_moved_with_their_names_settle_when_the_old_zone_is_forgotten(self) -> None:
        memory = moving(OLD_PLACE, at=-10)
        memory = moving(NEW_PLACE, at=0, memory=memory)

        settled = [judged(moved(NEW_PLACE, at), memory, at).stage for at in (0, 4499, 4500)]
        judgement = judged(moved(NEW_PLACE, 4500), memory, 4500)

        assert settled == [Stage.SWITCHED, Stage.SWITCHED, Stage.SETTLED]
        assert judgement.timing is not None
        assert str(judgement.timing.last_stale) == (
            "2026-12-01T10:15:00Z = all parents switched 2026-12-01T09:00:00Z + parent NS TTL 3600 + "
            "old apex NS TTL 600 + TTL of the old name servers' addresses 300"
        )
        assert judgement.timing.safe is not None
        assert judgement.timing.safe.at == after(4500)
        assert not judgement.unchecked

    def test_a_longer_ttl_of_the_glue_that_led_to_the_old_zone_is_waited_for(self) -> None:
        memory = moving(NEW_PLACE, at=0, memory=moving(OLD_PLACE, at=-10, glue_ttl=7200))

        judgement = judged(moved(NEW_PLACE, 1), memory, 1)

        assert judgement.timing is not None
        assert judgement.timing.last_stale.at == after(7200 + 600 + 300)

    def test_a_server_of_the_parent_that_hands_out_the_old_address_has_not_switched(self) -> None:
        memory = moving(NEW_PLACE, at=0, memory=moving(OLD_PLACE, at=-10))
        back = moved(NEW_PLACE, 9000, parent(2, [INSIDE], glue=glue_at(OLD_PLACE, 300), at=after(9000)))

        judgement = judged(back, memory, 9000)

        assert judgement.stage == Stage.SWITCHED
        assert judgement.timing is not None
        assert judgement.timing.safe is None
        assert judgement.timing.last_stale.unknown == (
            "glue TTL: not every server of the parent hands out the new addresses of ns1.example.test",
        )
        assert found(judgement)[0] == ("delegation.glue-differs", ERROR, "ns1.example.test.")

    def test_ttls_that_were_lowered_just_before_the_move_are_waited_for(self) -> None:
        memory = moving(OLD_PLACE, at=-20, ttl=86_400)
        memory = moving(NEW_PLACE, at=0, memory=moving(OLD_PLACE, at=-10, memory=memory))

        judgement = judged(moved(NEW_PLACE, 1), memory, 1)

        assert judgement.timing is not None
        assert judgement.timing.last_stale.at == after(-10 + 86_400 + 300)
        assert (
            "old apex NS TTL changed 2026-12-01T08:59:50Z + its former value 86400 + TTL of the old name"
            in str(judgement.timing.last_stale)
        )

    def test_without_a_sight_of_the_old_servers_no_moment_is_called_safe(self) -> None:
        memory = with_parents(Memory(), moved(OLD_PLACE, -10).delegation.views, names(INSIDE))
        gone = moved(NEW_PLACE, 0, old=server_view(INSIDE, Side.OLD, None, address=OLD_PLACE, rcode=Rcode.REFUSED))

        judgement = judged(gone, memory, 100_000)

        assert judgement.timing is not None
        assert judgement.timing.safe is None
        assert judgement.timing.last_stale.unknown == (
            "old apex NS TTL: no server where ns1.example.test was before gave its apex NS set, now or earlier",
            (
                "TTL of the old name servers' addresses: no server where ns1.example.test was before gave the "
                "addresses of these, now or earlier"
            ),
        )

    def test_an_old_server_that_is_gone_too_early_is_no_fault_of_the_delegation(self) -> None:
        memory = moving(NEW_PLACE, at=0, memory=moving(OLD_PLACE, at=-10))
        gone = moved(NEW_PLACE, 1, old=server_view(INSIDE, Side.OLD, None, address=OLD_PLACE, rcode=Rcode.REFUSED))

        judgement = judged(gone, memory, 1)

        assert [each for each in found(judgement) if each[0] != "delegation.one-name-server"] == [
            ("delegation.old-server-gone", WARNING, f"ns1.example.test ({OLD_PLACE})")
        ]

    def test_the_glue_of_a_new_name_server_is_not_waited_for(self) -> None:
        glue = [rrset(names(INSIDE)[0], "A", 7200, "203.0.113.1")]
        seen = look(parent(1, (INSIDE, NEW[1]), glue=glue), expected=(INSIDE, NEW[1]))

        judgement = judged(seen, now_in=0)

        assert judgement.timing is not None
        assert judgement.timing.last_stale.at == after(4200)

    def test_without_the_old_side_it_settles_as_far_as_is_known_and_no_deletion_is_safe(self) -> None:
        memory = with_parents(Memory(), [parent(1, NEW)], names(*NEW))
        later = look(parent(1, NEW, at=after(3600)), old=(), servers=usual_servers()[:2], hosts=usual_hosts()[:2])

        judgement = judged(later, memory, 3600)

        assert judgement.stage == Stage.SETTLED
        assert judgement.timing is not None
        assert (judgement.timing.safe, judgement.timing.recommended) == (None, None)
        assert judgement.unchecked == (
            Unchecked(
                "clock.last-stale-answer",
                "example.test.",
                "old apex NS TTL: the old name servers are not known: neither --from nor an earlier look at the "
                "parent names others",
            ),
        )

    def test_old_servers_that_can_no_longer_be_found_are_remembered(self) -> None:
        memory = with_parents(self.remembered(), [parent(1, NEW), parent(2, NEW)], names(*NEW))
        gone = tuple(host(name, Side.OLD, state=HostState.NO_SUCH_NAME) for name in OLD)
        later = look(
            parent(1, NEW, at=after(10)),
            parent(2, NEW, at=after(10)),
            hosts=(*usual_hosts()[:2], *gone),
            servers=usual_servers()[:2],
        )

        judgement = judged(later, memory, 10)

        assert judgement.timing is not None
        assert judgement.timing.last_stale.at == after(4200)
        assert judgement.timing.last_stale.unknown == ()

    def test_an_old_server_that_never_answered_may_still_list_the_old_set(self) -> None:
        turned = server_view(OLD[0], Side.OLD, NEW)
        silent_one = server_view(OLD[1], Side.OLD, OLD, silence=Silence.TIMEOUT)
        before = look(parent(1, OLD, at=after(-9)), servers=(server_view(OLD[0], Side.OLD, OLD, at=after(-9)),))
        memory = with_parents(Memory(), before.delegation.views, before.expected)
        memory = with_servers(memory, before.servers, before.expected)
        seen = look(parent(1, NEW), servers=(*usual_servers()[:2], turned, silent_one))

        judgement = judged(seen, memory)

        assert judgement.timing is not None
        assert judgement.timing.last_stale.formula.endswith("+ parent NS TTL 3600 + old apex NS TTL 600")

    def test_old_servers_that_turned_in_time_end_it_with_the_longer_ttl(self) -> None:
        turned = usual_servers(old_apex=NEW)
        seen = look(parent(1, NEW), parent(2, NEW), servers=turned)

        judgement = judged(seen, self.remembered())

        assert judgement.timing is not None
        assert judgement.timing.last_stale.formula == (
            "all parents switched 2026-12-01T09:00:00Z + max(parent NS TTL 3600, old apex NS TTL 600)"
        )

    def test_a_resolver_with_an_old_answer_fetched_in_time_does_not_keep_it_from_settling(self) -> None:
        judgement = self.with_resolver(remaining=10)

        assert judgement.stage == Stage.SETTLED
        assert ("resolvers.still-old", NOTICE, "one (192.0.2.53)") in found(judgement)

    def test_a_resolver_that_asked_an_old_server_after_the_end_disproves_it(self) -> None:
        judgement = self.with_resolver(remaining=299)

        assert judgement.stage == Stage.SWITCHED
        assert ("resolvers.still-old", WARNING, "one (192.0.2.53)") in found(judgement)

    def with_resolver(self, remaining: int) -> Judgement:
        """100 s after the end a resolver has an old SOA, which has a TTL of 300 s at the old servers."""
        end = 4300
        memory = with_parents(self.remembered(), [parent(1, NEW), parent(2, NEW)], names(*NEW))
        seen = resolver("one", Side.OLD, Side.NEW, remaining=remaining, at=after(end))
        later = look(parent(1, NEW, at=after(end)), parent(2, NEW, at=after(end)), resolvers=(seen,))
        return judged(later, memory, end)


def test_a_stranger_among_the_listed_servers_is_judged_as_a_server_in_use() -> None:
    parked = server_view(PARKED[0], Side.OTHER, PARKED, address="203.0.113.50", rcode=Rcode.SERVFAIL)
    hosts = (*usual_hosts(), host(PARKED[0], Side.OTHER, "203.0.113.50"))
    seen = look(parent(1, PARKED), hosts=hosts, servers=(*usual_servers(), parked))

    judgement = judged(seen)

    assert judgement.stage == Stage.PLACEHOLDER
    assert found(judgement) == [("delegation.lame", ERROR, "ns1.parking.example (203.0.113.50)")]


@pytest.mark.parametrize(
    ("span", "said"),
    [(PAST, "expired at 2026-11-30T23:59:59Z"), (AHEAD, "begins at 2026-12-01T09:00:01Z")],
)
def test_the_time_of_a_signature_that_does_not_hold_is_said(span: str, said: str) -> None:
    finding = judged(signed(keys(KEY, signed_by=TAG, span=span))).errors[0]

    assert finding.message == (
        f"The keys of the zone there have a signature that {said}; one that holds now was expected: validating "
        "resolvers that ask this server answer SERVFAIL for the whole domain."
    )


def test_a_ds_that_was_left_above_a_zone_without_keys_is_only_to_be_removed() -> None:
    assert isinstance(OTHER_KEY, DNSKEY)
    of_other_keys = keys(OTHER_KEY, signed_by=dns.dnssec.key_id(OTHER_KEY))

    assert judged(signed(keys())).errors[0].remedy == (
        "Remove the DS at the registrar at once; resolvers go on to fail until its TTL is past."
    )
    assert judged(signed(of_other_keys)).errors[0].remedy.endswith("add one for these keys once that is settled.")


def test_the_zone_whose_signatures_do_not_hold_is_not_entered_at_the_registrar() -> None:
    step = next_step(judged(signed(keys(KEY, signed_by=TAG, span=PAST), listed=OLD)))

    assert step == (
        f"First have the new provider sign the zone anew: no signature holds at {NEW_1}, {NEW_2}. "
        "Enter nothing at the registrar before; then look again."
    )
