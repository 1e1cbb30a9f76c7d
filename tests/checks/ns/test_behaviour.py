"""How the new name servers take EDNS, mixed case, a missing AAAA, and what strangers ask."""

from dataclasses import replace

import pytest
from dns.name import Name
from dns.rcode import Rcode

from migrator.checks.asks import NotProbed, Probe, Probed, ProbeKind
from migrator.checks.ns.behaviour import aaaa, case, edns
from migrator.checks.ns.openness import axfr, recursion
from migrator.model.observation import Silence
from tests.checks.build import DOMAIN, NEW, NOW, answers, facts, gives, new_side, points, server, silent, told
from tests.cutover.build import names

SIDE = new_side(names=names(NEW[0]), hosts=new_side().hosts[:1])
SERVER = server(NEW[0])
FIRST = "ns1.new.example (203.0.113.1)"
ROOT_SERVER = "a.root-servers.net. A"


def probed(kind: ProbeKind, rcode: int = 0, **changes: object) -> Probed:
    """Return what a healthy server answers to a probe."""
    version = None if kind in {ProbeKind.PLAIN, ProbeKind.MIXED_CASE, ProbeKind.TRANSFER} else 0
    healthy = Probed(
        Probe(SERVER, kind, DOMAIN),
        NOW,
        rcode=rcode,
        authoritative=True,
        records=1,
        edns_version=version,
        flags=0,
        options=(),
        sent=DOMAIN,
        echoed=DOMAIN,
        transport="udp",
    )
    return replace(healthy, **changes)  # type: ignore[arg-type]


HEALTHY = (
    probed(ProbeKind.PLAIN),
    probed(ProbeKind.EDNS),
    probed(ProbeKind.EDNS_VERSION, 16),
    probed(ProbeKind.EDNS_OPTION),
    probed(ProbeKind.EDNS_FLAGS),
)


def test_a_server_that_understands_edns_passes() -> None:
    assert told(points(edns, facts(new=SIDE), *HEALTHY)) == [f"pass {FIRST}: EDNS is understood."]


@pytest.mark.parametrize("code", [0, Rcode.FORMERR, Rcode.NOTIMP])
def test_a_server_that_says_that_it_does_not_know_edns_passes(code: int) -> None:
    old = [replace(reply, edns_version=None, rcode=code) for reply in HEALTHY[1:]]

    assert told(points(edns, facts(new=SIDE), HEALTHY[0], *old)) == [f"pass {FIRST}: EDNS is understood."]


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (
            NotProbed(Probe(SERVER, ProbeKind.EDNS, DOMAIN), NOW, "no answer in time"),
            "Asked with EDNS with 512 octets: no answer in time; without EDNS it answers.",
        ),
        (probed(ProbeKind.EDNS_VERSION), "Asked with EDNS version 1: NOERROR; BADVERS was expected."),
        (
            probed(ProbeKind.EDNS_OPTION, options=(65001,)),
            "Asked with an unknown EDNS option: the unknown option comes back; it was to be ignored.",
        ),
        (
            probed(ProbeKind.EDNS_FLAGS, flags=0x40),
            "Asked with unknown EDNS flags: the unknown flags come back; they were to be ignored.",
        ),
        (
            probed(ProbeKind.EDNS_OPTION, Rcode.SERVFAIL),
            "Asked with an unknown EDNS option: SERVFAIL; NOERROR was expected, as without EDNS.",
        ),
    ],
)
def test_a_server_that_takes_edns_amiss_warns(reply: Probed | NotProbed, line: str) -> None:
    others = [each for each in HEALTHY if each.probe != reply.probe]

    assert told(points(edns, facts(new=SIDE), *others, reply)) == [f"problem {FIRST}: {line}"]


def test_a_server_that_answers_no_probe_is_unchecked() -> None:
    assert told(points(edns, facts(new=SIDE))) == [f"unchecked {FIRST}: no answer without EDNS either: timeout"]
    assert told(points(case, facts(new=SIDE))) == [f"unchecked {FIRST}: no answer: timeout"]
    assert told(points(axfr, facts(new=SIDE))) == [
        f"unchecked {FIRST}: a zone transfer was neither given nor refused: timeout"
    ]


MIXED = Name([b"eXample", b"Test", b""])


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (
            probed(ProbeKind.MIXED_CASE, sent=MIXED, echoed=MIXED),
            f"pass {FIRST}: Case does not matter, and is kept.",
        ),
        (
            probed(ProbeKind.MIXED_CASE, sent=MIXED),
            f"problem {FIRST}: The answer spells the name in another case than the question.",
        ),
        (
            probed(ProbeKind.MIXED_CASE, Rcode.NXDOMAIN, records=0),
            (
                f"problem {FIRST}: A name in mixed case: NXDOMAIN with 0 records; NOERROR with 1 were "
                "expected, as in lower case."
            ),
        ),
        (
            NotProbed(Probe(SERVER, ProbeKind.MIXED_CASE, DOMAIN), NOW, "no answer in time"),
            f"problem {FIRST}: A name in mixed case: no answer in time; else it answers.",
        ),
    ],
)
def test_case_does_not_matter_and_is_kept(reply: Probed | NotProbed, line: str) -> None:
    assert told(points(case, facts(new=SIDE), probed(ProbeKind.PLAIN), reply)) == [line]


