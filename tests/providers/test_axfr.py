"""Zone transfers over real sockets: what is read, what is refused, and in which words."""

import base64
from dataclasses import replace

import dns.name
import dns.tsig
import pytest
from dns.name import Name

from migrator.dnsclient import SocketClient
from migrator.errors import DnsError, InputError, ProviderError
from migrator.interfaces import Environment, HostLookup, ReadResult
from migrator.model.names import absolute
from migrator.model.observation import Transport
from migrator.network.profile import NetworkProfile
from providers import axfr, parse_locator
from tests.faulty import ALL, FaultyServer, Reply

SOA = "example.org. 3600 SOA ns1.example.org. host.example.org. 7 7200 900 604800 300"
LATER = SOA.replace(" 7 ", " 8 ")
NS = "example.org. 3600 NS ns1.example.org."
WWW = "www.example.org. 300 A 192.0.2.1"
SECRET = base64.b64encode(b"a secret of twenty-three octets").decode()
KEY = dns.tsig.Key("transfer.example.org", SECRET)
PROFILE = NetworkProfile(
    root_hints=(),
    port=53,
    ipv6=None,
    timeout=6,
    attempts=1,
    queries_per_second=1000,
    trust_anchors="",
    rdap_bootstrap="",
    allow_special_addresses=True,
    resolvers=(),
)


def nowhere(host: Name) -> tuple[str, ...]:
    raise DnsError(f"{host} is nowhere.")


def two_addresses(host: Name) -> tuple[str, ...]:
    assert host == absolute("ns.example.net")
    return ("127.0.0.1", "127.0.0.3")


def world(resolve: HostLookup = nowhere, profile: NetworkProfile = PROFILE) -> Environment:
    return Environment(SocketClient(profile), resolve)


def read(server: FaultyServer, query: str = "", environment: Environment | None = None) -> ReadResult:
    host = f"[{server.address}]" if ":" in server.address else server.address
    locator = parse_locator(f"axfr:example.org@{host}:{server.port}{query}")
    return axfr.open_reader(locator, environment or world()).read()


def serving(reply: Reply, **options: object) -> FaultyServer:
    return FaultyServer({("example.org", "AXFR"): reply}, **options)  # type: ignore[arg-type]


def failure(reply: Reply, query: str = "", profile: NetworkProfile = PROFILE) -> str:
    with serving(reply, keys=[KEY]) as server, pytest.raises(ProviderError) as caught:
        read(server, query, world(profile=profile))
    beginning = f"The transfer of example.org from 127.0.0.1:{server.port} "
    assert str(caught.value).startswith(beginning)
    return str(caught.value).removeprefix(beginning)


def rows(result: ReadResult) -> list[str]:
    return [
        f"{rrset.owner} {rrset.ttl} {rdata.rdtype.name} {rdata}"
        for rrset in result.snapshot.rrsets
        for rdata in rrset.rdatas
    ]


def messages(result: ReadResult) -> list[bytes]:
    """The messages that are kept, cut at their lengths."""
    (document,) = result.snapshot.native
    assert document.name == "transfer.axfr"
    rest, found = document.content, []
    while rest:
        end = 2 + int.from_bytes(rest[:2], "big")
        found.append(rest[2:end])
        rest = rest[end:]
    return found


def test_a_zone_is_read_whole_and_its_messages_are_kept() -> None:
    sent: list[bytes] = []

    def keep(wire: bytes) -> bytes:
        sent.append(wire)
        return wire

    reply = Reply(transfer=[[SOA, NS], [WWW, "www.example.org. 300 A 192.0.2.2"], [SOA]], rewrite=keep)
    with serving(reply) as server:
        result = read(server)

        assert rows(result) == [SOA, NS, WWW, "www.example.org. 300 A 192.0.2.2"]
        assert (result.findings, result.reads) == ((), 1)
        assert messages(result) == sent
        assert result.snapshot.source == f"axfr:example.org@127.0.0.1:{server.port}"
        assert result.snapshot.read_at is not None
        assert [query.transport for query in server.queries] == [Transport.TCP]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_messages_may_be_cut_anywhere_between_records(size: int) -> None:
    records = [SOA, NS, *(f'h{n}.example.org. 60 TXT "{n}"' for n in range(20)), SOA]
    reply = Reply(transfer=[records[n : n + size] for n in range(0, len(records), size)])
    with serving(reply) as server:
        assert len(rows(read(server))) == 22


