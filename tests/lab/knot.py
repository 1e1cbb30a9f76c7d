"""Knot DNS as an authoritative server that can sign, and be changed by DNS UPDATE."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.lab.daemon import tool
from tests.lab.servers import (
    TSIG_ALGORITHM,
    TSIG_NAME,
    TSIG_SECRET,
    Authority,
    Transfer,
    file_name,
    serial_of,
)
from tests.lab.waiting import answered, ask, serial, wait_until

_CONFIGURATION = """\
server:
  rundir: "{folder}"
{interfaces}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
control:
  listen: "{folder}/control"
log:
  - target: stdout
    any: info
database:
  storage: "{folder}/db"
  journal-db-max-size: 20M
  kasp-db-max-size: 5M
  timer-db-max-size: 5M
  catalog-db-max-size: 5M
key:
  - id: {key}
    algorithm: {algorithm}
    secret: {secret}
acl:
  - id: open
    address: [127.0.0.0/8, "::1"]
    action: transfer
  - id: keyed
    key: {key}
    action: transfer
  - id: registrar
    address: 127.0.0.0/8
    action: [update, transfer]
policy:
  - id: lab
    algorithm: ecdsap256sha256
    single-type-signing: on
mod-stats:
  - id: default
    request-protocol: on
template:
  - id: default
    global-module: mod-stats/default
    storage: "{folder}"
    zonefile-sync: -1
"""

# A plain zone is replaced as a whole by its file. A signed one keeps its own serial, and lives in the journal once
# it is loaded: a restart that read the file again would undo every update since.
_PLAIN = """\
  - domain: "{zone}"
    file: "{file}"
    zonefile-load: whole
    journal-content: none
"""
_SIGNED = """\
  - domain: "{zone}"
    file: "{file}"
    zonefile-load: {load}
    journal-content: all
    dnssec-signing: on
    dnssec-policy: lab
"""


@dataclass(frozen=True, slots=True)
class _Zone:
    acl: str
    signed: bool
    in_journal: bool = False


class Knot(Authority):
    """Knot DNS; its configuration is rewritten and reloaded when a zone comes or goes."""

    def __init__(self, name: str, folder: Path, addresses: tuple[str, ...], port: int) -> None:
        super().__init__(name, folder, addresses, port)
        (folder / "db").mkdir(exist_ok=True)
        self._configuration = folder / "knot.conf"
        self._zones: dict[str, _Zone] = {}
        self._write_configuration()

    def start(self) -> None:
        self.daemon.run(["knotd", "-c", str(self._configuration)])

    def put(self, zone: str, text: str, transfer: Transfer = Transfer.OPEN) -> None:
        self._load(zone, text, _Zone("" if transfer is Transfer.CLOSED else transfer.value, signed=False))
        self.wait_for_serial(zone, serial_of(text, zone))

    def preload(self, zones: Mapping[str, tuple[str, Transfer]]) -> None:
        """Have these zones from the start, which is faster than one after the other; before `start`."""
        for zone, (text, transfer) in zones.items():
            (self.folder / file_name(zone)).write_text(text)
            self._zones[zone] = _Zone("" if transfer is Transfer.CLOSED else transfer.value, signed=False)
        self._write_configuration()

    def put_signed(self, zone: str, text: str, acl: str = "open") -> None:
        """Serve the zone signed with a key of its own; the serial is Knot's then."""
        before = serial(self.addresses[0], self.port, zone)
        self._load(zone, text, _Zone(acl, signed=True))
        wait_until(
            lambda: serial(self.addresses[0], self.port, zone) not in {None, before} and self._is_signed(zone),
            f"{zone}: {self.name} serves it signed",
        )
        self._zones[zone] = _Zone(acl, signed=True, in_journal=True)
        self._write_configuration()

    def remove(self, zone: str) -> None:
        if self._zones.pop(zone, None) is not None:
            self._write_configuration()
            self._control("reload")
            self.wait_for_serial(zone, None)

    def questions(self) -> int:
        """Return how many questions have come since the start, over UDP and TCP."""
        lines = self._control("stats", "mod-stats.request-protocol").splitlines()
        # `mod-stats.request-protocol[udp4] = 12`
        return sum(int(line.rpartition("=")[2]) for line in lines)

    def _load(self, zone: str, text: str, wanted: _Zone) -> None:
        (self.folder / file_name(zone)).write_text(text)
        known = self._zones.get(zone)
        if known != wanted:
            self._zones[zone] = wanted
            self._write_configuration()
        if self.daemon.is_alive():
            self._control(*(("reload",) if known != wanted else ("zone-reload", zone)))

    def _is_signed(self, zone: str) -> bool:
        message = ask(self.addresses[0], self.port, zone, "DNSKEY", dnssec=True)
        return answered(message, zone, "DNSKEY") is not None

    def _write_configuration(self) -> None:
        text = _CONFIGURATION.format(
            folder=self.folder,
            interfaces="\n".join(f"  listen: {address}@{self.port}" for address in self.addresses),
            key=TSIG_NAME,
            algorithm=TSIG_ALGORITHM,
            secret=TSIG_SECRET,
        )
        parts = [text, "zone:\n"] if self._zones else [text]
        for name, zone in self._zones.items():
            load = "none" if zone.in_journal else "difference-no-serial"
            parts.append((_SIGNED if zone.signed else _PLAIN).format(zone=name, file=file_name(name), load=load))
            if zone.acl:
                parts.append(f"    acl: {zone.acl}\n")
        self._configuration.write_text("".join(parts))

    def _control(self, *command: str) -> str:
        return tool(["knotc", "-s", str(self.folder / "control"), *command])
