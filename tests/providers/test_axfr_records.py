"""A transfer gathered by owners means the same as all of its records as objects."""

from collections import Counter

import dns.message
import dns.rrset
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.diff.equality import identical
from migrator.dnsclient import wire
from migrator.dnsclient.plain import PlainReader
from migrator.dnsclient.transfer import record_of
from migrator.interfaces import PlainRecord
from migrator.model.rrset import Record
from migrator.model.zone import assemble
from migrator.zonefile.fast import CompactReading, assemble_reading
from providers.axfr_records import Gathering
from tests import strategies


def plainly(records: list[Record]) -> list[PlainRecord | Record]:
    """The records as a transfer brings them, in one message."""
    message = dns.message.make_response(dns.message.make_query(strategies.ORIGIN, "AXFR", flags=0))
    message.answer += [dns.rrset.from_rdata(record.owner, record.ttl, record.rdata) for record in records]
    octets = message.to_wire(max_size=65535)
    reader = wire.MessageReader(octets)
    reader.skip_questions(1)
    found: list[PlainRecord | Record] = []
    for record in PlainReader(octets).records(reader.go_to(0), len(records)):
        if isinstance(record, tuple):
            found.append(record)
        else:
            reader.go_to(record)
            exact = next(reader.records(1))
            found.append(Record(exact.owner, exact.ttl, wire.rdata_of(octets, exact)))
    return found


@st.composite
def streams(draw: st.DrawFn) -> list[Record]:
    """Records of few owners in any order, some of them twice and some with another TTL."""
    owners = draw(st.lists(strategies.owners, min_size=1, max_size=3)) + draw(
        st.lists(strategies.hosts, max_size=1)
    )
    records = draw(st.lists(strategies.records(), max_size=12))
    chosen = [Record(draw(st.sampled_from(owners)), record.ttl % 3 * 60, record.rdata) for record in records]
    return chosen + draw(st.lists(st.sampled_from(chosen), max_size=2)) if chosen else []


@given(streams())
@settings(max_examples=200, deadline=None)
def test_the_zone_and_its_findings_are_the_same(records: list[Record]) -> None:
    brought = plainly(records)
    exact = assemble(
        strategies.ORIGIN, [record_of(found) if isinstance(found, tuple) else found for found in brought]
    )

    gathering = Gathering(strategies.ORIGIN, record_of)
    gathering.take(brought)
    gathering.end_block()
    found = assemble_reading(
        CompactReading(strategies.ORIGIN, tuple(gathering.records), (), (), gathering.harvest)
    )

    assert gathering.count == len(records)
    assert found.snapshot.record_count() == exact.snapshot.record_count()
    assert found.snapshot.rrset_count() == exact.snapshot.rrset_count()
    assert found.snapshot.digest() == exact.snapshot.digest()
    assert found.snapshot.stray == exact.snapshot.stray
    assert all(identical(*pair) for pair in zip(found.snapshot.rrsets, exact.snapshot.rrsets, strict=True))
    assert Counter(found.findings) == Counter(exact.findings)
