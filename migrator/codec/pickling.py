"""Values as octets for another process of ours: what pickle makes of them, and of all records.

Some records of dnspython 2.9 come back from pickle without what they say, or not at all: classes without slots of
their own, and items of APL, which nobody may set. These go as octets of the wire.
"""

import pickle
from typing import Any, BinaryIO

from dns.rdata import Rdata, from_wire

_AS_WIRE = frozenset(f"dns.rdtypes.{name}" for name in ("ANY.BRID", "ANY.HHIT", "ANY.OPENPGPKEY", "IN.APL"))


def dump(value: object, file: BinaryIO) -> None:
    """Write a value, as `load` reads it."""
    _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(value)


def load(file: BinaryIO) -> Any:
    """Read a value that this program has written a moment ago."""
    return pickle.load(file)  # noqa: S301  (our own octets)


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: object) -> Any:
        """Tell how an object is made again, where pickle does it wrongly."""
        if type(obj).__module__ not in _AS_WIRE or not isinstance(obj, Rdata):
            return NotImplemented
        wire = obj.to_wire() or b""
        return from_wire, (obj.rdclass, obj.rdtype, wire, 0, len(wire))
