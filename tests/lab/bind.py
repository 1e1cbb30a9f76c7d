"""BIND as an authoritative server and as a resolver; it listens on 127.0.0.1 alone, at a port of its own.

BIND binds only addresses that an interface is configured with, so 127.N.x.y is out of its reach.
"""

import signal
from collections.abc import Sequence
from pathlib import Path

from tests.lab.daemon import Daemon
from tests.lab.servers import TSIG_ALGORITHM, TSIG_NAME, TSIG_SECRET, Authority, Transfer, file_name, serial_of

LOOPBACK = "127.0.0.1"

_COMMON = """\
options {{
  directory "{folder}";
  listen-on port {port} {{ {address}; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  session-keyfile "{folder}/session.key";
  lock-file none;
  notify explicit;
{options}
}};
controls {{ }};
key "{key}" {{ algorithm {algorithm}; secret "{secret}"; }};
"""
_TRANSFERS = {
    Transfer.OPEN: "any;",
    Transfer.KEYED: f'key "{TSIG_NAME}";',
    Transfer.CLOSED: "none;",
}


class Bind(Authority):
    """BIND with primary zones; `notifies` are `address port N` of secondaries, told of each change."""

    def __init__(self, name: str, folder: Path, port: int, *, notifies: Sequence[str] = ()) -> None:
        super().__init__(name, folder, (LOOPBACK,), port)
        self._notifies = " ".join(f"{target};" for target in notifies)
        self._zones: dict[str, Transfer] = {}
        self._configuration = folder / "named.conf"
        self._write_configuration()

    def start(self) -> None:
        self.daemon.run(["named", "-g", "-4", "-n", "1", "-c", str(self._configuration)])

    def put(self, zone: str, text: str, transfer: Transfer = Transfer.OPEN) -> None:
        (self.folder / file_name(zone)).write_text(text)
        self._zones[zone] = transfer
        self._reload()
        self.wait_for_serial(zone, serial_of(text, zone))

    def remove(self, zone: str) -> None:
        if self._zones.pop(zone, None) is not None:
            self._reload()
            self.wait_for_serial(zone, None)

    def _reload(self) -> None:
        self._write_configuration()
        self.daemon.signal(signal.SIGHUP)

    def _write_configuration(self) -> None:
        parts = [_common(self.folder, self.port, "  recursion no;\n  allow-transfer { none; };")]
        for zone, transfer in self._zones.items():
            also = f" also-notify {{ {self._notifies} }};" if self._notifies else ""
            parts.append(
                f'zone "{zone}" {{ type primary; file "{file_name(zone)}"; '
                f"allow-transfer {{ {_TRANSFERS[transfer]} }};{also} }};\n"
            )
        self._configuration.write_text("".join(parts))


def resolver_configuration(folder: Path, port: int, dns_port: int, root_hints: Path, anchor: str) -> str:
    """Return the configuration of a resolver that asks authoritative servers at `dns_port`."""
    options = f"""\
  port {dns_port};
  recursion yes;
  dnssec-validation yes;
  empty-zones-enable no;
  max-ncache-ttl 1;
  servfail-ttl 0;
  lame-ttl 0;
  synth-from-dnssec no;
  querylog yes;"""
    algorithm_and_digest = " ".join(anchor.split()[:3])
    digest = "".join(anchor.split()[3:])
    return (
        _common(folder, port, options)
        + f'zone "." {{ type hint; file "{root_hints}"; }};\n'
        + f'trust-anchors {{ . static-ds {algorithm_and_digest} "{digest}"; }};\n'
    )


def start_resolver(daemon: Daemon, configuration: str) -> None:
    """Start BIND as a resolver."""
    file = daemon.folder / "named.conf"
    file.write_text(configuration)
    daemon.run(["named", "-g", "-4", "-n", "1", "-c", str(file)])


def _common(folder: Path, port: int, options: str) -> str:
    return _COMMON.format(
        folder=folder,
        port=port,
        address=LOOPBACK,
        options=options,
        key=TSIG_NAME,
        algorithm=TSIG_ALGORITHM,
        secret=TSIG_SECRET,
    )
