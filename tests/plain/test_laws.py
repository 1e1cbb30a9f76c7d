"""Whatever a snapshot holds, the zone file accounts for all of it, and asks no server to do the impossible."""

from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.backup.readback import zone_file_findings
from migrator.codec import rdata as codec
from migrator.model.extras import (
    Alias,
    ClientNetwork,
    Extra,
    Failover,
    Flattened,
    Geolocation,
    Geoproximity,
    HealthCheck,
    Latency,
    MultiValueAnswer,
    Note,
    Opaque,
    Proxied,
    TrafficPolicy,
    Weighted,
)
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble_rrsets, subject_of
from migrator.plain import PlainZone, header, plain_zone
from migrator.plain.comments import extra_text
from migrator.zonefile.writer import write_zone
from tests import strategies
from tests.plain.entries import made_entries
from tests.snapshots import NS, SOA, name, rdata

OWNERS = ("@", "a", "b.a", "*", "*.a", "c")
TARGETS = ("a", "c", "b.a", "lb.example.net.", "cdn.example.net.", "missing")
TEXTS = {
    "A": ("192.0.2.1", "192.0.2.2", "192.0.2.3"),
    "AAAA": ("2001:db8::1", "2001:db8::2"),
    "CNAME": ("a.example.net.", "c", "b.a"),
    "DNAME": ("a.example.net.", "b.example.net."),
    "TXT": ('"x"', '"y" "z"'),
    "MX": ("10 mx.example.net.", "20 c"),
    "NS": ("ns1.example.net.", "ns2.example.net."),
    "DS": ("1 13 2 " + "00" * 32,),
    "KEY": ("256 3 13 AAAA",),
    "SOA": ("ns1.example.net. h.example.net. 1 2 3 4 5",),
    "RRSIG": ("A 13 3 300 20300101000000 20200101000000 1 example.org. AAAA",),
}
NONE_BESIDE_CNAME = {RdataType.CNAME, RdataType.RRSIG, RdataType.NSEC}

policies = st.one_of(
    st.builds(Weighted, st.integers(0, 3)),
    st.builds(Latency, st.sampled_from(["eu", "us"])),
    st.builds(Geolocation, country=st.sampled_from(["*", "DE", "FR"])),
    st.builds(Geoproximity, st.sampled_from(["eu", "us"])),
    st.builds(ClientNetwork, st.just("c"), st.sampled_from(["*", "office"])),
    st.builds(Failover, st.sampled_from(["PRIMARY", "SECONDARY"])),
    st.builds(MultiValueAnswer, st.booleans()),
)
remarks = st.one_of(
    st.builds(Note, st.text(max_size=20)),
    st.builds(Proxied, st.booleans()),
    st.builds(Flattened, st.booleans()),
    st.builds(HealthCheck, st.text(max_size=5)),
    st.builds(TrafficPolicy, st.text(max_size=5)),
    st.builds(Opaque, st.just("route53"), st.text(max_size=5), st.text(max_size=20)),
)
aliases = st.builds(
    Alias, st.sampled_from([name(target) for target in TARGETS]), st.text(max_size=5), st.booleans()
)


@st.composite
def rrsets(draw: st.DrawFn) -> RRset:
    rdtype = draw(st.sampled_from(sorted(TEXTS)))
    extras: list[Extra] = draw(st.lists(remarks, max_size=2))
    variant = draw(st.sampled_from(["", "", "1", "2", "3"]))
    if variant:
        extras.append(draw(policies))
    rdatas = draw(st.lists(st.sampled_from(TEXTS[rdtype]), unique=True))
    if not rdatas and draw(st.booleans()):
        extras.append(draw(aliases))
    ttl = draw(st.one_of(st.none(), st.sampled_from([0, 60, 300])))
    key = RRsetKey(name(draw(st.sampled_from(OWNERS))), RdataType.make(rdtype), variant)
    return make(key, ttl, tuple(rdata(rdtype, text) for text in rdatas), tuple(extras))


@st.composite
def snapshots(draw: st.DrawFn) -> ZoneSnapshot:
    found = {rrset.key: rrset for rrset in draw(st.lists(rrsets(), max_size=12))}
    found |= {rrset.key: rrset for rrset in (SOA, NS)}
    return assemble_rrsets(name("@"), found.values()).snapshot


