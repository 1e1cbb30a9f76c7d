"""A block 127.N.0.0/16 for one laboratory, so that several on one machine do not meet."""

import random
import socket
from types import TracebackType
from typing import Self

from tests.lab.waiting import LabError

DNS_PORT = 53
_CLAIM_PORT = 47053
_FIRST_BLOCK, _LAST_BLOCK = 64, 250
_TRIES = 100


class Block:
    """A claimed block; the claim is a listening socket, so it ends with the process at the latest.

    `dns_port` is the one port of all authoritative servers: 53 where `privileged` and this user may bind it
    there, else one of the block's own. Ports from `port()` are the block's own too: for what listens on an
    address that all blocks share.
    """

    def __init__(self, *, privileged: bool = True) -> None:
        self._claim, self.number = _claim()
        may_be_53 = privileged and _is_free(self.address(0, 1), DNS_PORT)
        self.dns_port = DNS_PORT if may_be_53 else self.port(0)

    def address(self, role: int, host: int) -> str:
        return f"127.{self.number}.{role}.{host}"

    def port(self, index: int) -> int:
        """Return a port that belongs to this block, below the range of short-lived ports."""
        return 20000 + 16 * self.number + index

    def close(self) -> None:
        self._claim.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _claim() -> tuple[socket.socket, int]:
    for number in random.sample(range(_FIRST_BLOCK, _LAST_BLOCK + 1), k=_LAST_BLOCK - _FIRST_BLOCK + 1)[:_TRIES]:
        claim = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            claim.bind((f"127.{number}.255.254", _CLAIM_PORT))
            claim.listen()
        except OSError:
            claim.close()
        else:
            return claim, number
    raise LabError("no free block of loopback addresses: are this many laboratories running?")


def _is_free(address: str, port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def has_ipv6() -> bool:
    """Tell whether this machine has the IPv6 loopback address."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
