"""The evaluation for everybody: the policy as sets of addresses, what is counted, and what it still waits for."""

from ipaddress import ip_address

import pytest
from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.mail.spf.evaluate import Ask, Evaluation, NoRecords, evaluate
from migrator.model.names import absolute, folded
from tests.checks.build import DOMAIN, zone

HOSTS = """
www A 192.0.2.5
@ MX 10 mx
mx A 192.0.2.200
mx AAAA 2001:db8::25
four A 192.0.2.4
""" + "\n".join(f"many MX 10 mx{number}" for number in range(11))
OUTSIDE = """
_spf.example.net. TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 ~all"
open.example.net. TXT "v=spf1 +all"
three.example.net. TXT "v=spf1 a:void.example.net mx:example.test ptr -all"
"""


def asker(text: str, unasked: str = "") -> Ask:
    """Return a function that answers from the text; a name in `unasked` was not asked yet."""
    found = zone(f"{text}\n{OUTSIDE}")
    rrsets = {(folded(rrset.owner), rrset.rdtype): rrset.rdatas for rrset in found.rrsets}
    for stray in found.stray:
        rrsets[folded(stray.owner), stray.rdata.rdtype] = (stray.rdata,)

    def ask(name: Name, rdtype: RdataType) -> tuple[Rdata, ...] | NoRecords:
        if unasked and name == absolute(unasked, DOMAIN):
            return NoRecords.NOT_ASKED
        if name.labels[0] == b"broken":
            return NoRecords.FAILED
        return rrsets.get((folded(name), rdtype), NoRecords.VOID)

    return ask


def results(found: Evaluation, *addresses: str) -> list[str]:
    """Return the result of each address."""
    return [
        str(result)
        for address in addresses
        for result, those in found.results.items()
        if ip_address(address) in those
    ]


ADDRESSES = ("192.0.2.1", "192.0.2.200", "2001:db8::25", "203.0.113.1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v=spf1 -all", "fail fail fail fail"),
        ("v=spf1", "neutral neutral neutral neutral"),
        ("none of it", "none none none none"),
        ("v=spf1 ip4:192.0.2.0/24 ~all", "pass pass softfail softfail"),
        ("v=spf1 -ip4:192.0.2.0/25 ip4:192.0.2.0/24 ?all", "fail pass neutral neutral"),
        ("v=spf1 a:www.example.test/25 -all", "pass fail fail fail"),
        ("v=spf1 mx -all", "fail pass pass fail"),
        ("v=spf1 mx//32 ~mx//0 -all", "fail pass pass fail"),
        ("v=spf1 include:_spf.example.net -all", "pass fail pass fail"),
        ("v=spf1 ?include:_spf.example.net -all", "neutral fail neutral fail"),
        ("v=spf1 -ip4:192.0.2.1 include:open.example.net -all", "fail pass pass pass"),
        ("v=spf1 ip4:192.0.2.1 redirect=_spf.example.net", "pass softfail pass softfail"),
        ("v=spf1 ip4:192.0.2.1 redirect=open.example.net ?all", "pass neutral neutral neutral"),
        ("v=spf1 ip4:192.0.2.1 include:none.example.net -all", "pass permerror permerror permerror"),
        ("v=spf1 ip4:192.0.2.1 redirect=none.example.net", "pass permerror permerror permerror"),
        ("v=spf1 ip4:192.0.2.1 include:broken.example.net -all", "pass temperror temperror temperror"),
        ("v=spf1 ip4:192.0.2.1 include:example.test -all", "pass permerror permerror permerror"),
        ("v=spf1 ip4:192.0.2.1 ip4:192.0.2.300 -all", "permerror permerror permerror permerror"),
        ("v=spf1 exists:www.%{d} -all", "pass pass pass pass"),
        ("v=spf1 exists:nothing.%{o} -all", "fail fail fail fail"),
        ("v=spf1 exists:%{i}.example.net ptr -all", "fail fail fail fail"),
    ],
)
def test_every_address_has_one_result(text: str, expected: str) -> None:
    found = evaluate(DOMAIN, asker(f'@ TXT "{text}"\n{HOSTS}'))

    assert results(found, *ADDRESSES) == expected.split()
    assert found.is_complete


@pytest.mark.parametrize(
    ("text", "lookups", "voids", "permanent"),
    [
        ("v=spf1 ip4:192.0.2.1 -all", 0, 0, ""),
        ("v=spf1 a mx ptr exists:www.%{d} -all", 4, 0, ""),
        ("v=spf1 -all a mx", 0, 0, ""),
        ("v=spf1 include:three.example.net include:three.example.net -all", 8, 2, ""),
        (
            "v=spf1 include:three.example.net include:three.example.net include:three.example.net -all",
            12,
            3,
            (
                "example.test: 12 look-ups are needed, and receivers make 10; example.test: 3 terms find nothing "
                "(a:void.example.net of three.example.net, a:void.example.net of three.example.net, "
                "a:void.example.net of three.example.net), and receivers accept 2"
            ),
        ),
        ("v=spf1 a:four.example.test -all", 1, 0, ""),
        (
            "v=spf1 redirect=example.test",
            1,
            0,
            "example.test: 'redirect=example.test' leads back to a policy that is being evaluated, without end",
        ),
        (
            "v=spf1 mx:many.example.test -all",
            1,
            0,
            "example.test: 'mx:many.example.test' has 11 MX hosts, and 10 are allowed",
        ),
    ],
)
def test_terms_that_receivers_limit_are_counted(text: str, lookups: int, voids: int, permanent: str) -> None:
    found = evaluate(DOMAIN, asker(f'@ A 192.0.2.1\n@ TXT "{text}"\n{HOSTS}'))

    assert (found.lookups, len(found.voids), "; ".join(map(str, found.permanent))) == (lookups, voids, permanent)


def test_terms_about_the_sender_are_kept_as_they_are() -> None:
    found = evaluate(DOMAIN, asker('@ TXT "v=spf1 exists:%{i}.example.net include:%{d}.example.net ptr -all"'))

    assert found.open_terms == ("example.test: exists:%{i}.example.net",)
    assert [str(trouble) for trouble in found.permanent] == [
        "example.test: 'include:%{d}.example.net': example.test.example.net has no SPF record"
    ]


@pytest.mark.parametrize("unasked", ["@", "_a.example.test.", "www.example.test."])
def test_an_evaluation_waits_for_what_was_not_asked(unasked: str) -> None:
    text = f'@ TXT "v=spf1 include:_a.example.test a:www.example.test -all"\n_a TXT "v=spf1 -all"\n{HOSTS}'

    assert not evaluate(DOMAIN, asker(text, unasked)).is_complete
    assert evaluate(DOMAIN, asker(text)).is_complete


def test_all_that_can_be_asked_is_asked_at_once() -> None:
    asked: list[str] = []

    def ask(name: Name, rdtype: RdataType) -> NoRecords | tuple[Rdata, ...]:
        asked.append(f"{name} {RdataType.to_text(rdtype)}")
        known = asker('@ TXT "v=spf1 include:a.example.net mx:b.example.net exists:c.example.net -all"')
        return known(name, rdtype) if name == DOMAIN else NoRecords.NOT_ASKED

    evaluate(DOMAIN, ask)

    assert list(dict.fromkeys(asked)) == [
        "example.test. TXT",
        "a.example.net. TXT",
        "b.example.net. MX",
        "c.example.net. A",
    ]