def test_owners_outside_the_zone_duplicates_and_ttls_are_reported_and_kept() -> None:
    strange = [
        SOA,
        NS,
        "ns.example.net. 300 A 192.0.2.53",
        WWW,
        "www.example.org. 60 A 192.0.2.2",
        WWW,
        "sub.example.org. 300 SOA ns1.example.org. host.example.org. 1 2 3 4 5",
        SOA,
    ]
    with serving(Reply(transfer=[strange])) as server:
        result = read(server)

        assert [(record.owner.to_text(), record.rdata.to_text()) for record in result.snapshot.stray] == [
            ("ns.example.net.", "192.0.2.53")
        ]
        assert [(finding.check, finding.subject) for finding in result.findings] == [
            ("zone.out-of-zone", "ns.example.net. A"),
            ("zone.duplicate", "www.example.org. A"),
            ("zone.mixed-ttl", "www.example.org. A"),
            ("zone.soa-below-apex", "sub.example.org. SOA"),
        ]


def test_rdata_that_nobody_can_parse_is_carried_in_generic_form() -> None:
    odd = "www.example.org. 300 TYPE65400 \\# 3 010203"
    broken = Reply(
        transfer=[[SOA, NS, "x.example.org. 60 A 192.0.2.1", odd, SOA]],
        # An A record of three octets: its length and rdata are changed in the octets.
        rewrite=lambda wire: wire.replace(b"\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1", b"\0\1\0\1\0\0\0\x3c\0\3\xc0\0\2"),
    )
    with serving(broken) as server:
        result = read(server)

        found = {rrset.owner.to_text(): rrset.rdatas[0].to_text() for rrset in result.snapshot.rrsets}
        assert found["www.example.org."] == "\\# 3 010203"
        assert found["x.example.org."] == "\\# 3 c00002"


def test_a_ttl_beyond_31_bits_is_read_as_0_and_reported() -> None:
    high = Reply(
        transfer=[[SOA, NS, "x.example.org. 1193046 A 192.0.2.1", SOA]],
        rewrite=lambda wire: wire.replace(b"\0\x12\x34\x56", b"\x80\x12\x34\x56"),
    )
    with serving(high) as server:
        result = read(server)

        assert rows(result)[-1] == "x.example.org. 0 A 192.0.2.1"
        assert [(finding.check, finding.severity) for finding in result.findings] == [("axfr.ttl-range", "error")]


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (
            Reply(rcode="REFUSED"),
            "failed: the server refuses it. Allow this address there, or give ?tsig=",
        ),
        (
            Reply(rcode="NOTAUTH"),
            "failed: the server does not serve example.org, or refuses the transfer (NOTAUTH). Check",
        ),
        (
            Reply(rcode="SERVFAIL"),
            "failed: the server cannot serve the zone just now (SERVFAIL): its log says why.",
        ),
        (Reply(rcode="NXDOMAIN"), "failed: the server knows no example.org (NXDOMAIN). Check the name and the"),
        (Reply(rcode="NOTIMP"), "failed: the server answers NOTIMP. Does it offer zone transfers?"),
        (Reply(), "failed: the server's answer is empty. Does it offer zone transfers?"),
        (
            Reply(over_tcp=False),
            "failed: the server closed the connection without an answer, as some do to refuse.",
        ),
        (Reply(transfer=[[SOA, NS, WWW]]), "broke off: the server closed the connection before the zone was"),
        (Reply(transfer=[[SOA]]), "broke off: the server closed the connection before the zone was complete."),
        (Reply(transfer=[[SOA, WWW, SOA]], close_after=60), "broke off: the server closed the connection before"),
        (Reply(transfer=[[NS, SOA]]), "failed: it begins with example.org. NS, not with the zone's SOA."),
        (Reply(transfer=[[SOA, NS, LATER]]), "failed: the zone changed while it was transferred. Try again."),
        (Reply(transfer=[[SOA, NS, SOA, WWW]]), "failed: records follow the closing SOA."),
        (
            Reply(transfer=[[SOA, SOA]], wrong_id=True),
            "failed: the server sends what is no DNS message: another id or",
        ),
        (
            Reply(transfer=[[SOA, SOA]], wrong_question=True),
            "failed: the server sends what is no DNS message: another",
        ),
        (
            Reply(garbage=b"\xff" * 30),
            "failed: the server sends what is no DNS message: the message is no response",
        ),
        (Reply(garbage=b""), "broke off: the server closed the connection before the zone was complete."),
        (
            Reply(transfer=[[SOA, SOA]], rewrite=lambda wire: wire[:-4]),
            "failed: the server sends what is no DNS message: a record is longer than the message.",
        ),
        (Reply(drop=ALL), "stopped: nothing came for 1 seconds. Is TCP port "),
    ],
)
def test_what_goes_wrong_is_one_line_that_says_what_to_do(reply: Reply, message: str) -> None:
    profile = replace(PROFILE, timeout=0.2) if reply.drop else PROFILE

    assert failure(replace(reply, hang_up=not reply.drop), profile=profile).startswith(message)


