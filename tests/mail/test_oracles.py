"""Other programs read mail's records as we do: pyspf, dkimpy and checkdmarc, where they are installed."""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import pytest
from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from migrator.mail.dmarctags import dmarc_remarks
from migrator.mail.keys import key_remarks
from migrator.mail.policies import dmarc_policies
from migrator.mail.spf.evaluate import NoRecords, check_host
from migrator.mail.spf.macros import Sender
from migrator.model.finding import Severity
from migrator.model.names import folded
from tests.checks.build import zone
from tests.diffing import rrset
from tests.mail.keys import ED25519, rsa_key

HOSTS = """
www A 192.0.2.5
www AAAA 2001:db8::5
@ MX 10 mx
mx A 192.0.2.25
six AAAA 2001:db8::6
_a TXT "v=spf1 ip4:192.0.2.64/26 -ip4:192.0.2.5 ~all"
_b TXT "v=spf1 include:_a.example.test a:six.example.test ?all"
_c TXT "v=spf1 redirect=_a.example.test"
_loop TXT "v=spf1 include:_loop.example.test -all"
_two TXT "v=spf1 -all"
_two TXT "v=spf1 +all"
text TXT "hello"
"""
NAMES = st.sampled_from(
    ["www", "mx", "six", "nothing", "text", "_a", "_b", "_c", "_loop", "_two", "%{d}", "%{i}.x", "%{l1r}"]
).map(lambda label: "example.test" if label == "%{d}" else f"{label}.example.test")
TERMS = st.one_of(
    st.sampled_from(["a", "mx", "a/24", "mx//64", "a/24//64", "ptr", "all"]),
    st.sampled_from(
        ["ip4:192.0.2.0/24", "ip4:192.0.2.5", "ip6:2001:db8::/32", "ip4:192.0.2.300", "a:", "mx:x", "b"]
    ),
    st.tuples(st.sampled_from(["a", "mx", "include", "exists"]), NAMES).map(":".join),
    NAMES.map(lambda name: f"redirect={name}"),
)
RECORDS = st.lists(st.tuples(st.sampled_from(["", "+", "-", "~", "?"]), TERMS).map("".join), max_size=6).map(
    lambda terms: " ".join(["v=spf1", *terms])
)
SENDERS = st.sampled_from(["192.0.2.5", "192.0.2.25", "192.0.2.70", "198.51.100.1", "2001:db8::5", "2001:dead::1"])


def world(record: str) -> Callable[[Name, RdataType], tuple[Rdata, ...]]:
    """Return what is at each name, empty where there is nothing."""
    found = {(folded(each.owner), each.rdtype): each.rdatas for each in zone(HOSTS).rrsets}
    found[folded(zone().origin), RdataType.TXT] = rrset(f'@ 300 TXT "{record}"').rdatas
    return lambda name, rdtype: found.get((folded(name), rdtype), ())


@given(RECORDS, SENDERS)
@settings(max_examples=200, deadline=None)
@example("v=spf1 exists:%{i}.x.example.test -all", "192.0.2.5")
def test_pyspf_concludes_the_same(record: str, address: str) -> None:
    spf = pytest.importorskip("spf")
    # It refuses a record that includes itself although an earlier term decides.
    assume("include:example.test" not in record and "redirect=example.test" not in record)
    at = world(record)

    def lookup(name: str, kind: str, *_: Any, **__: Any) -> Iterator[tuple[tuple[str, str], Any]]:
        from migrator.model.names import absolute

        for rdata in at(absolute(f"{name.rstrip('.')}."), RdataType.from_text(kind)):
            yield (name, kind), _as_pyspf(rdata)

    spf.DNSLookup = lookup
    query = spf.query(i=address, s="user@example.test", h="host.example.net", strict=True)

    ours = check_host(
        Sender(ip_address(address), "user@example.test", "host.example.net"),
        lambda name, rdtype: at(name, rdtype) or NoRecords.VOID,
    )

    assert str(ours) == query.check()[0]


def _as_pyspf(rdata: Rdata) -> Any:
    match rdata.rdtype:
        case RdataType.TXT:
            return rdata.strings  # type: ignore[attr-defined]
        case RdataType.MX:
            return rdata.preference, rdata.exchange.to_text(omit_final_dot=True)  # type: ignore[attr-defined]
        case RdataType.A:
            return IPv4Address(rdata.to_text()).exploded
        case RdataType.AAAA:
            return IPv6Address(rdata.to_text()).packed
        case _:
            return rdata.to_text().rstrip(".")


WHOLE = rsa_key(2048)


@pytest.mark.parametrize(
    "text",
    [
        f"v=DKIM1; k=rsa; p={WHOLE}",
        f"p={rsa_key(1024)}",
        f"v=DKIM1; p={WHOLE[:200]}",
        f"v=DKIM1; p={WHOLE[:201]}",
        f"v=DKIM2; p={WHOLE}",
        "v=DKIM1; k=rsa",
        "v=DKIM1; p=AAAA",
        "v=DKIM1; p=MIIB",
        f"v=DKIM1; k=ed25519; p={ED25519}",
        f"v=DKIM1; k=ed25519; p={WHOLE}",
    ],
)
def test_dkimpy_can_use_the_same_keys(text: str) -> None:
    dkim = pytest.importorskip("dkim")
    usable = not any(remark.severity is Severity.ERROR for remark in key_remarks(text))

    try:
        dkim.evaluate_pk("s._domainkey.example.test", text)
        theirs = True
    except (dkim.KeyFormatError, ValueError, dkim.NaClNotFoundError) as exc:
        if isinstance(exc, dkim.NaClNotFoundError):
            pytest.skip("dkimpy has no Ed25519 here")
        theirs = False

    assert usable == theirs


@pytest.mark.parametrize(
    ("tags", "policy"),
    [
        ("p=reject", "reject"),
        ("p=quarantine; sp=none", "quarantine"),
        ("sp=none", "none"),
        ("p=none; pct=20", "none"),
        ("p=block", None),
        ("p=reject; sp=block", None),
        ("p=reject; np=block", None),
        ("p=reject; p=none", None),
        ("p=reject; adkim=s; aspf=r", "reject"),
    ],
)
def test_checkdmarc_reads_the_same_policy(tags: str, policy: str | None) -> None:
    checkdmarc = pytest.importorskip("checkdmarc.dmarc")
    (ours,) = dmarc_policies([rrset(f'_dmarc 300 TXT "v=DMARC1; {tags}"')])
    is_refused = any(remark.severity is Severity.ERROR for remark in dmarc_remarks(ours))

    try:
        theirs = checkdmarc.parse_dmarc_record(f"v=DMARC1; {tags}", "example.test")["tags"]["p"]["value"]
    except checkdmarc.DMARCError:
        theirs = None

    assert theirs == policy
    assert (None if is_refused else ours.policy) == policy
