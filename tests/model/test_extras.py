"""What a field that nobody knows is known to be."""

import pytest

from migrator.model.extras import Opaque


@pytest.mark.parametrize(
    ("field", "is_record"),
    [
        ("record", True),
        ("ResourceRecords", True),
        ("ResourceRecordSet", True),
        ("properties.MXRecords[]", True),
        ("properties.CNAMERecord", True),
        ("properties.ARecords.note", False),
        ("private_routing", False),
    ],
)
def test_a_record_that_could_not_be_read_is_known_by_what_services_call_it(field: str, is_record: bool) -> None:
    assert Opaque("route53", field, "{}").is_record is is_record
