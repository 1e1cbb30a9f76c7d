"""Any zone that a provider could give, for the laws: every type, every extra, odd neighbours."""

from dns.rdatatype import RdataType
from hypothesis import strategies as st

from migrator.codec import rdata as codec
from migrator.model.extras import (
    Alias,
    AutomaticTTL,
    ClientNetwork,
    Extra,
    Failover,
    Flattened,
    ForRecord,
    Geolocation,
    Geoproximity,
    HealthCheck,
    Latency,
    Managed,
    Metadata,
    MultiValueAnswer,
    Note,
    Opaque,
    PlainExtra,
    Proxied,
    RecordTTL,
    Tags,
    TrafficPolicy,
    Weighted,
)
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from tests import strategies
from tests.snapshots import NS, ORIGIN, SOA, name, rdata

OWNERS = ("@", "a", "b.a", "*", "*.a", "c", "d", r"odd\032name")
TARGETS = ("a", "c", "b.a", "d", "lb.example.net.", "d1.cloudfront.net.", "missing", ".")
TEXTS = {
    "A": ("192.0.2.1", "192.0.2.77", "198.51.100.3"),
    "AAAA": ("100::", "2001:db8::2"),
    "CNAME": ("a.example.net.", "c", "b.a", "d1.cloudfront.net."),
    "TXT": ('"x"', '"v=spf1 -all"', '""', '"\\255"', '"' + "y" * 250 + '" "z"'),
    "SPF": ('"v=spf1 -all"', '"v=spf1 mx -all"', '""'),
    "MX": ("10 mx.example.net.", "20 c", "0 ."),
    "NS": ("ns1.example.net.", "c"),
    "DS": ("1 13 2 " + "00" * 32,),
    "HTTPS": ("1 . alpn=h2",),
    "LOC": ("52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",),
    "DNSKEY": ("256 3 13 AAAA",),
    "NSEC": ("b.example.org. A",),
    "SOA": ("ns1.example.net. h.example.net. 1 2 3 4 5",),
    "RRSIG": ("A 13 3 300 20300101000000 20200101000000 1 example.org. AAAA",),
}
SCHEMES = ("route53:example.org", "azure:example.org", "cloudflare:example.org", "example.org.zone")

words = st.sampled_from(["", "ops", "team:web", "cf-x", "ä b", "w" * 120])
policies: st.SearchStrategy[Extra] = st.one_of(
    st.builds(Weighted, st.integers(0, 3)),
    st.builds(Latency, st.sampled_from(["eu-west-1", "us-east-1"])),
    st.builds(Geolocation, country=st.sampled_from(["*", "DE", "FR"])),
    st.builds(Geoproximity, st.sampled_from(["eu-west-1", "us-east-1"])),
    st.builds(ClientNetwork, st.just("c"), st.sampled_from(["*", "office"])),
    st.builds(Failover, st.sampled_from(["PRIMARY", "SECONDARY"])),
    st.builds(MultiValueAnswer, st.booleans()),
)
remarks: st.SearchStrategy[PlainExtra] = st.one_of(
    st.builds(Note, words),
    st.builds(Tags, st.lists(words, max_size=2).map(tuple)),
    st.builds(Metadata, words, words),
    st.builds(Proxied, st.booleans()),
    st.builds(Flattened, st.booleans()),
    st.just(AutomaticTTL()),
    st.builds(HealthCheck, words),
    st.builds(TrafficPolicy, words),
    st.builds(Managed, words),
    st.builds(Opaque, st.sampled_from(["route53", "azure", "cloudflare"]), words, words),
)
aliases = st.builds(
    Alias,
    st.sampled_from([name(target) for target in TARGETS]),
    st.sampled_from(["", "Z1", "/subscriptions/1"]),
    st.booleans(),
)
ttls = st.sampled_from([0, 1, 30, 300, 86400, 604800])


@st.composite
def rrsets(draw: st.DrawFn) -> RRset:
    rdtype = draw(st.sampled_from(sorted(TEXTS)))
    extras: list[Extra] = [*draw(st.lists(remarks, max_size=2))]
    variant = draw(st.sampled_from(["", "", "1", "2", "3"]))
    if variant:
        extras.append(draw(policies))
    form = draw(st.integers(0, 5))
    key = RRsetKey(name(draw(st.sampled_from(OWNERS))), RdataType.from_text(rdtype), variant)
    if form == 0:
        extras.append(draw(aliases))
        return RRset(key, draw(st.none() | ttls), (), tuple(dict.fromkeys(extras)))
    if form == 1:
        return RRset(key, draw(st.none() | ttls), (), tuple(dict.fromkeys(extras)))
    texts = draw(st.lists(st.sampled_from(TEXTS[rdtype]), min_size=1, unique=True))
    rdatas = tuple(rdata(rdtype, text) for text in texts)
    if form == 2:
        one = draw(st.sampled_from(rdatas))
        extras.append(ForRecord(one.to_text(), draw(remarks | st.builds(RecordTTL, ttls))))
    return make(key, draw(ttls), rdatas, tuple(dict.fromkeys(extras)))


@st.composite
def snapshots(draw: st.DrawFn) -> ZoneSnapshot:
    """Zones of any sets with any extras, from any provider; half of them with SOA and NS."""
    found = {rrset.key: rrset for rrset in draw(st.lists(rrsets(), max_size=12))}
    found |= {rrset.key: rrset for rrset in draw(st.lists(strategies.rrsets(ORIGIN), max_size=3))}
    if draw(st.booleans()):
        found |= {SOA.key: SOA, NS.key: NS}
    source = draw(st.sampled_from(SCHEMES))
    servers = draw(st.sampled_from([(), (name("ns1.example.net."),)]))
    return assemble_rrsets(ORIGIN, found.values(), source=source, name_servers=servers).snapshot


def text(rrset: RRset) -> list[str]:
    """The rdatas as text."""
    return [codec.to_text(found) for found in rrset.rdatas]
