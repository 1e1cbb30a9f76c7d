"""The walk from the root, over real sockets: a miniature internet whose every answer is written down here."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import pytest
from dns.rdatatype import RdataType

from migrator.cutover.look import HostState
from migrator.cutover.stage import Listing, Sets, listing_of
from migrator.dnsclient import SocketClient
from migrator.model.delegation import Delegation, WalkEnd
from migrator.model.names import absolute
from migrator.model.observation import Answer, NoAnswer, Server, Silence, Transport
from migrator.network.delegation import HostAddresses, addresses_of, walk
from migrator.network.iterative import MOST_QUESTIONS
from migrator.network.profile import NetworkProfile, Resolver
from migrator.network.referrals import targets
from tests.faulty import ALL, IMPATIENCE, FaultyServer, Reply, Rules, patience

SILENT: Rules = {(None, None): Reply(drop=ALL)}
REFUSING: Rules = {(None, None): Reply(rcode="REFUSED", authoritative=False)}


@dataclass(frozen=True, slots=True)
class Internet:
    """Name servers on one port of a block of loopback addresses, and a client that knows the first as the root."""

    servers: Mapping[str, FaultyServer]
    profile: NetworkProfile
    client: SocketClient

    def walk(self, domain: str) -> Delegation:
        return walk(self.client, self.profile, absolute(domain))

    def addresses_of(self, host: str) -> HostAddresses:
        return addresses_of(self.client, self.profile, absolute(host))

    def asked(self, server: str) -> list[tuple[str, str]]:
        return [(query.name, query.rdtype) for query in self.servers[server].queries]

    def address(self, server: str) -> str:
        return self.servers[server].address


def address(block: int, number: int) -> str:
    return f"127.{block}.77.{number}"


@contextmanager
def internet(build: "Plan", **changes: object) -> Iterator[Internet]:
    """Start the servers that the plan returns for a block of addresses: `at(n)` is the address of the n-th."""
    block = random.randrange(64, 250)
    addresses = {f"@{n}": address(block, n) for n in range(1, 20)}
    with ExitStack() as stack:
        servers: dict[str, FaultyServer] = {}
        port = 0
        for number, (name, rules) in enumerate(build.items(), 1):
            placed = {key: _placed(reply, addresses) for key, reply in rules.items()}
            server = FaultyServer(placed, address=address(block, number), port=port)
            servers[name] = stack.enter_context(server)
            port = server.port
        profile = NetworkProfile(
            root_hints=(Server(address(block, 1), port, absolute("a.root-servers.test")),),
            port=port,
            ipv6=None,
            timeout=patience(*build.values()),
            attempts=2,
            queries_per_second=10_000,
            trust_anchors="",
            rdap_bootstrap="",
            allow_special_addresses=True,
            resolvers=(Resolver("nobody", "127.0.0.1", 1),),
        )
        changed = replace(profile, **changes)  # type: ignore[arg-type]
        yield Internet(servers, changed, SocketClient(changed))


def _placed(reply: Reply | list[Reply], addresses: Mapping[str, str]) -> Reply | list[Reply]:
    """Put the addresses of the block where the plan has `@1`, `@2` ..."""
    if isinstance(reply, list):
        return [_replaced(each, addresses) for each in reply]
    return _replaced(reply, addresses)


def _replaced(reply: Reply, addresses: Mapping[str, str]) -> Reply:
    def place(records: Sequence[str]) -> list[str]:
        return [" ".join(addresses.get(word, word) for word in record.split(" ")) for record in records]

    return replace(
        reply, answer=place(reply.answer), authority=place(reply.authority), additional=place(reply.additional)
    )


Plan = Mapping[str, Rules]


def referral(zone: str, *servers: str, glue: Sequence[str] = (), **options: object) -> Reply:
    """Refer to a zone; a glue record is `NAME ADDRESS`."""
    return Reply(
        authoritative=False,
        authority=[f"{zone}. 172800 NS {server}." for server in servers],
        additional=[_address(each) for each in glue],
        **options,  # type: ignore[arg-type]
    )


def _address(text: str) -> str:
    name, found = text.split()
    return f"{name}. 172800 {'AAAA' if ':' in found else 'A'} {found}"


def answer(*records: str, glue: Sequence[str] = ()) -> Reply:
    return Reply(answer=records, additional=[_address(each) for each in glue])


def resolved(*records: str, glue: Sequence[str] = ()) -> Reply:
    additional = [_address(each) for each in glue]
    return Reply(answer=records, additional=additional, authoritative=False, recursion_available=True)


def no_data(zone: str) -> Reply:
    return Reply(authority=[_soa(zone)])


def no_name(zone: str) -> Reply:
    return Reply(rcode="NXDOMAIN", authority=[_soa(zone)])


def _soa(zone: str) -> str:
    return f"{zone or '.'} 60 SOA ns.invalid. host.invalid. 1 2 3 4 5"


def zone(name: str, rules: Rules) -> Rules:
    """Serve a zone: the rules, NXDOMAIN for every other name below, NODATA at the apex."""
    return {
        (f"*.{name}" if name else None, None): no_name(f"{name}."),
        (name or ".", None): no_data(f"{name}."),
        **rules,
    }


def everything_below(name: str, reply: Reply) -> Rules:
    return {(name, None): reply, (f"*.{name}", None): reply}


ROOT = zone(
    "", everything_below("org", referral("org", "a.nic.org", "b.nic.org", glue=["a.nic.org @2", "b.nic.org @3"]))
)
TO_EXAMPLE = referral("example.org", "ns1.example.org", "ns2.example.net", glue=["ns1.example.org @4"])
APEX: Rules = {("org", "NS"): answer("org. 3600 NS a.nic.org.", "org. 3600 NS b.nic.org.")}
DS = "example.org. 3600 DS 4711 13 2 " + "00" * 32
ORG = zone(
    "org",
    {
        **APEX,
        **everything_below("example.org", TO_EXAMPLE),
        ("example.org", "DS"): answer(DS),
        ("a.nic.org", "A"): answer("a.nic.org. 60 A @2"),
        ("b.nic.org", "A"): answer("b.nic.org. 60 A @3"),
        ("a.nic.org", "AAAA"): no_data("org."),
        ("b.nic.org", "AAAA"): no_data("org."),
    },
)
NS_SET = {absolute("ns1.example.org"), absolute("ns2.example.net")}


def test_every_server_of_the_parent_is_asked_for_ns_and_ds() -> None:
    with internet({"root": ROOT, "a": ORG, "b": ORG}) as net:
        found = net.walk("Example.org")

        assert (found.domain, found.parent, found.end) == (
            absolute("example.org"),
            absolute("org"),
            WalkEnd.DELEGATED,
        )
        assert [view.server for view in found.views] == [
            Server(net.address("a"), net.profile.port, absolute("a.nic.org")),
            Server(net.address("b"), net.profile.port, absolute("b.nic.org")),
        ]
        for view in found.views:
            delegation, signer = view.delegation(), view.signer()
            assert delegation is not None
            assert signer is not None
            assert (set(targets(delegation)), delegation.ttl) == (NS_SET, 172800)
            assert [(rrset.owner, rrset.rdtype) for rrset in view.glue()] == [
                (absolute("ns1.example.org"), RdataType.A)
            ]
            assert signer.rdatas[0].to_text().startswith("4711 13 2")
        for server in net.servers.values():
            assert not any(query.recursion_desired for query in server.queries)
        assert all(query.dnssec_ok for query in net.servers["a"].queries if query.rdtype == "DS")
        first = found.trail[0].question
        assert (first.server, first.qname, first.rdtype) == (
            net.profile.root_hints[0],
            absolute("org"),
            RdataType.NS,
        )


def test_the_trail_is_everything_that_was_asked() -> None:
    with internet({"root": ROOT, "a": ORG, "b": ORG}) as net:
        found = net.walk("example.org")

        assert len(found.trail) == sum(len(server.queries) for server in net.servers.values())
        assert {observation.question.server.address for observation in found.trail} == {
            server.address for server in net.servers.values()
        }


@pytest.mark.parametrize(
    ("rules", "end"),
    [
        ({("example.org", None): no_name("org.")}, WalkEnd.NO_SUCH_NAME),
        ({("example.org", None): no_data("org.")}, WalkEnd.NO_ZONE_CUT),
        ({("example.org", None): answer("example.org. 60 CNAME www.example.net.")}, WalkEnd.NO_ZONE_CUT),
        ({("example.org", None): Reply(drop=ALL)}, WalkEnd.UNREACHABLE),
        ({("example.org", None): Reply(rcode="SERVFAIL")}, WalkEnd.UNREACHABLE),
        ({("example.org", None): Reply(rcode="NXDOMAIN", authoritative=False)}, WalkEnd.UNREACHABLE),
        ({("example.org", None): referral("", "a.root-servers.test")}, WalkEnd.UNREACHABLE),
    ],
)
def test_the_end_is_what_the_parent_says(rules: Rules, end: WalkEnd) -> None:
    org = {**ORG, ("example.org", "DS"): no_data("org."), **rules}
    with internet({"root": ROOT, "a": org, "b": org}) as net:
        found = net.walk("example.org")

        assert (found.parent, found.end) == (absolute("org"), end)
        assert [view.delegation() for view in found.views] == [None, None]


@pytest.mark.parametrize("other", [SILENT, REFUSING, {(None, None): referral("", "a.root-servers.test")}])
@pytest.mark.parametrize("first", ["a", "b"])
def test_a_useless_parent_server_is_a_view_of_its_own_and_stops_nobody(other: Rules, first: str) -> None:
    rules = {"a": ORG, "b": ORG, first: other}
    with internet({"root": ROOT, "a": rules["a"], "b": rules["b"]}) as net:
        found = net.walk("example.org")

        assert found.end is WalkEnd.DELEGATED
        by_server = {view.server.name: view.delegation() is not None for view in found.views}
        assert by_server == {absolute("a.nic.org"): first != "a", absolute("b.nic.org"): first != "b"}


def test_parents_that_disagree_are_seen_apart() -> None:
    other = referral("example.org", "ns1.new.example.net")
    without = {**ORG, ("example.org", None): no_name("org."), ("example.org", "DS"): no_name("org.")}
    with internet({"root": ROOT, "a": {**ORG, **everything_below("example.org", other)}, "b": without}) as net:
        found = net.walk("example.org")

        assert found.end is WalkEnd.DELEGATED
        sets = [view.delegation() for view in found.views]
        assert [None if rrset is None else targets(rrset) for rrset in sets] == [
            (absolute("ns1.new.example.net"),),
            None,
        ]


def test_a_silent_root_is_unreachable_and_says_so_in_the_trail() -> None:
    with internet({"root": SILENT}) as net:
        found = net.walk("example.org")

        assert (found.parent, found.end, found.views) == (None, WalkEnd.UNREACHABLE, ())
        assert [observation.reason for observation in found.trail if isinstance(observation, NoAnswer)] == [
            Silence.TIMEOUT
        ]


def test_without_root_hints_nothing_is_reachable() -> None:
    with internet({"root": ROOT}, root_hints=()) as net:
        assert net.walk("example.org") == Delegation(absolute("example.org"), None, WalkEnd.UNREACHABLE)
        assert net.walk(".").end is WalkEnd.UNREACHABLE
        assert net.addresses_of("www.example.org").state is HostState.UNCHECKED


def test_a_silent_parent_is_unreachable_with_a_view_for_each_server() -> None:
    with internet({"root": ROOT, "a": SILENT, "b": SILENT}) as net:
        found = net.walk("example.org")

        assert (found.parent, found.end) == (absolute("org"), WalkEnd.UNREACHABLE)
        assert [view.ns.reason for view in found.views if isinstance(view.ns, NoAnswer)] == [Silence.TIMEOUT] * 2


def test_a_zone_between_is_found_where_other_servers_have_it() -> None:
    root = zone("", everything_below("uk", referral("uk", "ns.nic.uk", glue=["ns.nic.uk @2"])))
    uk = zone("uk", everything_below("co.uk", referral("co.uk", "ns.co.uk", glue=["ns.co.uk @3"])))
    co_uk = zone("co.uk", everything_below("example.co.uk", referral("example.co.uk", "ns.example.net")))
    with internet({"root": root, "uk": uk, "co.uk": co_uk}) as net:
        found = net.walk("example.co.uk")

        assert (found.parent, found.end) == (absolute("co.uk"), WalkEnd.DELEGATED)
        assert [view.server.name for view in found.views] == [absolute("ns.co.uk")]


def test_a_zone_between_is_found_where_the_same_server_has_it() -> None:
    root = zone("", everything_below("uk", referral("uk", "ns.nic.uk", glue=["ns.nic.uk @2"])))
    both = {
        **zone("uk", {}),
        **zone("co.uk", everything_below("example.co.uk", referral("example.co.uk", "ns.example.net"))),
        # The addresses are not sent along: BIND with minimal-responses, NSD by default.
        ("co.uk", "NS"): answer("co.uk. 60 NS ns1.co.uk.", "co.uk. 60 NS ns2.co.uk."),
        ("ns1.co.uk", None): answer("ns1.co.uk. 60 A @2"),
        ("ns2.co.uk", None): answer("ns2.co.uk. 60 A @3"),
    }
    with internet({"root": root, "1": both, "2": both}) as net:
        found = net.walk("example.co.uk")

        assert (found.parent, found.end) == (absolute("co.uk"), WalkEnd.DELEGATED)
        assert [view.server.name for view in found.views] == [absolute("ns1.co.uk"), absolute("ns2.co.uk")]


def test_a_parent_that_hosts_the_child_answers_for_it() -> None:
    own = answer("example.org. 60 NS a.nic.org.", "example.org. 60 NS ns2.example.net.")
    with internet({"root": ROOT, "a": {**ORG, ("example.org", "NS"): own}, "b": ORG}) as net:
        found = net.walk("example.org")

        assert (found.parent, found.end) == (absolute("org"), WalkEnd.DELEGATED)
        sets = [view.delegation() for view in found.views]
        assert [rrset and (rrset.ttl, len(rrset.rdatas)) for rrset in sets] == [(60, 2), (172800, 2)]


def test_what_a_resolver_remembers_in_the_place_of_a_parent_server_is_no_delegation() -> None:
    sets = ("example.org. 17 NS ns1.example.org.", "example.org. 17 NS ns2.example.net.")
    remembered = resolved(*sets, glue=["ns1.example.org 192.0.2.99"])
    signer = resolved(DS.replace("3600", "17"))
    behind = {**ORG, ("example.org", "NS"): remembered, ("example.org", "DS"): signer}
    with internet({"root": ROOT, "a": behind, "b": ORG}) as net:
        found = net.walk("example.org")

        assert found.end is WalkEnd.DELEGATED
        assert [rrset and rrset.ttl for view in found.views for rrset in (view.delegation(), view.signer())] == [
            *(None, None),
            *(172800, 3600),
        ]
        assert listing_of(found.views[0], Sets("", "")) is Listing.SILENT
        assert "192.0.2.99" not in found.glue_of(absolute("ns1.example.org"))


def test_where_a_resolver_answers_for_the_root_the_parent_is_not_found() -> None:
    intercepted: Rules = {
        ("org", "NS"): resolved("org. 60 NS a.nic.org."),
        ("a.nic.org", "A"): resolved("a.nic.org. 60 A @2"),
    }
    with internet({"root": intercepted, "a": ORG}) as net:
        found = net.walk("example.org")

        assert (found.parent, found.end, found.views) == (None, WalkEnd.UNREACHABLE, ())
        assert net.addresses_of("a.nic.org") == HostAddresses(HostState.FOUND, (net.address("a"),))


@pytest.mark.parametrize("between", [no_data("example.org."), no_name("example.org.")])
def test_empty_names_between_are_passed_even_where_a_server_denies_them(between: Reply) -> None:
    example = zone(
        "example.org",
        {
            ("c.example.org", None): between,
            ("b.c.example.org", None): between,
            **everything_below("a.b.c.example.org", referral("a.b.c.example.org", "ns.elsewhere.test")),
        },
    )
    with internet({"root": ROOT, "a": ORG, "b": ORG, "example": example}) as net:
        found = net.walk("a.b.c.example.org")

        assert (found.parent, found.end) == (absolute("example.org"), WalkEnd.DELEGATED)
        # ns2.example.net leads nowhere in this internet; ns1 is enough.
        assert [view.server.name for view in found.views] == [absolute("ns1.example.org")]


def test_name_servers_elsewhere_are_looked_up_from_the_root() -> None:
    root = zone(
        "",
        {
            **everything_below("org", referral("org", "ns.nic.net")),
            **everything_below("net", referral("net", "ns.net", glue=["ns.net @3"])),
        },
    )
    net_zone = zone(
        "net",
        {
            ("ns.nic.net", "A"): answer("ns.nic.net. 60 CNAME real.nic.net."),
            ("ns.nic.net", "AAAA"): answer("ns.nic.net. 60 CNAME real.nic.net."),
            ("real.nic.net", "A"): answer("real.nic.net. 60 A @2"),
            ("real.nic.net", "AAAA"): no_data("net."),
        },
    )
    org = {key: reply for key, reply in ORG.items() if key not in APEX}
    with internet({"root": root, "org": org, "net": net_zone}) as net:
        found = net.walk("example.org")

        assert (found.parent, found.end) == (absolute("org"), WalkEnd.DELEGATED)
        assert [(view.server.name, view.server.address) for view in found.views] == [
            (absolute("ns.nic.net"), net.address("org"))
        ]


def test_zones_that_lean_on_each_other_are_unreachable_after_a_few_questions() -> None:
    root = zone(
        "",
        {
            **everything_below("org", referral("org", "ns.nic.net")),
            **everything_below("net", referral("net", "ns.nic.org")),
        },
    )
    with internet({"root": root}) as net:
        found = net.walk("example.org")

        assert (found.parent, found.end) == (absolute("org"), WalkEnd.UNREACHABLE)
        assert [str(view.server) for view in found.views] == ["ns.nic.net"]
        assert len(found.trail) < 20


def test_a_maze_of_name_servers_ends_at_the_budget() -> None:
    servers = [f"ns.{n}.test" for n in range(60)]
    root = zone(
        "",
        {
            **everything_below("org", referral("org", *servers)),
            **{
                key: reply
                for n in range(60)
                for key, reply in everything_below(
                    f"{n}.test", referral(f"{n}.test", *(f"x{m}.{n}.org" for m in range(12)))
                ).items()
            },
        },
    )
    with internet({"root": root}) as net:
        found = net.walk("example.org")

        assert found.end is WalkEnd.UNREACHABLE
        assert len(found.trail) <= MOST_QUESTIONS


def test_addresses_that_a_server_is_no_authority_for_are_not_believed() -> None:
    trap = referral("org", "a.nic.org", "ns.example.com", glue=["a.nic.org @2", "ns.example.com @4"])
    root = zone(
        "",
        {
            **everything_below("test", referral("test", "ns.test", glue=["ns.test @3"])),
            **everything_below("com", referral("com", "ns.com", glue=["ns.com @3"])),
        },
    )
    # The server of test. speaks of a name server in com.: a lie, or long out of date.
    test = zone("test", everything_below("org.test", replace(trap, authority=["org.test. 60 NS ns.example.com."])))
    com = {**test, **zone("com", {("ns.example.com", "A"): answer("ns.example.com. 60 A @5")})}
    real = zone("org.test", everything_below("example.org.test", referral("example.org.test", "ns.invalid")))
    with internet({"root": root, "2": {}, "3": com, "trap": real, "real": real}) as net:
        found = net.walk("example.org.test")

        assert [view.server.address for view in found.views] == [net.address("real")]
        assert net.asked("trap") == []


def test_a_server_that_only_the_parent_zone_itself_names_is_asked_too() -> None:
    apex = answer("org. 3600 NS a.nic.org.", "org. 3600 NS c.nic.org.", glue=["c.nic.org @4"])
    with internet({"root": ROOT, "a": {**ORG, ("org", "NS"): apex}, "b": ORG, "c": ORG}) as net:
        found = net.walk("example.org")

        assert {view.server.name for view in found.views} == {
            absolute("a.nic.org"),
            absolute("b.nic.org"),
            absolute("c.nic.org"),
        }


def test_addresses_that_did_not_fit_into_the_referral_are_looked_up() -> None:
    both = {**ORG, ("a.nic.org", "AAAA"): answer("a.nic.org. 60 AAAA 2001:db8::53")}
    with internet({"root": ROOT, "a": both, "b": both}, ipv6=False) as off:
        assert [view.server.address for view in off.walk("example.org").views] == [
            off.address("a"),
            off.address("b"),
        ]
    with internet({"root": ROOT, "a": both, "b": both}, timeout=IMPATIENCE) as net:
        found = net.walk("example.org")

        assert [view.server.address for view in found.views] == [
            net.address("a"),
            "2001:db8::53",
            net.address("b"),
        ]
        assert found.end is WalkEnd.DELEGATED


def test_ipv6_that_is_off_leaves_a_view_that_was_not_asked() -> None:
    root = zone("", everything_below("org", referral("org", "a.nic.org", glue=["a.nic.org @2", "a.nic.org ::1"])))
    with internet({"root": root, "a": {**ORG, ("org", "NS"): no_data("org.")}}, ipv6=False) as net:
        found = net.walk("example.org")

        assert [(view.server.address, isinstance(view.ns, Answer)) for view in found.views] == [
            (net.address("a"), True),
            ("::1", False),
        ]
        assert isinstance(found.views[1].ns, NoAnswer)
        assert found.views[1].ns.reason is Silence.FORBIDDEN


def test_a_truncated_referral_is_asked_again_over_tcp() -> None:
    servers = [f"name-server-{n}.of-a-provider.test" for n in range(13)]
    org = {**ORG, **everything_below("example.org", referral("example.org", *servers, truncated=True))}
    with internet({"root": ROOT, "a": org, "b": org}) as net:
        found = net.walk("example.org")

        assert {view.ns.transport for view in found.views if isinstance(view.ns, Answer)} == {Transport.TCP}
        assert {len(rrset.rdatas) for view in found.views if (rrset := view.delegation())} == {13}


def test_a_truncated_referral_without_tcp_is_no_delegation() -> None:
    cut = referral("example.org", "ns1.example.org", truncated=True, over_tcp=False)
    org = {**ORG, ("example.org", "NS"): cut}
    with internet({"root": ROOT, "a": org, "b": ORG}) as net:
        found = net.walk("example.org")

        assert found.end is WalkEnd.DELEGATED
        assert [view.delegation() is None for view in found.views] == [True, False]


def test_the_parent_of_a_top_level_domain_is_the_root_with_its_own_name_servers() -> None:
    apex = answer(". 60 NS a.root-servers.test.", ". 60 NS b.root-servers.test.", glue=["b.root-servers.test @2"])
    root = {**ROOT, (".", "NS"): apex, ("org", "DS"): no_data(".")}
    with internet({"root": root, "second": root}) as net:
        found = net.walk("org")

        assert (found.parent, found.end) == (absolute("."), WalkEnd.DELEGATED)
        assert [(view.server.name, view.server.address) for view in found.views] == [
            (absolute("a.root-servers.test"), net.address("root")),
            (absolute("b.root-servers.test"), net.address("second")),
        ]


def test_the_root_has_no_parent_and_answers_for_itself() -> None:
    root = {**ROOT, (".", "NS"): answer(". 60 NS a.root-servers.test.")}
    with internet({"root": root}) as net:
        found = net.walk(".")

        assert (found.parent, found.end) == (None, WalkEnd.DELEGATED)
        assert [view.server for view in found.views] == list(net.profile.root_hints)


HOSTS = zone(
    "example.org",
    {
        ("www.example.org", "A"): answer("www.example.org. 60 A 192.0.2.2", "www.example.org. 60 A 192.0.2.1"),
        ("www.example.org", "AAAA"): answer("www.example.org. 60 AAAA 2001:db8::1"),
        ("v4.example.org", "A"): answer("v4.example.org. 60 A 192.0.2.1"),
        ("v4.example.org", "AAAA"): Reply(drop=ALL),
        ("none.example.org", None): no_data("example.org."),
        ("half.example.org", "A"): no_data("example.org."),
        ("half.example.org", "AAAA"): Reply(drop=ALL),
        ("alias.example.org", None): answer("alias.example.org. 60 CNAME WWW.example.org."),
        ("dangling.example.org", None): answer("dangling.example.org. 60 CNAME gone.example.org."),
        ("loop.example.org", None): answer("loop.example.org. 60 CNAME pool.example.org."),
        ("pool.example.org", None): answer("pool.example.org. 60 CNAME loop.example.org."),
        ("silent.example.org", None): Reply(drop=ALL),
        ("ns1.example.org", "A"): answer("ns1.example.org. 60 A @4"),
        ("ns1.example.org", "AAAA"): no_data("example.org."),
    },
)
NO_USE = "no server of example.org. gave an answer of use"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("WWW.example.org", HostAddresses(HostState.FOUND, ("192.0.2.1", "192.0.2.2", "2001:db8::1"))),
        ("v4.example.org", HostAddresses(HostState.FOUND, ("192.0.2.1",))),
        ("none.example.org", HostAddresses(HostState.NO_ADDRESS)),
        ("half.example.org", HostAddresses(HostState.UNCHECKED, (), NO_USE)),
        ("gone.example.org", HostAddresses(HostState.NO_SUCH_NAME)),
        ("gone.test", HostAddresses(HostState.NO_SUCH_NAME)),
        (
            "alias.example.org",
            HostAddresses(HostState.CNAME, ("192.0.2.1", "192.0.2.2", "2001:db8::1"), "www.example.org."),
        ),
        ("dangling.example.org", HostAddresses(HostState.CNAME, (), "gone.example.org.")),
        ("loop.example.org", HostAddresses(HostState.CNAME, (), "pool.example.org.")),
        ("silent.example.org", HostAddresses(HostState.UNCHECKED, (), NO_USE)),
        ("a.nic.org", HostAddresses(HostState.FOUND, ("@2",))),
    ],
)
def test_the_addresses_of_a_host_or_why_there_are_none(host: str, expected: HostAddresses) -> None:
    with internet({"root": ROOT, "a": ORG, "b": ORG, "example": HOSTS}) as net:
        placed = tuple(net.address("a") if each == "@2" else each for each in expected.addresses)

        assert net.addresses_of(host) == replace(expected, addresses=placed)


def test_a_host_below_servers_that_serve_nothing_is_unchecked() -> None:
    with internet({"root": ROOT, "a": REFUSING, "b": SILENT}) as net:
        assert net.addresses_of("www.example.org") == HostAddresses(
            HostState.UNCHECKED, (), "no server of org. gave an answer of use"
        )


def test_servers_that_are_silent_again_and_again_are_left_out() -> None:
    names = [f"ns{n}.dead.test" for n in range(12)]
    root = zone(
        "",
        {
            **everything_below("org", referral("org", *names)),
            **everything_below("test", referral("test", "x.test", "y.test", glue=["x.test @2", "y.test @3"])),
        },
    )
    with internet({"root": root, "x": SILENT, "y": SILENT}) as net:
        found = net.walk("example.org")

        assert found.end is WalkEnd.UNREACHABLE
        # A and AAAA of the first name, each tried twice: two silences of each server, and no more questions.
        assert len(net.asked("x")) == len(net.asked("y")) == 4
