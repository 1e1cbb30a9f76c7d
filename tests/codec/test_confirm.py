"""The document of `confirm`: the keys that scripts rely on, each with its value or null."""

import json
from typing import Any

import pytest
from dns.rcode import Rcode

from migrator.codec.confirm import dumps
from migrator.cutover.judge import judge
from migrator.cutover.look import Look, Side, Unasked
from migrator.cutover.memory import Memory, with_parents, with_servers
from migrator.cutover.registrar import Registrar, SignerDigest
from migrator.model.observation import Silence
from tests.cutover.build import NEW, OLD, after, look, names, parent, resolver, rrset, server_view, usual_servers

DS = "20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"


def written(seen: Look) -> dict[str, Any]:
    memory = with_parents(Memory(), seen.delegation.views, seen.expected)
    memory = with_servers(memory, seen.servers, seen.expected)
    document = json.loads(dumps(judge(seen, memory, after(0))))
    assert isinstance(document, dict)
    return document


def test_a_switched_domain_is_written_whole() -> None:
    seen = look(
        parent(1, NEW, ttl=172_800, glue=[rrset(names(NEW[0])[0], "A", 60, "203.0.113.1")]),
        servers=(server_view(NEW[0], Side.NEW, NEW), server_view(OLD[0], Side.OLD, OLD, silence=Silence.TIMEOUT)),
        resolvers=(resolver("Google", Side.OLD),),
        registrar=Registrar(
            "https://rdap.example/domain/example.test",
            "Example Registrar",
            names(*NEW),
            ("active",),
            delegation_signed=True,
            ds=(SignerDigest(1, 8, 2, "AB"),),
            expires=after(10**8),
            answer='{"objectClassName": "domain"}',
        ),
    )

    document = written(seen)

    assert [document.pop(key) for key in ("findings", "unchecked")] != [[], []]
    assert document == {
        "schema": "dns-migrator/confirm/1",
        "domain": "example.test.",
        "at": "2026-12-01T09:00:00Z",
        "stage": "switched",
        "expected": list(NEW),
        "old": list(OLD),
        "parent_zone": "test.",
        "parent": [
            {
                "server": "a.nic.test.",
                "address": "192.0.2.1",
                "lists": "new",
                "ns": list(NEW),
                "ttl": 172_800,
                "glue": {NEW[0]: ["203.0.113.1"]},
                "ds": [],
                "at": "2026-12-01T09:00:00Z",
                "rcode": "NOERROR",
                "authoritative": False,
            }
        ],
        "child": [
            {
                "server": NEW[0],
                "address": "203.0.113.1",
                "side": "new",
                "serves": True,
                "ns": list(NEW),
                "ttl": 600,
                "soa": {"mname": "ns1.new.example.", "serial": 1},
                "dnskeys": None,
                "at": "2026-12-01T09:00:00Z",
                "rcode": "NOERROR",
                "authoritative": True,
            },
            {
                "server": OLD[0],
                "address": "198.51.100.1",
                "side": "old",
                "serves": False,
                "ns": None,
                "ttl": None,
                "soa": None,
                "dnskeys": None,
                "at": "2026-12-01T09:00:00Z",
                "rcode": None,
                "reason": "timeout",
            },
        ],
        "registrar": {
            "state": "answered",
            "source": "https://rdap.example/domain/example.test",
            "registrar": "Example Registrar",
            "name_servers": list(NEW),
            "status": ["active"],
            "delegation_signed": True,
            "ds": ["1 8 2 AB"],
            "expires": "2030-01-31T18:46:40Z",
            "unread": [],
            "answer": {"objectClassName": "domain"},
        },
        "resolvers": [
            {
                "resolver": "Google",
                "address": "192.0.2.53",
                "port": 53,
                "asked": "SOA",
                "samples": 1,
                "old": 0,
                "new": 0,
                "other": 0,
                "remaining_ttl": None,
                "state": "no-answer",
                "reason": "no old name server answered for the zone, so there is nothing to compare with",
            }
        ],
        "last_stale_answer": "2026-12-03T09:00:00Z",
        "safe_to_delete_old_zone": None,
        "against_deletion": [],
        "timing": {
            "switched": "2026-12-01T09:00:00Z",
            "last_stale_answer": (
                "2026-12-03T09:00:00Z = all parents switched 2026-12-01T09:00:00Z + parent NS TTL 172800 + "
                "old apex NS TTL unknown"
            ),
            "unknown": ["old apex NS TTL: no old server gave its apex NS set, now or earlier"],
            "recommended_deletion": None,
        },
    }


