"""What an embedded server says, question by question; the laboratory puts the same to NSD and Knot."""

import pytest
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.demo.authority import Authority
from migrator.demo.served import Reply, ServedZone
from migrator.model.rrset import RRset
from tests.demo.zones import CHILD, PARENT, name, zone

DENIAL = ["example.org. 300 SOA"]
CUT = ["cut.example.org. 3600 NS"]
GLUE = ["ns1.cut.example.org. 3600 A", "ns1.cut.example.org. 3600 AAAA"]

# owner, type, rcode, AA, answer, authority, additional
CASES = [
    ("", "SOA", "NOERROR", True, ["example.org. 3600 SOA"], [], []),
    ("", "NS", "NOERROR", True, ["example.org. 3600 NS"], [], []),
    ("", "MX", "NOERROR", True, ["example.org. 3600 MX"], [], []),
    ("", "AAAA", "NOERROR", True, [], DENIAL, []),
    ("", "DS", "NOERROR", True, [], DENIAL, []),
    ("MAIL.", "A", "NOERROR", True, ["mail.example.org. 3600 A"], [], []),
    ("mail.", "TXT", "NOERROR", True, [], DENIAL, []),
    ("nothing.", "A", "NXDOMAIN", True, [], DENIAL, []),
    ("below.mail.", "A", "NXDOMAIN", True, [], DENIAL, []),
    ("deep.ent.", "A", "NOERROR", True, [], DENIAL, []),
    ("ent.", "TXT", "NOERROR", True, [], DENIAL, []),
    ("b.deep.ent.", "A", "NXDOMAIN", True, [], DENIAL, []),
    ("www.", "CNAME", "NOERROR", True, ["www.example.org. 3600 CNAME"], [], []),
    ("www.", "A", "NOERROR", True, ["www.example.org. 3600 CNAME", "web.example.org. 3600 A"], [], []),
    ("www.", "MX", "NOERROR", True, ["www.example.org. 3600 CNAME"], DENIAL, []),
    (
        "chain.",
        "A",
        "NOERROR",
        True,
        ["chain.example.org. 3600 CNAME", "www.example.org. 3600 CNAME", "web.example.org. 3600 A"],
        [],
        [],
    ),
    ("away.", "A", "NOERROR", True, ["away.example.org. 3600 CNAME"], [], []),
    ("dead.", "A", "NXDOMAIN", True, ["dead.example.org. 3600 CNAME"], DENIAL, []),
    ("half.", "MX", "NOERROR", True, ["half.example.org. 3600 CNAME"], DENIAL, []),
    ("below.", "A", "NOERROR", True, ["below.example.org. 3600 CNAME"], CUT, GLUE),
    ("any.wild.", "A", "NOERROR", True, ["any.wild.example.org. 3600 A"], [], []),
    ("x.y.wild.", "TXT", "NOERROR", True, ["x.y.wild.example.org. 3600 TXT"], [], []),
    ("any.wild.", "MX", "NOERROR", True, [], DENIAL, []),
    ("*.wild.", "A", "NOERROR", True, ["*.wild.example.org. 3600 A"], [], []),
    ("wild.", "A", "NOERROR", True, [], DENIAL, []),
    ("real.wild.", "TXT", "NOERROR", True, [], DENIAL, []),
    ("below.real.wild.", "A", "NXDOMAIN", True, [], DENIAL, []),
    ("other.sub.wild.", "A", "NXDOMAIN", True, [], DENIAL, []),
    (
        "any.alias.",
        "A",
        "NOERROR",
        True,
        ["any.alias.example.org. 3600 CNAME", "web.example.org. 3600 A"],
        [],
        [],
    ),
    ("cut.", "A", "NOERROR", False, [], CUT, GLUE),
    ("cut.", "NS", "NOERROR", False, [], CUT, GLUE),
    ("host.cut.", "A", "NOERROR", False, [], CUT, GLUE),
    ("host.cut.", "DS", "NOERROR", False, [], CUT, GLUE),
    ("ns1.cut.", "A", "NOERROR", False, [], CUT, GLUE),
    ("cut.", "DS", "NOERROR", True, ["cut.example.org. 3600 DS"], [], []),
    ("moved.", "DNAME", "NOERROR", True, ["moved.example.org. 3600 DNAME"], [], []),
    ("moved.", "A", "NOERROR", True, [], DENIAL, []),
    (
        "a.moved.",
        "A",
        "NOERROR",
        True,
        ["moved.example.org. 3600 DNAME", "a.moved.example.org. 3600 CNAME", "a.new.example.org. 3600 A"],
        [],
        [],
    ),
]