def test_a_stream_that_falls_silent_is_not_waited_for_for_ever() -> None:
    told = failure(Reply(transfer=[[SOA, NS]]), profile=replace(PROFILE, timeout=0.05))

    assert told.startswith("stopped: nothing came for 0.25 seconds.")


def test_a_closed_port_is_named() -> None:
    with FaultyServer({}, tcp=False) as server, pytest.raises(ProviderError) as caught:
        read(server)

    assert f"nothing listens on TCP port {server.port}. Check the address." in str(caught.value)


def test_ipv6_is_used_unless_switched_off() -> None:
    with serving(Reply(transfer=[[SOA, NS, SOA]]), address="::1") as server:
        assert rows(read(server)) == [SOA, NS]
        with pytest.raises(ProviderError, match="IPv6 is switched off in the network profile"):
            read(server, environment=world(profile=replace(PROFILE, ipv6=False)))


def test_every_address_of_a_host_is_tried_in_turn() -> None:
    refusing = FaultyServer({})
    with refusing, serving(Reply(transfer=[[SOA, NS, SOA]]), address="127.0.0.2", port=refusing.port) as server:
        locator = parse_locator(f"axfr:example.org@ns.example.net:{server.port}")
        asked: list[Name] = []

        def resolve(host: Name) -> tuple[str, ...]:
            asked.append(host)
            return ("127.0.0.1", "127.0.0.2")

        result = axfr.open_reader(locator, world(resolve)).read()

        assert (rows(result), result.reads, asked) == ([SOA, NS], 2, [absolute("ns.example.net")])


def test_where_no_address_gives_the_zone_each_is_named() -> None:
    with FaultyServer({}) as server:
        locator = parse_locator(f"axfr:example.org@ns.example.net:{server.port}")
        reader = axfr.open_reader(locator, world(two_addresses))
        with pytest.raises(ProviderError) as caught:
            reader.read()

    assert str(caught.value).startswith("No address gave the zone. The transfer of example.org from 127.0.0.1:")
    assert "nothing listens" in str(caught.value)


def test_a_signed_transfer_is_verified_message_by_message() -> None:
    stream = [[SOA, NS], *([f"h{n}.example.org. 60 A 192.0.2.1"] for n in range(99)), [SOA]]
    with serving(Reply(transfer=stream), keys=[KEY]) as server:
        assert len(rows(read(server, f"?tsig=transfer.example.org:{SECRET}"))) == 101
    # As NSD does it: the first, every hundredth, and the last are signed.
    with serving(Reply(transfer=stream, unsigned=frozenset(range(1, 100))), keys=[KEY]) as server:
        result = read(server, f"?tsig=hmac-sha256:transfer.example.org:{SECRET}")

        assert len(rows(result)) == 101
        assert len(messages(result)) == 101
        assert SECRET not in repr(result)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(transfer=[[SOA, NS], [SOA]], unsigned=frozenset({0, 1})), "does not sign its answer with it."),
        (
            Reply(transfer=[[SOA, NS], [SOA]], unsigned=frozenset({1})),
            "does not sign the end of its answer with it.",
        ),
        (
            Reply(transfer=[[SOA], *([WWW] for _ in range(101)), [SOA]], unsigned=frozenset(range(1, 102))),
            "does not sign its answer with it.",
        ),
        (
            Reply(transfer=[[SOA, NS, SOA]], signed_by=dns.tsig.Key("other.example.org", SECRET)),
            "signs its answer with another key.",
        ),
        (
            Reply(transfer=[[SOA, NS, SOA]], signed_by=dns.tsig.Key(KEY.name, b"another secret")),
            "sends a signature that does not verify: its secret differs, or the answer was changed on the way.",
        ),
        (
            Reply(transfer=[[SOA, WWW, SOA]], rewrite=lambda wire: wire.replace(b"\xc0\0\2\1", b"\xc0\0\2\2")),
            "sends a signature that does not verify: its secret differs, or the answer was changed on the way.",
        ),
    ],
)
def test_a_transfer_that_is_not_signed_as_it_should_be_is_refused(reply: Reply, message: str) -> None:
    told = failure(reply, f"?tsig=transfer.example.org:{SECRET}")

    assert told == f"failed: key transfer.example.org (hmac-sha256): the server {message}"


def test_a_changed_message_is_refused_even_between_signatures() -> None:
    changed = Reply(
        transfer=[[SOA, NS], [WWW], [SOA]],
        unsigned=frozenset({1}),
        rewrite=lambda wire: wire.replace(b"\xc0\0\2\1", b"\xc0\0\2\2"),
    )

    assert "does not verify" in failure(changed, f"?tsig=transfer.example.org:{SECRET}")


def test_a_refusal_of_a_known_key_asks_for_its_permission() -> None:
    told = failure(Reply(rcode="REFUSED"), f"?tsig=transfer.example.org:{SECRET}")

    assert told == "failed: the server refuses it. Allow this address there, or allow the key."