def test_what_is_not_known_is_null_and_what_is_none_is_empty() -> None:
    document = written(
        look(
            parent(1, OLD, ds=[DS]),
            parent(2, Silence.TIMEOUT, ds=Silence.TIMEOUT),
            parent(3, Rcode.NXDOMAIN),
            parent(4, Rcode.REFUSED),
            old=(),
            registrar=Unasked("404"),
        )
    )

    keys = ("ns", "ttl", "rcode", "lists")
    assert [tuple(view[key] for key in keys) for view in document["parent"]] == [
        (list(OLD), 3600, "NOERROR", "other"),
        (None, None, None, "silent"),
        ([], None, "NXDOMAIN", "none"),
        (None, None, "REFUSED", "failed"),
    ]
    assert [view["ds"] for view in document["parent"]] == [[DS], None, [], []]
    assert document["registrar"] == {"state": "unchecked", "reason": "404"}
    assert [document[key] for key in ("old", "last_stale_answer", "safe_to_delete_old_zone", "timing")] == [
        None
    ] * 4


def test_the_end_is_a_lower_bound_where_something_of_it_is_not_known() -> None:
    document = written(look(parent(1, NEW), old=(), servers=usual_servers()[:2]))

    assert [document[key] for key in ("last_stale_answer", "safe_to_delete_old_zone")] == [
        "2026-12-01T10:00:00Z",
        None,
    ]
    assert document["timing"] == {
        "switched": "2026-12-01T09:00:00Z",
        "last_stale_answer": (
            "2026-12-01T10:00:00Z = all parents switched 2026-12-01T09:00:00Z + parent NS TTL 3600 + "
            "old apex NS TTL unknown"
        ),
        "unknown": [
            (
                "old apex NS TTL: the old name servers are not known: neither --from nor an earlier look at the "
                "parent names others"
            )
        ],
        "recommended_deletion": None,
    }


def test_the_end_is_complete_where_everything_was_seen() -> None:
    document = written(look(parent(1, NEW), servers=usual_servers()))

    assert document["last_stale_answer"] == document["safe_to_delete_old_zone"] == "2026-12-01T10:10:00Z"
    assert document["timing"]["recommended_deletion"] == "2026-12-02T10:10:00Z"


@pytest.mark.parametrize(
    ("silence", "rcode", "reason"),
    [
        (Silence.REFUSED, Rcode.NOERROR, "no answer for the SOA of the zone: connection refused"),
        (
            None,
            Rcode.SERVFAIL,
            "Asked for the SOA of the zone, the server gave SERVFAIL; an authoritative answer was expected.",
        ),
    ],
)
def test_no_moment_is_safe_while_a_new_server_does_not_serve_the_zone(
    silence: Silence | None, rcode: Rcode, reason: str
) -> None:
    without = server_view(NEW[1], Side.NEW, NEW, silence=silence, rcode=rcode)
    document = written(look(parent(1, NEW), servers=(usual_servers()[0], without, *usual_servers()[2:])))

    assert document["last_stale_answer"] == "2026-12-01T10:10:00Z"
    assert document["safe_to_delete_old_zone"] is None
    assert document["timing"]["recommended_deletion"] is None
    assert document["against_deletion"] == [
        {"check": "delegation.lame", "subject": "ns2.new.example (203.0.113.2)", "reason": reason}
    ]


def test_silence_of_resolvers_and_old_servers_takes_no_moment_away() -> None:
    silent = server_view(OLD[1], Side.OLD, OLD, silence=Silence.TIMEOUT)
    seen = look(parent(1, NEW), servers=(*usual_servers()[:3], silent), resolvers=(resolver("One", None),))

    document = written(seen)

    assert document["safe_to_delete_old_zone"] == "2026-12-01T10:10:00Z"
    assert document["against_deletion"] == []


def test_no_stage_is_null_and_rdap_that_is_off_is_null() -> None:
    document = written(look(parent(1, NEW), parent(2, Silence.TIMEOUT)))

    assert (document["stage"], document["registrar"]) == (None, None)
    assert document["unchecked"] == [
        {"check": "delegation.parent", "subject": "b.nic.test (192.0.2.2)", "reason": "timeout"}
    ]
