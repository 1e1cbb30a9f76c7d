r"""Strings in their one spelling say what they said before, and what says the same is spelled the same."""

from dns.rdatatype import RdataType
from hypothesis import given
from hypothesis import strategies as st

from migrator.model.names import ROOT
from migrator.model.strings import in_one_spelling, length_of_spelled, octets_of_spelled, presented_of_spelled
from migrator.zonefile.fields import Names, Unreadable, octets_of
from migrator.zonefile.rdata import exact_rdata

_OCTETS = st.integers(0, 255)
_PRINTABLE = _OCTETS.filter(lambda octet: octet >= 0x20 and octet != 0x7F)
_WRITTEN = st.lists(
    st.one_of(
        _OCTETS.map(lambda octet: b"\\%03d" % octet),
        st.integers(0x20, 255).filter(lambda octet: octet not in b"0123456789").map(lambda octet: b"\\%c" % octet),
        _PRINTABLE.filter(lambda octet: octet not in b'"\\').map(lambda octet: b"%c" % octet),
        st.sampled_from([b"\\300", b"\\", b"\\1", b"\\19", rb"\;"]),
    )
).map(b"".join)


@given(_WRITTEN)
def test_what_the_exact_reader_refuses_has_no_spelling_and_all_else_says_the_same(written: bytes) -> None:
    try:
        octets = octets_of(b'"%b"' % written)
    except Unreadable:
        assert in_one_spelling(written) is None
        return

    spelled = in_one_spelling(written)

    assert spelled is not None
    assert b'"' not in spelled
    assert spelled.isascii()
    assert (octets_of_spelled(spelled), length_of_spelled(spelled)) == (octets, len(octets))
    assert in_one_spelling(spelled) == spelled


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=3))
def test_there_is_one_spelling_which_is_presented_as_dnspython_does(strings: list[bytes]) -> None:
    digits = [b'"%b"' % b"".join(b"\\%03d" % octet for octet in string) for string in strings]
    rdata, _ = exact_rdata(RdataType.TXT, digits, Names(ROOT))

    spelled = in_one_spelling(b" ".join(digits))

    assert spelled == in_one_spelling(rdata.to_text().encode())
    assert spelled is not None
    assert presented_of_spelled(spelled.decode("ascii")) == rdata.to_text()
