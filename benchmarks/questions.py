"""A live comparison: every question of a zone to two servers, the answers compared.

`python -m benchmarks.questions`. NSD and Knot serve the zone on loopback. Beside ours run two `dnsperf` at once,
one for each server, with the same questions and nothing compared, and dnspython's fastest form (a socket that is
kept for each server, `dns.message` made and read) on a sample, scaled to all. Then the same over relays without
and with loss. dnsperf is installed where apt-get may; without it its row is missing, and the output says so.
"""

import argparse
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from benchmarks.contest import Contestant, medians, table, told, whole
from benchmarks.nameservers import PORT, NameServers, name_servers, relays
from benchmarks.zones import ORIGIN, write_pair

RECORDS = 72_000  # which make a hundred thousand questions
LOSS = 0.05
_OURS, _COMMAND = "the engine: asked and compared", "dns-migrator diff ZONE dns:... (all of it)"
_PYTHON = sys.executable


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sample", type=int, default=5000, help="questions for dnspython")
    parser.add_argument("--scratch", type=Path, default=Path("build/benchmarks"))
    arguments = parser.parse_args()
    run(arguments.scratch.resolve(), arguments.records, arguments.rounds, arguments.sample)


def run(scratch: Path, records: int = RECORDS, rounds: int = 5, sample: int = 5000) -> None:
    """Start the servers and print the tables."""
    zone, _ = write_pair(scratch, records)
    queries = scratch / f"queries-{records}"
    with name_servers(zone) as servers:
        subprocess.run([_PYTHON, "-m", "benchmarks.asking", "list", str(zone), str(queries)], check=True)
        count = len(queries.read_text(encoding="ascii").splitlines())
        contestants: dict[str, Contestant] = {
            _OURS: partial(told, _asking(zone, servers)),
            _COMMAND: partial(whole, [_diff(zone, servers)]),
        }
        if _has_dnsperf():
            perf = [_dnsperf(address, queries) for address in servers.addresses]
            contestants["two dnsperf at once, nothing compared"] = partial(whole, perf)
        else:
            print("dnsperf is not here and cannot be installed: no row for it.")
        scaled = [_PYTHON, "-m", "benchmarks.asking", "dnspython", *servers.addresses, str(queries), str(sample)]
        contestants[f"dnspython, from {sample:,} questions"] = partial(told, scaled)
        found = medians(contestants, rounds)
        table(f"{count:,} questions to each of two servers", found, _OURS)
        with relays(servers, 0.0) as whole_way:
            with_all = medians({_OURS: partial(told, _asking(zone, whole_way))}, rounds)
        with relays(servers, LOSS) as lossy:
            with_loss = medians({_OURS: partial(told, _asking(zone, lossy))}, rounds)
        both = {"through relays, nothing lost": with_all[_OURS], f"{LOSS:.0%} of packets lost": with_loss[_OURS]}
        table("The same over a lossy way; every question has its answer", both, "through relays, nothing lost")


def _asking(zone: Path, servers: NameServers) -> list[str]:
    return [_PYTHON, "-m", "benchmarks.asking", "ours", str(zone), str(servers.profile), *servers.addresses]


def _diff(zone: Path, servers: NameServers) -> list[str]:
    command = Path(_PYTHON).with_name("dns-migrator")
    where = f"dns:{ORIGIN}@{','.join(servers.addresses)}"
    return [str(command), "diff", str(zone), where, "--network", str(servers.profile)]


def _dnsperf(address: str, queries: Path) -> list[str]:
    # A lost packet is not waited for: its answer is what dnsperf itself counts as lost.
    options = ["-n", "1", "-c", "1", "-T", "1", "-q", "64", "-t", "0.5"]
    return ["dnsperf", "-s", address, "-p", str(PORT), "-d", str(queries), *options]


def _has_dnsperf() -> bool:
    if shutil.which("dnsperf") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "dnsperf"], check=False, stdout=subprocess.DEVNULL)
    return shutil.which("dnsperf") is not None


if __name__ == "__main__":
    main()
