"""`check --phase ready` of a large zone against four new name servers, by the laboratory's real ones.

`python -m benchmarks.checks`. Two old servers (NSD) and four new ones (Knot) have the zone, on loopback: N RRsets
of hosts, services and aliases. The whole process is timed with its start-up. Questions are counted by the new
servers themselves: one that was sent twice counts twice. In the last line one of the four drops every packet: what
it is asked is repeated, as the network profile says, and then unchecked.

Needs the name servers of `make lab-packages`.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Figures, interleaved
from tests.lab.knot import Knot
from tests.lab.lab import Lab
from tests.lab.missing import why_not
from tests.lab.nsd import Nsd
from tests.lab.servers import Transfer

DOMAIN = "large.test."
_OLD, _NEW = 21, 31
_SERVERS = 4
_SETS_OF_A_HOST = 5
_STATUSES = ("fail", "warn", "unchecked")


@dataclass(frozen=True, slots=True)
class Field:
    """The two zone files, the network profile, and the new servers."""

    profile: Path
    old: Path
    new: Path
    servers: Sequence[Knot]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run said, and how many questions each new server was asked meanwhile."""

    verdict: str
    statuses: Mapping[str, int]
    asked: Sequence[int]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 5_000], help="RRsets in the zone")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if reason := why_not():
        print(reason)
        return
    print(f"{'RRsets':>7} {'wall s':>7} {'CPU s':>7} {'MB':>5}  {'questions to each new server':34} says")
    for size in arguments.sizes:
        with _field(size) as field, tempfile.TemporaryDirectory() as folder:
            outcome = _outcome(field, Path(folder))
            _print(f"{size:,}", _timed(field, arguments.rounds, Path(folder)), outcome)
    with _field(size, silent=True) as field, tempfile.TemporaryDirectory() as folder:
        outcome = _outcome(field, Path(folder))
        _print(f"{size:,}*", _timed(field, 1, Path(folder)), outcome)
    print("* one of the four new servers is silent")


def _print(size: str, figures: Figures, outcome: Outcome) -> None:
    found = ", ".join(f"{count} {status}" for status, count in outcome.statuses.items() if count)
    asked = " ".join(f"{count:,}" for count in outcome.asked)
    print(
        f"{size:>7} {figures.wall:7.1f} {figures.cpu:7.1f} {figures.memory:5.0f}  {asked:34} "
        f"{outcome.verdict}{f' ({found})' if found else ''}"
    )


def _command(field: Field, folder: Path) -> list[str]:
    ours = str(Path(sys.executable).with_name("dns-migrator"))
    sides = ["--from", str(field.old), "--to", str(field.new)]
    options = ["--network", str(field.profile), "--database", str(folder / "memory.db"), "--quiet"]
    return [ours, "check", DOMAIN, "--phase", "ready", *sides, *options, "--format", "json"]


def _timed(field: Field, rounds: int, folder: Path) -> Figures:
    return interleaved({"check": _command(field, folder)}, rounds, folder, finished=(0, 1, 3))["check"]


def _outcome(field: Field, folder: Path) -> Outcome:
    """Run it once, and ask the servers how many questions that was."""
    before = [server.questions() for server in field.servers]
    done = subprocess.run(_command(field, folder), capture_output=True, check=False, cwd=folder, env=os.environ)
    asked = [server.questions() - count for server, count in zip(field.servers, before, strict=True)]
    document = json.loads(done.stdout)
    counted = Counter(result["status"] for result in document["results"])
    return Outcome(document["verdict"], {status: counted[status] for status in _STATUSES}, asked)


@contextmanager
def _field(size: int, *, silent: bool = False) -> Iterator[Field]:
    """Serve the zone at two old and four new servers, and delegate it to the old ones."""
    with Lab() as lab, ExitStack() as stack:
        address, folder = lab.block.address, lab.folder
        old = {f"ns{n}.former.test.": address(_OLD, n) for n in (1, 2)}
        new = {f"ns{n}.latter.test.": address(_NEW, n) for n in range(1, _SERVERS + 1)}
        texts = [_zone(names, size) for names in (old, new)]
        files = [folder / f"{side}.zone" for side in ("old", "new")]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text)
        own = {
            zone: (_hosts(zone, hosts), Transfer.CLOSED)
            for zone, hosts in (("former.test.", old), ("latter.test.", new))
        }
        nsd = Nsd("former", folder / "former", tuple(old.values()), lab.port)
        nsd.preload({DOMAIN: (texts[0], Transfer.CLOSED), **own})
        knots = [
            Knot(f"latter-{n}", folder / f"latter-{n}", (where,), lab.port) for n, where in enumerate(new.values())
        ]
        for server in knots:
            server.preload({DOMAIN: (texts[1], Transfer.CLOSED), **own})
        for each in (nsd, *(knots[:-1] if silent else knots)):
            stack.callback(each.stop)
            each.start()
            each.wait_for_serial(DOMAIN, 1)
        if silent:
            stack.enter_context(_dropping(knots[-1].addresses[0], lab.port))
        for zone, hosts in (("former.test.", old), ("latter.test.", new)):
            glue = {name: [where] for name, where in hosts.items()}
            lab.delegate(zone, list(hosts), ttl=3600, glue=glue)
            lab.rdap.tell(zone, hosts)
        lab.delegate(DOMAIN, list(old), ttl=3600)
        lab.rdap.tell(DOMAIN, old)
        yield Field(lab.profile, files[0], files[1], knots[:-1] if silent else knots)


@contextmanager
def _dropping(address: str, port: int) -> Iterator[None]:
    """Take packets, and answer none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        udp.bind((address, port))
        tcp.bind((address, port))
        tcp.listen()
        yield


def _hosts(zone: str, hosts: Mapping[str, str]) -> str:
    return _head(zone, hosts) + "".join(f"{name} A {where}\n" for name, where in hosts.items())


def _zone(name_servers: Mapping[str, str], size: int) -> str:
    """Return a zone of about so many RRsets, without mail."""
    lines = [_head(DOMAIN, name_servers)]
    for n in range(size // _SETS_OF_A_HOST):
        lines += [
            f"host{n} A 127.1.{n // 250}.{n % 250 + 1}",
            f"host{n} AAAA fd00::{n + 1:x}",
            f'host{n} TXT "rack {n % 40}"',
            f"www{n} CNAME host{n}",
            f"_app._tcp.host{n} SRV 0 5 8443 host{n}",
        ]
    return "\n".join(lines) + "\n"


def _head(zone: str, name_servers: Mapping[str, str]) -> str:
    first = next(iter(name_servers))
    lines = [f"$ORIGIN {zone}", "$TTL 300", f"@ SOA {first} hostmaster.example.com. 1 14400 3600 1209600 300"]
    return "\n".join([*lines, *(f"@ NS {name}" for name in name_servers), ""])


if __name__ == "__main__":
    main()