def lines(section: tuple[RRset, ...]) -> list[str]:
    return [f"{r.owner.to_text().lower()} {r.ttl} {RdataType.to_text(r.rdtype)}" for r in section]


@pytest.mark.parametrize(("owner", "rdtype", "rcode", "authoritative", "answer", "authority", "additional"), CASES)
def test_each_kind_of_name_is_answered_as_the_standards_say(
    owner: str,
    rdtype: str,
    rcode: str,
    authoritative: bool,
    answer: list[str],
    authority: list[str],
    additional: list[str],
) -> None:
    served = ServedZone(zone("example.org.", CHILD))

    reply = served.reply(name(f"{owner}example.org."), RdataType.from_text(rdtype))

    assert (Rcode.to_text(reply.rcode), reply.authoritative) == (rcode, authoritative)
    assert lines(reply.answer) == answer
    assert lines(reply.authority) == authority
    assert lines(reply.additional) == additional


def test_a_wildcard_gives_its_rdata_under_the_name_asked() -> None:
    snapshot = zone("example.org.", CHILD)

    reply = ServedZone(snapshot).reply(name("any.wild.example.org."), RdataType.A)

    wildcard = next(
        r for r in snapshot.rrsets if r.owner == name("*.wild.example.org.") and r.rdtype == RdataType.A
    )
    assert [(r.owner, r.rdatas) for r in reply.answer] == [(name("any.wild.example.org."), wildcard.rdatas)]


def test_any_gives_every_set_of_the_name() -> None:
    reply = ServedZone(zone("example.org.", CHILD)).reply(name("mail.example.org."), RdataType.ANY)

    assert lines(reply.answer) == ["mail.example.org. 3600 A", "mail.example.org. 3600 AAAA"]


def test_an_alias_that_leads_to_itself_ends() -> None:
    served = ServedZone(
        zone(
            "example.org.",
            """
            @ 60 SOA ns1 hostmaster 1 2 3 4 5
            @ 60 NS ns1.example.net.
            a 60 CNAME b
            b 60 CNAME a
            """,
        )
    )

    assert lines(served.reply(name("a.example.org."), RdataType.A).answer) == [
        "a.example.org. 60 CNAME",
        "b.example.org. 60 CNAME",
    ]


def test_a_name_that_grows_too_long_through_a_dname_is_refused_as_such() -> None:
    label = "x" * 63
    served = ServedZone(
        zone(
            "example.org.",
            f"""
            @ 60 SOA ns1 hostmaster 1 2 3 4 5
            @ 60 NS ns1.example.net.
            d 60 DNAME {label}.{label}.example.org.
            """,
        )
    )

    reply = served.reply(name(f"{label}.{label}.d.example.org."), RdataType.A)

    assert (reply.rcode, lines(reply.answer)) == (Rcode.YXDOMAIN, ["d.example.org. 60 DNAME"])


def test_a_zone_without_soa_cannot_be_served() -> None:
    snapshot = zone("example.org.", "@ 60 SOA ns1 hostmaster 1 2 3 4 5\n@ 60 NS ns1")
    without = type(snapshot)(snapshot.origin, snapshot.rrsets[1:])

    with pytest.raises(ValueError, match="has no SOA record"):
        ServedZone(without)


def test_the_deepest_zone_answers_except_for_the_ds_of_its_apex() -> None:
    both = Authority([zone("org.", PARENT), zone("example.org.", CHILD)])
    child = Authority([zone("example.org.", CHILD)])
    apex = name("example.org.")

    assert lines(both.reply(apex, RdataType.NS).answer) == ["example.org. 3600 NS"]
    assert lines(both.reply(apex, RdataType.DS).answer) == ["example.org. 300 DS"]
    assert lines(child.reply(apex, RdataType.DS).authority) == DENIAL


def test_a_name_of_nobody_here_is_refused() -> None:
    authority = Authority([zone("example.org.", CHILD)])

    assert authority.reply(name("example.net."), RdataType.A) == Reply(Rcode.REFUSED, authoritative=False)


def test_zones_are_swapped_as_one() -> None:
    authority = Authority([zone("example.org.", CHILD)])

    authority.serve([zone("org.", PARENT)])

    assert lines(authority.reply(name("www.example.org."), RdataType.A).authority) == ["example.org. 300 NS"]
