"""NSD as an authoritative server, primary or secondary."""

from collections.abc import Mapping
from pathlib import Path

from tests.lab.daemon import tool
from tests.lab.servers import TSIG_ALGORITHM, TSIG_NAME, TSIG_SECRET, Authority, Transfer, serial_of
from tests.lab.waiting import wait_until

_CONFIGURATION = """\
server:
  server-count: 1
{interfaces}
  port: {port}
  username: ""
  zonesdir: "{folder}"
  database: ""
  zonelistfile: "{folder}/zone.list"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  pidfile: ""
  verbosity: 1
  xfrd-reload-timeout: 0
  rrl-ratelimit: 0
remote-control:
  control-enable: yes
  control-interface: "{folder}/control"
key:
  name: "{key}"
  algorithm: {algorithm}
  secret: "{secret}"
pattern:
  name: "open"
  zonefile: "%s"
  provide-xfr: 127.0.0.0/8 NOKEY
  provide-xfr: ::1 NOKEY
pattern:
  name: "keyed"
  zonefile: "%s"
  provide-xfr: 127.0.0.0/8 {key}
  provide-xfr: ::1 {key}
pattern:
  name: "closed"
  zonefile: "%s"
"""

_SECONDARY = """\
pattern:
  name: "secondary"
  zonefile: "secondary-%s"
  request-xfr: AXFR {primary} {key}
  allow-notify: 127.0.0.0/8 NOKEY
  allow-notify: 127.0.0.0/8 {tsig}
"""


# The one that transfers, the main one, and one that answers.
_PROCESSES = 3


class Nsd(Authority):
    """NSD with zones that are added while it runs; `primary` is `address@port` of the server it follows.

    A secondary looks for a new serial when it is told to (`follow`), not by itself: SOA timers of the zones
    are long. `also_at` is one more interface, as `address@port`.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        addresses: tuple[str, ...],
        port: int,
        *,
        also_at: str = "",
        primary: str = "",
        primary_key: str = "NOKEY",
    ) -> None:
        super().__init__(name, folder, addresses, port)
        interfaces = [*addresses, also_at] if also_at else addresses
        text = _CONFIGURATION.format(
            interfaces="\n".join(f"  ip-address: {address}" for address in interfaces),
            port=port,
            folder=folder,
            key=TSIG_NAME,
            algorithm=TSIG_ALGORITHM,
            secret=TSIG_SECRET,
        )
        if primary:
            text += _SECONDARY.format(primary=primary, key=primary_key, tsig=TSIG_NAME)
        self._configuration = folder / "nsd.conf"
        self._configuration.write_text(text)
        self._patterns: dict[str, str] = {}

    def start(self) -> None:
        self.daemon.run(["nsd", "-d", "-c", str(self._configuration)])

    def put(self, zone: str, text: str, transfer: Transfer = Transfer.OPEN) -> None:
        # NSD names its zones without the last dot, and so the file that `%s` stands for.
        file = self.folder / _bare(zone)
        fresh = file.with_name(f".{file.name}")
        fresh.write_text(text)
        fresh.replace(file)
        self._use_pattern(zone, transfer.value)
        self._control("reload", _bare(zone))
        self.wait_for_serial(zone, serial_of(text, zone))

    def preload(self, zones: Mapping[str, tuple[str, Transfer]]) -> None:
        """Have these zones from the start, which is faster than one after the other; before `start`."""
        blocks = []
        for zone, (text, transfer) in zones.items():
            (self.folder / _bare(zone)).write_text(text)
            blocks.append(f'zone:\n  name: "{_bare(zone)}"\n  include-pattern: "{transfer.value}"\n')
        with self._configuration.open("a") as configuration:
            configuration.write("".join(blocks))

    def follow(self, zone: str, wanted: int) -> None:
        """Transfer the zone from the primary, and return when this serial is served."""
        self._use_pattern(zone, "secondary")
        self._control("transfer", _bare(zone))
        self.wait_for_serial(zone, wanted)

    def remove(self, zone: str) -> None:
        if self._patterns.pop(zone, None) is not None:
            self._control("delzone", _bare(zone))
            self.wait_for_serial(zone, None)

    def wait_for_serial(self, zone: str, wanted: int | None) -> None:
        """Return when the new processes answer, and the old ones, which may still do so for a moment, are gone."""
        super().wait_for_serial(zone, wanted)
        wait_until(lambda: self.daemon.size() == _PROCESSES, f"{self.name} has reloaded")

    def _use_pattern(self, zone: str, pattern: str) -> None:
        known = self._patterns.get(zone)
        if known is None:
            self._control("addzone", _bare(zone), pattern)
        elif known != pattern:
            self._control("changezone", _bare(zone), pattern)
        self._patterns[zone] = pattern

    def _control(self, *command: str) -> None:
        tool(["nsd-control", "-c", str(self._configuration), *command])


def _bare(zone: str) -> str:
    return zone.rstrip(".") or "."
