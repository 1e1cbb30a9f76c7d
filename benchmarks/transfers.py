"""A zone transfer, brought into a form that can be compared: `python -m benchmarks.transfers`.

Ours reads it as `dns-migrator` does, dnspython by `dns.query.inbound_xfr` into a `dns.zone.Zone`; both time
their own work, from the query to the last record. The command compares the transfer with the zone file, and counts
whole.
"""

import argparse
import gc
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import dns.query
import dns.zone

from benchmarks.contest import Contestant, Stopwatch, medians, table, told, whole
from benchmarks.nameservers import NSD, PORT, name_servers
from benchmarks.zones import ORIGIN, write_pair
from migrator.workflow.world import open_world
from providers import load, parse_locator

RECORDS = 100_000
_OURS = "ours: axfr: as a side of a comparison"


def main() -> None:
    """Print the table, or be one contestant."""
    if sys.argv[1:2] in (["ours"], ["dnspython"]):
        _contestant(sys.argv[1], sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks.transfers", description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scratch", type=Path, default=Path("build/benchmarks"))
    arguments = parser.parse_args()
    run(arguments.scratch.resolve(), arguments.records, arguments.rounds)


def run(scratch: Path, records: int = RECORDS, rounds: int = 5) -> None:
    """Start a server and print the table."""
    zone, _ = write_pair(scratch, records)
    command = str(Path(sys.executable).with_name("dns-migrator"))
    with name_servers(zone) as servers:
        network = ["--network", str(servers.profile)]
        contestants: dict[str, Contestant] = {
            _OURS: partial(told, [sys.executable, "-m", "benchmarks.transfers", "ours", str(servers.profile)]),
            "dnspython: inbound_xfr into a Zone": partial(
                told, [sys.executable, "-m", "benchmarks.transfers", "dnspython"]
            ),
            "dns-migrator diff ZONE axfr:... (all of it)": partial(
                whole, [[command, "diff", str(zone), f"axfr:{ORIGIN}@{NSD}", *network]]
            ),
        }
        table(f"Transfer of {records:,} records from NSD", medians(contestants, rounds), _OURS)


def _contestant(which: str, arguments: Sequence[str]) -> None:
    gc.set_threshold(500_000, 20, 100)  # as the command does
    if which == "ours":
        world = open_world(Path(arguments[0]))
        locator = parse_locator(f"axfr:{ORIGIN}@{NSD}")
        load(locator.scheme)
        _ = world.client
        watch = Stopwatch()
        world.read(locator)
    else:
        zone = dns.zone.Zone(f"{ORIGIN}.")
        watch = Stopwatch()
        dns.query.inbound_xfr(NSD, zone, port=PORT)
    watch.print()


if __name__ == "__main__":
    main()
