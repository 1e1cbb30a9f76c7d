"""Addresses of a host name through resolvers that may be silent, wrong or of no use."""

from dataclasses import replace

import pytest

from migrator.dnsclient import SocketClient, resolve_host
from migrator.errors import DnsError
from migrator.model.names import absolute
from migrator.network.profile import NetworkProfile, Resolver
from tests.faulty import ALL, PATIENCE, FaultyServer, Reply, Rules, patience

PROFILE = NetworkProfile(
    root_hints=(),
    port=53,
    ipv6=None,
    timeout=PATIENCE,
    attempts=1,
    queries_per_second=1000,
    trust_anchors="",
    rdap_bootstrap="",
    allow_special_addresses=True,
    resolvers=(),
)
HOST = "ns1.example.org"


def resolved(*resolvers: Rules, host: str = HOST, profile: NetworkProfile = PROFILE) -> tuple[str, ...]:
    servers = [FaultyServer(rules) for rules in resolvers]
    try:
        for server in servers:
            server.__enter__()
        panel = tuple(Resolver(f"R{n}", server.address, server.port) for n, server in enumerate(servers, 1))
        with_panel = replace(profile, resolvers=panel, timeout=patience(*resolvers))
        found = resolve_host(SocketClient(with_panel), with_panel, absolute(host))
        assert all(query.recursion_desired for server in servers for query in server.queries)
        return found
    finally:
        for server in servers:
            server.__exit__(None, None, None)


def known(host: str = HOST) -> Rules:
    return {
        (host, "A"): Reply(answer=[f"{host}. 60 A 192.0.2.2", f"{host}. 60 A 192.0.2.1"]),
        (host, "AAAA"): Reply(answer=[f"{host}. 60 AAAA 2001:db8::1"]),
    }


def everywhere(reply: Reply) -> Rules:
    return {(None, None): reply}


NOT_LOOKED_UP = "ns1.example.org: the address could not be looked up"
BOTH = ("192.0.2.1", "192.0.2.2", "2001:db8::1")


def test_both_families_are_asked_and_ipv4_stands_first() -> None:
    assert resolved(known()) == BOTH
    assert resolved(known(), host="NS1.Example.ORG") == BOTH
    assert resolved(known(), profile=replace(PROFILE, ipv6=False)) == BOTH[:2]


@pytest.mark.parametrize("text", ["192.0.2.1", "127.0.0.1"])
def test_an_address_is_itself_and_nobody_is_asked(text: str) -> None:
    assert resolve_host(SocketClient(PROFILE), PROFILE, absolute(text)) == (text,)


@pytest.mark.parametrize(
    "useless",
    [Reply(drop=ALL), Reply(rcode="SERVFAIL"), Reply(rcode="REFUSED"), Reply(garbage=b"?")],
)
def test_the_next_resolver_is_asked_where_one_is_of_no_use(useless: Reply) -> None:
    assert resolved(everywhere(useless), known()) == BOTH


def test_a_resolver_that_is_silent_about_one_family_only_is_enough() -> None:
    assert resolved({**known(), (HOST, "AAAA"): Reply(drop=ALL)}) == BOTH[:2]
    assert resolved({**known(), (HOST, "A"): Reply(rcode="SERVFAIL")}) == BOTH[2:]


def test_cnames_are_followed_within_an_answer_and_beyond() -> None:
    whole = Reply(answer=[f"{HOST}. 60 CNAME x.example.org.", "x.example.org. 60 CNAME y.example.org."])
    chain = replace(whole, answer=[*whole.answer, "y.example.org. 60 A 192.0.2.9"])

    assert resolved({(HOST, "A"): chain, (HOST, "AAAA"): whole}) == ("192.0.2.9",)
    assert resolved({(HOST, None): whole, **known("y.example.org")}) == BOTH


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (everywhere(Reply(rcode="NXDOMAIN")), "ns1.example.org: there is no such host name. Check its spelling."),
        (everywhere(Reply()), "ns1.example.org: the host name has no address."),
        (
            everywhere(Reply(rcode="SERVFAIL")),
            f"{NOT_LOOKED_UP} (R1: SERVFAIL). Give an IP address instead.",
        ),
        (
            everywhere(Reply(drop=ALL)),
            f"{NOT_LOOKED_UP} (R1: timeout (1 try of 0.5 s)). Give an IP address instead.",
        ),
        (
            {(HOST, "A"): Reply(), (HOST, "AAAA"): Reply(drop=ALL)},
            f"{NOT_LOOKED_UP} (R1: timeout (1 try of 0.5 s)). Give an IP address instead.",
        ),
        (
            everywhere(Reply(answer=[f"{HOST}. 60 CNAME {HOST}."])),
            "ns1.example.org: the host name has no address.",
        ),
    ],
)
def test_where_there_is_no_address_the_reason_is_given(rules: Rules, message: str) -> None:
    with pytest.raises(DnsError) as caught:
        resolved(rules)

    assert str(caught.value) == message


def test_a_chain_without_an_end_ends() -> None:
    endless: Rules = {
        (f"h{n}.example.org", None): Reply(answer=[f"h{n}.example.org. 60 CNAME h{n + 1}.example.org."])
        for n in range(40)
    }

    with pytest.raises(DnsError, match="more than 12 CNAMEs lead on from the host name"):
        resolved(endless, host="h0.example.org")


def test_without_resolvers_an_address_is_asked_for() -> None:
    with pytest.raises(DnsError) as caught:
        resolve_host(SocketClient(PROFILE), PROFILE, absolute(HOST))

    assert (
        str(caught.value) == f"{NOT_LOOKED_UP} (the network profile has no resolvers). Give an IP address instead."
    )
