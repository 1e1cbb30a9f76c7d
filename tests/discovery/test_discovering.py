"""A search finds what structure, lists and files lead to, and says what that is worth."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dns.rdatatype import RdataType

from migrator.demo.authority import Authority
from migrator.demo.server import Servers
from migrator.discovering import discover
from migrator.discovery.finds import Discovery, entries, header
from migrator.discovery.hints import Hint
from migrator.dnsclient import SocketClient
from migrator.errors import DnsError
from migrator.model.names import absolute, text_of
from migrator.model.observation import Server
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.network.profile import load_profile
from migrator.zonefile import read_zone
from migrator.zonefile.provenance import GUESSED
from migrator.zonefile.writer import write_zone
from tests.faulty import FaultyServer, Reply

DOMAIN = absolute("example.test")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PROFILE = replace(load_profile(None), timeout=5.0, queries_per_second=5000)
ZONE = """
@ SOA ns1 host 1 7200 900 1209600 300
@ NS ns1
@ MX 10 mail
@ TXT "v=spf1 mx a:out.example.test -all"
@ A 192.0.2.1
ns1 A 192.0.2.53
mail A 192.0.2.25
out A 192.0.2.26
www CNAME @
google._domainkey TXT "v=DKIM1; p=abc"
_dmarc TXT "v=DMARC1; p=none; rua=mailto:x@reports.example.test"
reports MX 5 mail
*.pages A 192.0.2.80
docs.pages A 192.0.2.81
lists NS ns.lists
ns.lists A 192.0.2.90
_imaps._tcp SRV 0 1 993 mail
odd-name A 192.0.2.99
s20260101._domainkey TXT "v=DKIM1; p=xyz"
"""


def snapshot(text: str = ZONE) -> ZoneSnapshot:
    reading = read_zone(f"$ORIGIN {DOMAIN}\n$TTL 300\n{text}".encode(), file="zone", origin=DOMAIN)
    return assemble(DOMAIN, reading.records, source="zone").snapshot


@contextmanager
def serving(zone: ZoneSnapshot) -> Iterator[Server]:
    with closing(Servers({"127.53.77.1": Authority([zone])}, port=0)) as servers:
        yield Server("127.53.77.1", servers.port)


def found(zone: ZoneSnapshot, *hints: str, guess: bool = True) -> Discovery:
    given = [Hint(absolute(text, DOMAIN), "found by the mail in a.eml") for text in hints]
    with serving(zone) as server:
        return discover(SocketClient(PROFILE), DOMAIN, [server], given, NOW, guess=guess)


def how(discovery: Discovery) -> Mapping[str, str]:
    return {f"{text_of(k.owner)} {RdataType.to_text(k.rdtype)}": v for k, v in discovery.how.items()}


def test_structure_lists_and_cuts_are_followed_and_what_nobody_guessed_is_missing() -> None:
    discovery = found(snapshot())

    assert discovery.zone.rrsets == tuple(
        rrset
        for rrset in snapshot().rrsets
        if text_of(rrset.owner)
        not in {
            "odd-name.example.test.",
            "s20260101._domainkey.example.test.",
            "docs.pages.example.test.",
        }
    )
    assert how(discovery)["out.example.test. A"] == "found by example.test. TXT"
    assert how(discovery)["reports.example.test. MX"] == "found by _dmarc.example.test. TXT"
    assert how(discovery)["google._domainkey.example.test. TXT"] == "found by the list of DKIM selectors"
    assert how(discovery)["lists.example.test. NS"] == "found by the list of usual names"
    assert not discovery.is_complete
    assert discovery.verdict == "Not proven to be complete: names of example.test that nobody guessed are missing."
    assert discovery.unanswered == 0


def test_wildcards_are_found_and_do_not_make_names() -> None:
    discovery = found(
        snapshot("@ SOA ns1 host 1 7200 900 1209600 300\n@ NS ns1\nns1 A 192.0.2.53\n* A 192.0.2.80\n")
    )

    assert {text_of(rrset.owner) for rrset in discovery.zone.rrsets} == {
        "example.test.",
        "ns1.example.test.",
        "*.example.test.",
    }
    assert how(discovery)["*.example.test. A"] == "found by a name that nobody has"


def test_names_that_have_the_answer_of_a_wildcard_are_told_by_what_else_they_have_or_lack() -> None:
    apex = "@ SOA ns1 host 1 7200 900 1209600 300\n@ NS ns1\n@ MX 10 mail\n* A 192.0.2.80\n"
    own = 'mail A 192.0.2.80\nmail TXT "v=spf1 a -all"\nmail CAA 0 issue "ca.example"\nwww A 192.0.2.80\n'
    above = f"ns1 A 192.0.2.80\n_25._tcp.mx A 192.0.2.80\nmx A 192.0.2.80\n_25._tcp.mx TLSA 3 1 1 {'ab' * 32}\n"

    alone, texts = found(snapshot(apex + own + above)), found(snapshot(f'{apex}* TXT "wild"\n{own}{above}'))

    of_mail = {"mail.example.test. A", "mail.example.test. TXT", "mail.example.test. CAA"}
    assert of_mail | {"mx.example.test. A", "_25._tcp.mx.example.test. TLSA"} <= set(how(alone))
    assert "www.example.test. A" not in how(alone), "nothing tells it from the wildcard"
    assert of_mail | {"www.example.test. A", "mx.example.test. A", "ns1.example.test. A"} <= set(how(texts))
    for each in (alone, texts):
        assert sum(way.rrsets for way in each.ways) == len(each.zone.rrsets)
        assert "ftp.example.test. A" not in how(each)


def test_a_name_that_a_file_gives_is_found_with_all_that_it_has() -> None:
    discovery = found(snapshot(), "s20260101._domainkey", "odd-name", "not-there", guess=False)

    assert how(discovery)["s20260101._domainkey.example.test. TXT"] == "found by the mail in a.eml"
    assert how(discovery)["odd-name.example.test. A"] == "found by the mail in a.eml"
    assert "google._domainkey.example.test. TXT" not in how(discovery)


def test_what_records_lead_to_is_told_apart_from_what_files_give() -> None:
    without, given = found(snapshot(), guess=False), found(snapshot(), "odd-name", guess=False)

    assert [way.name for way in without.ways] == ["apex", "NSEC walk", "structure", "wildcards"]
    for each in (without, given):
        assert sum(way.rrsets for way in each.ways) == len(each.zone.rrsets)
    assert [(way.name, way.rrsets) for way in given.ways if way.name == "your files"] == [("your files", 1)]
    assert {way.rrsets for way in without.ways if way.name == "structure"} == {
        way.rrsets for way in given.ways if way.name == "structure"
    }


def test_a_server_that_gives_the_zone_away_is_believed() -> None:
    zone = snapshot()
    with closing(Servers({"127.53.77.1": Authority([zone], transfers=True)}, port=0)) as servers:
        server = Server("127.53.77.1", servers.port)
        discovery = discover(SocketClient(PROFILE), DOMAIN, [server], [], NOW)

    assert discovery.is_complete
    assert discovery.zone.rrsets == zone.rrsets
    assert discovery.verdict == "All names of example.test are known, by zone transfer."
    assert set(how(discovery).values()) == {f"found by zone transfer from {server}"}


CHAIN = """
@ SOA ns1 host 1 7200 900 1209600 300
@ NS ns1
@ NSEC hidden-name SOA NS NSEC RRSIG
hidden-name A 192.0.2.1
hidden-name NSEC ns1 A TXT NSEC RRSIG
ns1 A 192.0.2.53
ns1 NSEC @ A NSEC RRSIG
"""


def test_a_walk_to_the_end_proves_the_names_and_not_what_nobody_answered() -> None:
    walked = found(snapshot(CHAIN + 'hidden-name TXT "x"'), guess=False)
    short = found(snapshot(CHAIN), guess=False)

    assert walked.verdict == "All names of example.test are known, by NSEC walk."
    assert not short.is_complete
    assert short.verdict == "Not proven to be complete: names of example.test that nobody guessed are missing."
    (walk,) = [way for way in short.ways if way.name == "NSEC walk"]
    assert walk.detail == "all names seen, and 1 set that they have was not answered: hidden-name.example.test TXT"


def test_the_zone_file_says_above_each_set_how_it_was_found(tmp_path: Path) -> None:
    discovery = found(snapshot())
    lines = list(write_zone(DOMAIN, entries(discovery), header(discovery)))
    (tmp_path / "found.zone").write_text("\n".join(lines), encoding="utf-8")

    again = read_zone((tmp_path / "found.zone").read_bytes(), file="found.zone", origin=DOMAIN)
    assert lines[0] == f"; {GUESSED} {discovery.verdict}"
    assert assemble(DOMAIN, again.records, source="zone").snapshot.rrsets == discovery.zone.rrsets
    assert sum(line.startswith("; found") for line in lines) == len(discovery.zone.rrsets)


def test_without_a_server_that_serves_the_zone_nothing_is_found() -> None:
    with FaultyServer({(None, None): Reply(rcode="REFUSED")}) as server, pytest.raises(DnsError) as caught:
        discover(SocketClient(PROFILE), DOMAIN, [server.server], [], NOW)

    assert str(caught.value) == f"No server answers for example.test: {server.server}: REFUSED."


def test_questions_that_no_server_answers_are_counted() -> None:
    soa = Reply(answer=["example.test. 300 SOA a.example. b.example. 1 2 3 4 5"])
    rules = {("example.test", "SOA"): soa, (None, None): Reply(rcode="SERVFAIL")}
    with FaultyServer(rules) as server:
        discovery = discover(SocketClient(PROFILE), DOMAIN, [server.server], [], NOW, guess=False)

    assert discovery.unanswered > 0
    assert [text_of(rrset.owner) for rrset in discovery.zone.rrsets] == ["example.test."]
