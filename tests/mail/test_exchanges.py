"""Which addresses a host has lost and got, in words."""

import time

from dns.rdatatype import RdataType

from migrator.mail.exchanges import where_now
from migrator.meaning.served import ServedZone, Sides
from migrator.model.names import absolute
from tests.diffing import ORIGIN, zone

HOST = absolute("pool", ORIGIN)


def test_a_host_of_thousands_of_addresses_is_told_in_time_that_grows_with_them() -> None:
    def spent(number: int) -> float:
        every = [f"pool 300 A 10.0.{each >> 8}.{each & 255}" for each in range(number)]
        old, new = (ServedZone(zone("\n".join(lines))) for lines in (every, every[::2]))
        assert all(len(each.followed(HOST, RdataType.A)) == 1 for each in (old, new))
        began = time.process_time()
        assert where_now(Sides(old, new), HOST).startswith("no longer at 10.0.0.1")
        return time.process_time() - began

    spent(1_000)
    assert spent(16_000) < 64 * spent(1_000)  # sixteen times the addresses
