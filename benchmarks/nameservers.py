"""NSD and Knot on loopback, with one zone, on a port that needs no rights; relays before them lose packets."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.zones import ORIGIN
from tests.lab.knot import Knot
from tests.lab.missing import why_not
from tests.lab.nsd import Nsd

PORT = 5391
NSD, KNOT = "127.0.91.1", "127.0.91.2"
_PROFILE = """\
port = {port}
queries_per_second = 0  # our own servers: as fast as they answer
allow_special_addresses = true
"""


@dataclass(frozen=True, slots=True)
class NameServers:
    """Two servers that run: their addresses, and a network profile for them."""

    addresses: tuple[str, str]
    profile: Path


@contextmanager
def name_servers(zone: Path) -> Iterator[NameServers]:
    """Serve the zone file at both addresses."""
    reason = why_not()
    if reason:
        raise RuntimeError(reason)
    text = zone.read_text(encoding="ascii")
    with tempfile.TemporaryDirectory(prefix="dns-benchmark-") as folder:
        profile = Path(folder, "network.toml")
        profile.write_text(_PROFILE.format(port=PORT), encoding="utf-8")
        for name in ("nsd", "knot"):
            Path(folder, name).mkdir()
        servers = (
            Nsd("nsd", Path(folder, "nsd"), (NSD,), PORT),
            Knot("knot", Path(folder, "knot"), (KNOT,), PORT),
        )
        try:
            for server in servers:
                server.start()
                server.wait_until_it_answers()
                server.put(f"{ORIGIN}.", text)
            yield NameServers((NSD, KNOT), profile)
        finally:
            for server in servers:
                server.stop()


@contextmanager
def relays(servers: NameServers, loss: float) -> Iterator[NameServers]:
    """Put a process before each server that loses so many of the packets, of queries and of answers."""
    started = []
    addresses = []
    try:
        for number, upstream in enumerate(servers.addresses, 1):
            address = f"127.0.92.{number}"
            addresses.append(address)
            command = [sys.executable, "-m", "benchmarks.relay", address, upstream, str(PORT), str(loss)]
            process = subprocess.Popen(command, stdout=subprocess.PIPE)
            started.append(process)
            assert process.stdout is not None
            process.stdout.readline()  # it listens
        yield NameServers((addresses[0], addresses[1]), servers.profile)
    finally:
        for process in started:
            process.terminate()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