def test_an_ipv4_only_name_has_no_data_for_aaaa() -> None:
    known = facts("www A 192.0.2.1", new_side("www A 192.0.2.1", names=SIDE.names, hosts=SIDE.hosts))

    assert told(points(aaaa, known)) == [
        "pass www.example.test. AAAA: ns1.new.example (203.0.113.1) answers NODATA."
    ]
    assert told(points(aaaa, known, gives(NEW[0], "www AAAA", Rcode.NXDOMAIN))) == [
        (
            f"problem www.example.test. AAAA: {FIRST} gives NXDOMAIN for AAAA, and an address for A; NODATA was "
            "expected."
        )
    ]
    assert told(points(aaaa, known, silent(NEW[0], "www AAAA"))) == [
        f"problem www.example.test. AAAA: {FIRST} gives no answer for AAAA (timeout), and one for A."
    ]
    assert told(points(aaaa, known, silent(NEW[0], "www A"))) == [
        f"unchecked www.example.test. AAAA: {FIRST} does not answer for the A record: timeout"
    ]


def test_an_address_for_aaaa_and_an_answer_cut_off_do_not_show_how_nodata_is_answered() -> None:
    known = facts("www A 192.0.2.1", new_side("www A 192.0.2.1", names=SIDE.names, hosts=SIDE.hosts))
    cut_off = replace(gives(NEW[0], "www AAAA", Rcode.NOERROR), truncated=True)

    assert told(points(aaaa, known, answers(NEW[0], "www AAAA", "2001:db8::1"))) == [
        f"unchecked www.example.test. AAAA: {FIRST} has an AAAA record there, which the zone has not"
    ]
    assert told(points(aaaa, known, cut_off)) == [
        f"unchecked www.example.test. AAAA: {FIRST} gives no whole answer: a truncated answer, and none over TCP"
    ]


def test_names_that_cannot_tell_are_not_asked_for_aaaa() -> None:
    zone = "*.pages A 192.0.2.1\nboth A 192.0.2.1\nboth AAAA 2001:db8::1\nsub NS ns.sub\nns.sub A 192.0.2.9"

    assert told(points(aaaa, facts(zone, zone))) == [
        "not-needed: the zone has no name with an A record and no AAAA"
    ]


def test_a_server_that_refuses_foreign_names_is_no_open_resolver() -> None:
    assert told(points(recursion, facts(new=SIDE))) == [f"pass {FIRST}: Does not resolve foreign names."]


def test_a_server_that_resolves_for_strangers_warns() -> None:
    asked = {"recursion_desired": True}
    given = answers(NEW[0], ROOT_SERVER, "198.41.0.4", authoritative=False, **asked)
    found = points(recursion, facts(new=SIDE), replace(given, recursion_available=True))

    assert told(found) == [
        (
            f"problem {FIRST}: Resolves a.root-servers.net. for strangers (RA, an answer without authority); a "
            "refusal was expected."
        )
    ]


def test_a_server_that_is_silent_about_foreign_names_is_unchecked() -> None:
    nowhere = f"{facts().nonce.decode()}.invalid. A"
    quiet = [silent(NEW[0], what, Silence.TIMEOUT, recursion_desired=True) for what in (ROOT_SERVER, nowhere)]

    assert told(points(recursion, facts(new=SIDE), *quiet)) == [
        f"unchecked {FIRST}: no answer to foreign names: timeout"
    ]


def test_a_transfer_for_everybody_warns_and_a_refusal_passes() -> None:
    given = probed(ProbeKind.TRANSFER, records=90, transport="tcp")
    refused = probed(ProbeKind.TRANSFER, Rcode.REFUSED, records=0, transport="tcp")

    assert told(points(axfr, facts(new=SIDE), given)) == [
        f"problem {FIRST}: Gives the zone to strangers: a transfer began with 90 records; a refusal was expected."
    ]
    assert told(points(axfr, facts(new=SIDE), refused)) == [f"pass {FIRST}: Refuses the transfer (REFUSED)."]


def test_a_name_that_the_new_zone_lacks_is_not_asked_for_aaaa() -> None:
    assert told(points(aaaa, facts("mail A 192.0.2.1", ""))) == [
        "not-needed: the zone has no name with an A record and no AAAA"
    ]
