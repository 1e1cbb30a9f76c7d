"""What a server would answer from a zone: cuts, DNAMEs, wildcards, empty non-terminals."""

import pytest
from dns.rdatatype import RdataType

from migrator.meaning.served import Reach, ServedZone
from migrator.model.extras import Proxied
from migrator.model.names import absolute, text_of
from tests.diffing import ORIGIN, rrset, zone

ZONE = ServedZone(
    zone("""
sub 300 NS ns1.sub
sub 300 DS 1 13 2 abababababababababababababababababababababababababababababababab
sub 300 A 192.0.2.9
ns1.sub 300 A 192.0.2.1
www.sub 300 A 192.0.2.2
* 300 A 192.0.2.3
*.mail 300 MX 10 mx
_sip._tcp 300 SRV 0 0 1 x
old 300 DNAME new.example.net.
a.old 300 A 192.0.2.4
chain 300 CNAME link
link 300 CNAME end
end 300 A 192.0.2.5
out 300 CNAME host.example.net.
broken 300 CNAME nowhere.mail
loop 300 CNAME loop
""")
)


def name(text: str) -> object:
    return absolute(text, ORIGIN)


@pytest.mark.parametrize(
    ("owner", "rdtype", "cover"),
    [
        ("www.sub", "A", "sub"),
        ("deep.www.sub", "TXT", "sub"),
        ("sub", "NS", None),
        ("sub", "DS", None),
        ("sub", "A", "sub"),
        ("a.old", "A", "old"),
        ("old", "A", None),
        ("www", "A", None),
        ("@", "NS", None),
        ("www.example.net.", "A", None),
    ],
)
def test_a_delegation_covers_what_is_below_it(owner: str, rdtype: str, cover: str | None) -> None:
    found = ZONE.cover(absolute(owner, ORIGIN), RdataType.make(rdtype))

    assert (found.owner if found else None) == (absolute(cover, ORIGIN) if cover else None)


@pytest.mark.parametrize(
    ("owner", "wildcard"),
    [
        ("x", "*"),
        ("x.y", "*"),
        ("_tcp", None),
        ("x._tcp", None),
        ("end", None),
        ("x.mail", "*.mail"),
        ("x.y.mail", "*.mail"),
        ("mail", None),
        ("x.end", None),
        ("x.example.net.", None),
    ],
)
def test_a_wildcard_answers_for_names_that_do_not_exist(owner: str, wildcard: str | None) -> None:
    found = ZONE.wildcard(absolute(owner, ORIGIN))

    assert found == (absolute(wildcard, ORIGIN) if wildcard else None)


@pytest.mark.parametrize(
    ("owner", "reach"),
    [
        ("end", Reach.YES),
        ("chain", Reach.YES),
        ("x", Reach.YES),
        ("out", Reach.ELSEWHERE),
        ("host.example.net.", Reach.ELSEWHERE),
        ("www.sub", Reach.YES),
        ("other.sub", Reach.ELSEWHERE),
        ("broken", Reach.NO),
        ("loop", Reach.NO),
        ("_sip._tcp", Reach.NO),
    ],
)
def test_a_host_leads_to_an_address_or_not(owner: str, reach: Reach) -> None:
    assert ZONE.reach(absolute(owner, ORIGIN)) is reach


@pytest.mark.parametrize(
    ("owner", "rdtype", "silent"),
    [
        ("end", "A", False),
        ("end", "AAAA", True),
        ("chain", "AAAA", False),
        ("x", "A", False),
        ("x", "AAAA", True),
        ("_tcp", "A", True),
        ("www.sub", "A", False),
        ("other.sub", "A", False),
        ("a.old", "AAAA", False),
        ("host.example.net.", "A", False),
    ],
)
def test_only_what_no_other_zone_can_know_is_silent(owner: str, rdtype: str, *, silent: bool) -> None:
    assert ZONE.is_silent(absolute(owner, ORIGIN), RdataType.make(rdtype)) is silent


def test_empty_non_terminals_are_names() -> None:
    found = sorted(".".join(label.decode() for label in labels) for labels in ZONE.empty_non_terminals())

    assert found == ["_tcp.example.com.", "mail.example.com."]
    assert absolute("_tcp", ORIGIN) in ZONE


def test_what_a_cover_hides_is_known() -> None:
    (cut,) = ZONE.sets(absolute("sub", ORIGIN), RdataType.NS)

    assert sorted(f"{text_of(r.owner)} {r.rdtype.name}" for r in ZONE.covered_by(cut)) == [
        "ns1.sub.example.com. A",
        "sub.example.com. A",
        "www.sub.example.com. A",
    ]


def test_behind_a_proxied_cname_nothing_but_hosts_is_found() -> None:
    lines = [
        rrset(f"{owner} 300 CNAME there.example.net.", Proxied()) for owner in ("www", "*.w", "s1._domainkey")
    ]
    found = ServedZone(zone("in 300 CNAME www", *lines))

    for owner in ("www", "a.w", "in", "s1._domainkey"):
        at = absolute(owner, ORIGIN)
        assert found.known(at, RdataType.A) is None
        assert found.known(at, RdataType.TXT) == found.known(at, RdataType.MX) == ()
        assert found.is_proxied(at)
    assert not found.is_proxied(absolute("other", ORIGIN))
