"""Whatever a snapshot holds, `zone.json` gives it back, to the case of every letter."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_type_hints

from dns.name import Name
from dns.rdata import GenericRdata, Rdata, from_wire
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from migrator.codec import rdata as codec
from migrator.codec.zone import dumps, loads
from migrator.model.extras import EXTRA_TYPES, Extra, ForRecord
from migrator.model.finding import Finding, Position, Severity
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from tests.strategies import KNOWN_TYPES, ORIGIN, any_rdatas, names, octets, rdatas, rrsets, ttls

texts = st.text(st.characters(exclude_categories=()), max_size=12)


def extras_of(extra_type: type[Extra], inner: SearchStrategy[Extra] | None = None) -> SearchStrategy[Extra]:
    """Any value in every field: a kind of extra that is added later is tested without a line here."""
    by_type: dict[Any, SearchStrategy[Any]] = {
        str: texts,
        int: st.integers(),
        bool: st.booleans(),
        Name: names(),
        tuple[str, ...]: st.lists(texts, max_size=3).map(tuple),
    }
    hints = get_type_hints(extra_type)
    arguments = {
        field.name: by_type[hints[field.name]] if inner is None or field.name != "extra" else inner
        for field in fields(extra_type)
    }
    return st.builds(extra_type, **arguments)


plain_extras = st.one_of([extras_of(extra_type) for extra_type in EXTRA_TYPES if extra_type is not ForRecord])
extras = st.one_of(plain_extras, extras_of(ForRecord, plain_extras))
bare_octets = st.tuples(st.sampled_from(KNOWN_TYPES), octets(0, 40)).map(
    lambda pair: GenericRdata(RdataClass.IN, pair[0], pair[1])
)
kept_as_octets = st.sampled_from(KNOWN_TYPES).flatmap(rdatas).map(lambda found: found.to_generic())


@st.composite
def odd_rrsets(draw: st.DrawFn) -> RRset:
    """RRsets as only a provider or a broken file has them."""
    found: Rdata = draw(st.one_of(any_rdatas, bare_octets, kept_as_octets))
    key = RRsetKey(draw(names()), found.rdtype, draw(texts))
    ttl = draw(st.one_of(st.none(), ttls))
    return make(key, ttl, draw(st.sampled_from([(), (found,)])), tuple(draw(st.lists(extras, max_size=3))))


stray = st.builds(
    Record,
    names(),
    ttls,
    st.one_of(any_rdatas, bare_octets),
    st.lists(extras, max_size=2).map(tuple),
    texts,
    st.one_of(st.none(), st.builds(Position, texts, st.integers(0, 10**9))),
)
zones = st.builds(timezone, st.integers(-720, 720).map(lambda minutes: timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=zones)  # noqa: DTZ001
findings = st.builds(
    Finding,
    texts,
    st.sampled_from(Severity),
    texts,
    texts,
    st.one_of(st.none(), st.builds(Position, texts, st.integers(0, 10**9))),
    texts,
    st.lists(texts, max_size=2).map(tuple),
)


@st.composite
def snapshots(draw: st.DrawFn) -> ZoneSnapshot:
    found = {rrset.key: rrset for rrset in draw(st.lists(st.one_of(rrsets(), odd_rrsets()), max_size=6))}
    return replace(
        assemble_rrsets(ORIGIN, found.values()).snapshot,
        source=draw(texts),
        read_at=draw(st.one_of(st.none(), moments)),
        name_servers=tuple(draw(st.lists(names(), max_size=3))),
        stray=tuple(draw(st.lists(stray, max_size=2))),
    )


def exact(snapshot: ZoneSnapshot) -> list[object]:
    """What equality passes over: the case of names, the class of rdata."""
    shown: list[object] = [name.to_text() for name in snapshot.name_servers]
    for rrset in snapshot.rrsets:
        shown.append(rrset.owner.to_text())
        shown += [(type(found), found.to_wire()) for found in rrset.rdatas]
    for record in snapshot.stray:
        shown += [record.owner.to_text(), type(record.rdata), record.rdata.to_wire(), record.position]
    return shown


@given(snapshots(), st.lists(findings, max_size=3).map(tuple))
@settings(max_examples=200, deadline=None)
def test_a_snapshot_comes_back_from_its_json(snapshot: ZoneSnapshot, found: tuple[Finding, ...]) -> None:
    text = dumps(snapshot, found)
    back, back_found = loads(text)

    assert (back, back_found) == (snapshot, found)
    assert exact(back) == exact(snapshot)
    assert back.digest() == snapshot.digest()
    assert dumps(back, back_found) == text
    assert text.isascii()
    assert (back.read_at is None) or back.read_at.tzinfo == UTC


@given(any_rdatas)
@settings(max_examples=200, deadline=None)
def test_rdata_comes_back_from_its_text(found: Rdata) -> None:
    text = codec.to_text(found)

    assert "\n" not in text
    assert codec.from_text(found.rdtype, text).to_wire() == found.to_wire()


@given(st.integers(0, (1 << 32) - 1))
def test_every_altitude_reads_back_as_people_write_it(altitude: int) -> None:
    wire = bytes.fromhex("001216138ae3cdb88028d960") + altitude.to_bytes(4, "big")
    found = from_wire(RdataClass.IN, RdataType.LOC, wire, 0, len(wire))

    text = codec.to_text(found)

    assert text == f"50 45 1.496 N 0 44 37.088 E {altitude / 100 - 100_000:.2f}m"
    assert codec.from_text(RdataType.LOC, text).to_wire() == wire
