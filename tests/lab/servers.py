"""What all authoritative servers of the laboratory have in common."""

import re
from abc import ABC, abstractmethod
from enum import StrEnum
from functools import partial
from pathlib import Path

from tests.lab.daemon import Daemon
from tests.lab.waiting import LabError, ask, serial, wait_until

TSIG_NAME = "lab-transfer"
TSIG_SECRET = "bGFib3JhdG9yeSB0cmFuc2ZlciBrZXksIG5vIHNlY3JldA=="
TSIG_ALGORITHM = "hmac-sha256"

_SERIAL = re.compile(r"\bSOA\s+\S+\s+\S+\s+\(?\s*(\d+)")


class Transfer(StrEnum):
    """Who may transfer a zone from a server."""

    OPEN = "open"
    KEYED = "keyed"
    CLOSED = "closed"


class Authority(ABC):
    """An authoritative server: one program at one or two addresses, with zones that come and go."""

    def __init__(self, name: str, folder: Path, addresses: tuple[str, ...], port: int) -> None:
        self.name = name
        self.folder = folder
        self.addresses = addresses
        self.port = port
        self.daemon = Daemon(name, folder)

    @abstractmethod
    def start(self) -> None:
        """Start the program with the zones that it was given, without waiting for it."""

    @abstractmethod
    def put(self, zone: str, text: str, transfer: Transfer = Transfer.OPEN) -> None:
        """Serve the zone as the text has it, and return when every address does."""

    @abstractmethod
    def remove(self, zone: str) -> None:
        """Serve the zone no longer, and return when no address does."""

    def stop(self) -> None:
        """End the program; its zones are there again when it is started."""
        self.daemon.kill()

    def wait_until_it_answers(self) -> None:
        """Return when every address answers anything at all."""
        for address in self.addresses:
            wait_until(partial(self._answers, address), f"{self.name} at {address} answers")

    def _answers(self, address: str) -> bool:
        self.daemon.check()
        return ask(address, self.port, ".", "SOA") is not None

    def wait_for_serial(self, zone: str, wanted: int | None) -> None:
        """Return when every address serves the zone with that serial; None: when none serves it."""
        what = "no longer serves it" if wanted is None else f"serves serial {wanted}"
        for address in self.addresses:
            wait_until(partial(self._serves, address, zone, wanted), f"{zone}: {self.name} at {address} {what}")

    def _serves(self, address: str, zone: str, wanted: int | None) -> bool:
        return serial(address, self.port, zone) == wanted


def serial_of(text: str, zone: str) -> int:
    """Return the SOA serial of a zone file's text."""
    found = _SERIAL.search(text)
    if found is None:
        raise LabError(f"{zone}: the zone file has no SOA")
    return int(found[1])


def file_name(zone: str) -> str:
    """Return a file name for a zone."""
    return "root.zone" if zone == "." else zone.rstrip(".").replace("/", "%2F") + ".zone"