@pytest.mark.parametrize("algorithm", sorted(axfr.ALGORITHMS))
def test_every_usual_algorithm_signs(algorithm: str) -> None:
    key = dns.tsig.Key("transfer.example.org", SECRET, axfr.ALGORITHMS[algorithm])
    with serving(Reply(transfer=[[SOA, NS, SOA]]), keys=[key]) as server:
        assert rows(read(server, f"?tsig={algorithm.upper()}:transfer.example.org.:{SECRET}")) == [SOA, NS]


def test_a_secret_with_a_plus_sign_is_itself() -> None:
    secret = base64.b64encode(b"\xfb\xef\xbe\xff\xff\xfe").decode()
    assert "+" in secret
    assert "/" in secret
    with serving(Reply(transfer=[[SOA, NS, SOA]]), keys=[dns.tsig.Key("transfer.example.org", secret)]) as server:
        assert rows(read(server, f"?tsig=transfer.example.org:{secret}")) == [SOA, NS]


def test_the_key_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFER_KEY", f"transfer.example.org:{SECRET}")
    with serving(Reply(transfer=[[SOA, NS, SOA]]), keys=[KEY]) as server:
        assert rows(read(server, "?tsig-env=TRANSFER_KEY")) == [SOA, NS]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("axfr:@192.0.2.53", "zone and server are needed, as in axfr:example.com@192.0.2.53."),
        ("axfr:example.org", "zone and server are needed, as in axfr:example.com@192.0.2.53."),
        ("axfr:example.org@192.0.2.53?port=5300", "there is no option 'port'; axfr: knows tsig and tsig-env."),
        (
            "axfr:example.org@192.0.2.53?tsig-env=ABSENT_KEY",
            "axfr:example.org@192.0.2.53?tsig-env=ABSENT_KEY: the environment variable ABSENT_KEY is not set;",
        ),
        ("axfr:example.org@192.0.2.53?tsig-env=name:c2VjcmV0", "tsig-env=***: tsig-env names an environment"),
        ("axfr:example.org@192.0.2.53?tsig-env=A&tsig=name:c2VjcmV0", "tsig and tsig-env: give one of them."),
        (
            "axfr:example.org@192.0.2.53?tsig=",
            "tsig=NAME:KEY or tsig=ALGORITHM:NAME:KEY, with the key in base64, was",
        ),
        ("axfr:example.org@192.0.2.53?tsig=c2VjcmV0", "tsig=NAME:KEY or tsig=ALGORITHM:NAME:KEY"),
        ("axfr:example.org@192.0.2.53?tsig=name:", "tsig=NAME:KEY or tsig=ALGORITHM:NAME:KEY"),
        ("axfr:example.org@192.0.2.53?tsig=a:b:c:c2VjcmV0", "tsig=NAME:KEY or tsig=ALGORITHM:NAME:KEY"),
        (
            "axfr:example.org@192.0.2.53?tsig=rot13:name:c2VjcmV0",
            "the TSIG algorithm is none of hmac-md5, hmac-sha1,",
        ),
        ("axfr:example.org@192.0.2.53?tsig=name:c2VjcmV0!", "the TSIG key is not base64; tsig=NAME:KEY"),
        ("axfr:example.org@192.0.2.53?tsig=name:c2VjcmV", "the TSIG key is not base64; tsig=NAME:KEY"),
        ("axfr:example.org@192.0.2.53?tsig=c2V..jcmV0:name", "the name of the TSIG key is not a domain name;"),
    ],
)
def test_a_locator_that_cannot_be_used_is_named_without_its_secret(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        axfr.open_reader(parse_locator(text), world())

    assert message in str(caught.value)
    assert "c2V" not in str(caught.value)


def test_a_name_server_has_no_list_of_zones_and_assigns_no_name_servers() -> None:
    locator = parse_locator("axfr:example.org@192.0.2.53")

    with pytest.raises(InputError, match="A name server does not list its zones: name one"):
        list(axfr.list_zones(locator, world()))
    assert axfr.assigned_name_servers(locator, world()) == ()


def test_a_large_zone_is_read_in_linear_time_and_told_of() -> None:
    told: list[tuple[str, int, int | None]] = []

    def tell(what: str, done: int, total: int | None) -> None:
        told.append((what, done, total))

    stream = [[SOA, NS], *([f"h{n}-{m}.example.org. 60 A 192.0.2.1" for m in range(50)] for n in range(60)), [SOA]]
    with serving(Reply(transfer=stream)) as server:
        result = read(server, environment=replace(world(), progress=tell))

    assert result.snapshot.record_count() == 3002
    assert told == [
        ("records", 1000, None),
        ("records", 2000, None),
        ("records", 3000, None),
        ("records", 3002, 3002),
    ]
