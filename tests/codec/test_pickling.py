"""Records come back from another process as they were, whatever their type."""

from io import BytesIO

import pytest
from dns.rdata import GenericRdata, Rdata, from_wire
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.codec.pickling import dump, load
from migrator.concurrency.beside import beside
from tests.strategies import KNOWN_TYPES, rdatas, unknown_rdatas

OPENPGPKEY = GenericRdata(RdataClass.IN, RdataType.OPENPGPKEY, b"\1\2\3")


def carried(records: list[Rdata]) -> list[Rdata]:
    file = BytesIO()
    dump(records, file)
    return load(BytesIO(file.getvalue()))  # type: ignore[no-any-return]


@pytest.mark.parametrize("rdtype", KNOWN_TYPES, ids=lambda rdtype: rdtype.name)
def test_a_record_of_every_type_is_what_it_was(rdtype: RdataType) -> None:
    @settings(max_examples=10)
    @given(st.lists(rdatas(rdtype), min_size=1, max_size=3))
    def holds(records: list[Rdata]) -> None:
        found = carried(records)
        assert [(type(each), each, each.to_text()) for each in found] == [
            (type(each), each, each.to_text()) for each in records
        ]

    holds()


@given(unknown_rdatas())
def test_a_record_of_a_type_that_nobody_knows_is_what_it_was(record: Rdata) -> None:
    assert carried([record, OPENPGPKEY]) == [record, OPENPGPKEY]
    assert type(carried([OPENPGPKEY])[0]) is GenericRdata


def test_records_come_from_a_second_process() -> None:
    key = OPENPGPKEY.to_wire()
    assert key is not None
    record = from_wire(RdataClass.IN, RdataType.OPENPGPKEY, key, 0, len(key))

    assert beside(lambda: None, lambda: [record]) == (None, [record])
