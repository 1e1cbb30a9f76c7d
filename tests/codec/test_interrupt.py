"""A Ctrl-C that falls into dnspython's reading of rdata is a Ctrl-C, and no broken rdata."""

import dns.rdata
import pytest
from dns.exception import ExceptionWrapper, SyntaxError  # noqa: A004 - dnspython's own name
from dns.rdatatype import RdataType

from migrator.codec.rdata import from_text
from migrator.model.names import ROOT
from migrator.zonefile import read_zone


def interrupted(*_: object, **__: object) -> None:
    with ExceptionWrapper(SyntaxError):  # type: ignore[no-untyped-call]
        raise KeyboardInterrupt


def test_it_leaves_the_reading_of_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns.rdata, "from_text", interrupted)

    with pytest.raises(KeyboardInterrupt):
        from_text(RdataType.NAPTR, '1 1 "u" "x" "" .')


def test_it_leaves_the_reading_of_a_zone_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns.rdata, "from_text", interrupted)

    with pytest.raises(KeyboardInterrupt):
        read_zone(b'a. 60 IN NAPTR 1 1 "u" "x" "" .\n', file="x", origin=ROOT)
