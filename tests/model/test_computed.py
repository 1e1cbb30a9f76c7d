"""Types that are none of DNS: aliases, and what nobody else can compute."""

from dataclasses import replace

import pytest
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.extras import Alias, Extra, Note, Opaque
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import Assembly, assemble
from tests.zonefile.shown import read

ORIGIN = absolute("example.com.")
# A flag, two timeouts; then the number of addresses and one, or a name.
TIMED = "000000000000000200000384"
WINS, WINS_R = f"{TIMED}00000001c0000202", f"{TIMED}016100"
TOP = "$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\n"


def assembled(lines: str) -> Assembly:
    reading = read(f"{TOP}{lines}", None if "$ORIGIN" in lines else "example.com.")
    return assemble(reading.origin, reading.records, rrsets=reading.rrsets)


def below_apex(assembly: Assembly) -> list[RRset]:
    return [rrset for rrset in assembly.snapshot.rrsets if rrset.rdtype not in {RdataType.SOA, RdataType.NS}]


def told(assembly: Assembly) -> list[str]:
    return [f"{found.severity} {found.check} {found.subject} {found.position}" for found in assembly.findings]


def aliases(owner: str, target: Name, ttl: int, *extras: Extra) -> list[RRset]:
    return [
        RRset(RRsetKey(absolute(owner, ORIGIN), rdtype), ttl, (), (Alias(target), *extras))
        for rdtype in (RdataType.A, RdataType.AAAA)
    ]


@pytest.mark.parametrize(
    ("line", "target", "ttl"),
    [
        ("@ 60 IN ALIAS app.example.net.", "app.example.net.", 60),
        ("@ ANAME app.example.net. ; for the shop", "app.example.net.", 300),
        ("@ in 1h alias www", "www.example.com.", 3600),
        ("@ IN 60 TYPE65401 www", "www.example.com.", 60),
        (r"@ TYPE65401 \# 3 016100", "a.", 300),
        ("@ 60 ALIAS (\n  a. )", "a.", 60),
        ("@ 60 ALIAS a.\n@ 30 ALIAS A.", "a.", 30),
    ],
)
def test_an_alias_of_either_word_is_one_of_both_kinds_of_addresses(line: str, target: str, ttl: int) -> None:
    assembly = assembled(line)

    assert below_apex(assembly) == aliases("@", absolute(target), ttl)
    assert told(assembly) == ["warning zone.alias-type example.com. ALIAS example.com.zone:4"]


def test_what_is_said_of_an_alias_says_what_to_do() -> None:
    (found,) = assembled("www ALIAS a").findings

    assert (found.severity, found.message, found.remedy) == (
        Severity.WARNING,
        (
            "ALIAS (ANAME) is no type of DNS, and BIND, Knot and NSD answer nothing for it. It is read as what it "
            "does where it comes from: an alias, of A and of AAAA, to the name that it has."
        ),
        "See what becomes of it: an import says so, and does not begin where an alias would be lost.",
    )


def test_a_remark_of_cloudflare_stays_with_the_alias() -> None:
    assembly = assembled("www 60 ALIAS a. ; shop cf_tags=")

    assert below_apex(assembly) == aliases("www", absolute("a."), 60, Note("shop"))


@pytest.mark.parametrize(
    ("lines", "kept", "said"),
    [
        ("www ALIAS a.\nwww ALIAS b.", ["016100", "016200"], "ALIAS"),
        (r"www TYPE65401 \# 4 01610000", ["01610000"], "ALIAS"),
        (r"www TYPE65401 \# 0", [""], "ALIAS"),
        ('www LUA A "a" "b"', ["000101610162"], "LUA"),
        (rf"www TYPE65281 \# 20 {WINS}", [WINS], "WINS"),
        (rf"www TYPE65281 \# 20 {WINS}" + "\nwww TYPE65281 \\# 1 00", ["00", WINS], "WINS"),
        (rf"www TYPE65282 \# 15 {WINS_R}", [WINS_R], "WINS-R"),
    ],
)
def test_what_nobody_else_can_answer_is_carried_and_told(lines: str, kept: list[str], said: str) -> None:
    assembly = assembled(lines)

    (rrset,) = below_apex(assembly)
    assert sorted(rdata.to_generic().data.hex() for rdata in rrset.rdatas) == kept
    assert told(assembly) == [f"warning zone.computed-type www.example.com. {said} example.com.zone:4"]


@pytest.mark.parametrize(
    "rdata",
    [r"TYPE65281 \# 0", r"TYPE65281 \# 3 abcdef", rf"TYPE65281 \# 21 {WINS}00", rf"TYPE65282 \# 12 {TIMED}"],
)
def test_a_private_type_is_not_taken_for_a_lookup_by_its_number_alone(rdata: str) -> None:
    assembly = assembled(f"www {rdata}")

    assert len(below_apex(assembly)) == 1
    assert told(assembly) == []


def test_a_provider_s_own_type_that_has_the_number_by_chance_is_no_such_type() -> None:
    (record,) = read(r"www TYPE65401 \# 3 016100").records
    named = replace(record, extras=(Opaque("cloudflare", "type", '"FOO"'),))
    assembly = assemble(ORIGIN, [named])

    assert [(rrset.rdtype, rrset.extras) for rrset in assembly.snapshot.rrsets] == [(65401, named.extras)]
    assert not any(found.check in {"zone.alias-type", "zone.computed-type"} for found in assembly.findings)


def test_an_alias_beside_an_address_is_an_error_and_neither_is_lost() -> None:
    assembly = assembled("www ALIAS a.\nwww A 192.0.2.1")

    address, sixth = below_apex(assembly)
    assert (len(address.rdatas), address.extras, sixth) == (
        1,
        (Alias(absolute("a.")),),
        aliases("www", absolute("a."), 300)[1],
    )
    assert told(assembly) == [
        "warning zone.alias-type www.example.com. ALIAS example.com.zone:4",
        "error zone.alias-beside-records www.example.com. A None",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("www ALIAS", "The line cannot be read and is left out: ALIAS: the rdata ends too early."),
        (
            "www ANAME a b",
            "The line cannot be read and is left out: ALIAS 'a b': 'b' stands after the end of the rdata.",
        ),
        ("www LUA XX x", "The line cannot be read and is left out: LUA 'XX x': 'XX' is no type."),
    ],
)
def test_a_malformed_line_is_called_by_its_word(line: str, message: str) -> None:
    (found,) = read(f"{TOP}{line}").findings

    assert (found.message, str(found.position)) == (message, "example.com.zone:4")
