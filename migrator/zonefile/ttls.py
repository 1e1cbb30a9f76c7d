"""Which TTL a record has: the one it states, or the one it inherits. No IO here.

A record without a TTL has that of $TTL; without $TTL the last one stated (RFC 1035 section 5.1), as BIND does,
while NSD takes 3600; before any, the SOA's minimum (the practice of RFC 2308), as BIND does for the SOA itself.
"""

from migrator.model.finding import Severity
from migrator.model.values import dataclass
from migrator.zonefile.rdata import Remark

MAX_TTL = (1 << 31) - 1
# What NSD, Knot and az take where a file says nothing at all.
LAST_RESORT = 3600


@dataclass(slots=True)
class Ttls:
    """The TTLs that lines have stated so far."""

    default: int | None = None
    last: int | None = None
    left_by_include: bool = False
    _told: frozenset[str] = frozenset()

    def set_default(self, ttl: int) -> None:
        """Take the TTL of a $TTL line."""
        self.default = ttl
        self.left_by_include = False

    def inherited(self, soa_minimum: int | None) -> tuple[int | None, Remark | None]:
        """Return the TTL of a record that states none, None where it is not known yet, and what to say of it.

        `soa_minimum` is given where the record is the SOA.
        """
        if self.default is not None:
            return self.default, self._of_include() if self.left_by_include else None
        if self.last is not None:
            return self.last, self._once(
                "zonefile.no-default-ttl",
                "The file has no $TTL, and from here on records state no TTL: they have the last one stated (RFC "
                "1035 section 5.1), as in BIND; other servers take their own default.",
                "Put a $TTL line at the top of the file.",
            )
        if soa_minimum is not None:
            self.default = min(soa_minimum, MAX_TTL)
            return self.default, self._once(
                "zonefile.no-ttl",
                f"Neither the SOA nor a $TTL states a TTL: the SOA's minimum, {self.default}, is taken, as BIND "
                "does; other servers take their own default.",
                "Put a $TTL line at the top of the file.",
            )
        return None, None

    def _of_include(self) -> Remark | None:
        return self._once(
            "zonefile.ttl-from-include",
            f"The TTL {self.default} comes from a $TTL in an included file, which BIND and NSD let last after its "
            "end; others go back to the one before.",
            "State a $TTL after the $INCLUDE line.",
        )

    def _once(self, check: str, message: str, remedy: str) -> Remark | None:
        if check in self._told:
            return None
        self._told |= {check}
        return Remark(check, Severity.WARNING, message, remedy)


def range_remark(ttl: int) -> Remark:
    """Return what to say of a TTL that does not fit 31 bits: it means 0 (RFC 2181 section 8)."""
    return Remark(
        "zonefile.ttl-range",
        Severity.ERROR,
        f"The TTL {ttl} is more than {MAX_TTL} (2^31 - 1); it is read as 0 (RFC 2181 section 8), and servers "
        "differ: they take it for 0, for another TTL, or refuse the file.",
    )


def unit_remark(written: str, ttl: int) -> Remark:
    """Return what to say of a TTL such as `1h5`, whose last number has no unit."""
    return Remark(
        "zonefile.ttl-unit",
        Severity.WARNING,
        f"The TTL {written} ends in a number without a unit; it is read as seconds, {ttl} in all, and servers "
        "refuse it.",
        "Add the unit s.",
    )
