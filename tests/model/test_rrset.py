"""RRsets: the order of their rdatas, and the octets that it goes by."""

from dns.rdata import Rdata
from hypothesis import given

from migrator.model.rrset import canonical_wire
from tests.strategies import any_rdatas


@given(any_rdatas)
def test_the_canonical_wire_form_is_the_one_of_dnspython(rdata: Rdata) -> None:
    assert canonical_wire(rdata) == rdata.to_digestable()