@given(snapshots())
@settings(max_examples=200, deadline=None)
def test_every_set_is_in_the_file_as_records_or_as_a_comment_with_all_its_values(snapshot: ZoneSnapshot) -> None:
    plain = plain_zone(snapshot)
    comments = {comment.strip() for entry in made_entries(plain) for comment in entry.comments}
    all_comments = "\n".join(comments)
    records = {
        (folded(entry.rrset.owner), codec.to_text(found), entry.rrset.rdtype)
        for entry in made_entries(plain)
        if entry.rrset
        for found in entry.rrset.rdatas
    }

    for rrset in snapshot.rrsets:
        for extra in rrset.extras:
            assert extra_text(extra) in all_comments
        for found in rrset.rdatas:
            text = codec.to_text(found)
            in_comments = any(
                comment.startswith(rrset.owner.to_text()) and comment.endswith(f"{rrset.rdtype.name} {text}")
                for comment in comments
            )
            assert in_comments or (folded(rrset.owner), text, rrset.rdtype) in records


@given(snapshots())
@settings(max_examples=200, deadline=None)
def test_what_is_not_served_as_the_provider_does_has_a_finding(snapshot: ZoneSnapshot) -> None:
    plain = plain_zone(snapshot)
    subjects = {finding.subject for finding in plain.findings}
    served = {entry.rrset.key: entry.rrset for entry in made_entries(plain) if entry.rrset}

    for rrset in snapshot.rrsets:
        same = served.get(RRsetKey(rrset.owner, rrset.rdtype))
        if same is None or same.rdatas != rrset.rdatas:
            assert f"{rrset.owner.to_text()} {rrset.rdtype.name}" in subjects


@given(snapshots())
@settings(max_examples=200, deadline=None)
def test_the_file_holds_nothing_that_makes_a_server_refuse_it(snapshot: ZoneSnapshot) -> None:
    served = [entry.rrset for entry in made_entries(plain_zone(snapshot)) if entry.rrset]
    by_owner: dict[tuple[bytes, ...], list[RRset]] = {}
    for rrset in served:
        by_owner.setdefault(folded(rrset.owner), []).append(rrset)
    dnames = {folded(rrset.owner) for rrset in served if rrset.rdtype == RdataType.DNAME}

    assert len({rrset.key for rrset in served}) == len(served)
    assert all(rrset.rdatas and rrset.ttl is not None and not rrset.key.variant for rrset in served)
    for owner, members in by_owner.items():
        types = {rrset.rdtype for rrset in members}
        assert RdataType.CNAME not in types or types <= NONE_BESIDE_CNAME
        assert not any(owner[i:] in dnames for i in range(1, len(owner)))
        for rrset in members:
            if rrset.rdtype in {RdataType.CNAME, RdataType.DNAME, RdataType.SOA}:
                assert len(rrset.rdatas) == 1


def text_of(snapshot: ZoneSnapshot, plain: PlainZone) -> bytes:
    return "".join(f"{line}\n" for line in write_zone(snapshot.origin, plain.entries, header(snapshot))).encode()


@given(st.one_of(snapshots(), strategies.snapshots()))
@settings(max_examples=200, deadline=None)
def test_the_file_reads_back_as_the_records_it_was_to_serve(snapshot: ZoneSnapshot) -> None:
    plain = plain_zone(snapshot)

    assert zone_file_findings(snapshot.origin, plain.entries, text_of(snapshot, plain), "z") == ()


@given(strategies.snapshots())
@settings(max_examples=100, deadline=None)
def test_of_a_zone_that_servers_load_every_record_is_served(snapshot: ZoneSnapshot) -> None:
    plain = plain_zone(snapshot)
    findings = [f for f in plain.findings if f.check != "plain.host-names"]
    refused = {f.subject for f in findings}

    assert {f.check for f in findings} <= {"plain.not-loadable", "plain.apex-cname", "plain.stand-in"}
    served = {entry.rrset.key: entry.rrset.rdatas for entry in made_entries(plain) if entry.rrset}
    for rrset in snapshot.rrsets:
        assert served.get(rrset.key) == rrset.rdatas or subject_of(rrset.key) in refused


@given(snapshots())
@settings(max_examples=100, deadline=None)
def test_comments_are_single_lines_of_printable_ascii(snapshot: ZoneSnapshot) -> None:
    for entry in made_entries(plain_zone(snapshot)):
        for comment in entry.comments:
            assert comment.isascii()
            assert comment.isprintable()
