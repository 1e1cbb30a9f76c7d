"""One contestant of `benchmarks.questions`, in a process of its own: prints the seconds that its work took.

list ZONE FILE            writes the questions of a zone as dnsperf reads them
ours ZONE PROFILE ADDRESS...        asks and compares by the client of `dns-migrator diff`
dnspython ADDRESS ADDRESS FILE N    asks N of the questions, scaled to all of them
"""

import gc
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import dns.message
import dns.query

from benchmarks.contest import Stopwatch
from benchmarks.nameservers import PORT
from benchmarks.zones import ORIGIN
from migrator.answers.questions import Questions, questions_for
from migrator.live.foresee import foresee
from migrator.meaning.served import ServedZone
from migrator.model.observation import Server
from migrator.network.randomlabel import random_label
from migrator.workflow.world import open_world
from providers import parse_locator


def main() -> None:
    """Do what the arguments say."""
    gc.set_threshold(500_000, 20, 100)  # as the command does
    what, *arguments = sys.argv[1:]
    {"list": _list, "ours": _ours, "dnspython": _dnspython}[what](arguments)


def _questions(zone: str) -> tuple[ServedZone, Questions]:
    snapshot = open_world(None).read(parse_locator(f"file:{zone}?origin={ORIGIN}")).snapshot
    served = ServedZone(snapshot)
    return served, questions_for(served, random_label)


def _list(arguments: Sequence[str]) -> None:
    zone, file = arguments
    asked = _questions(zone)[1].asked()
    lines = [f"{owner} {rdtype.name}\n" for owner, rdtype in asked]
    Path(file).write_text("".join(lines), encoding="ascii")


def _ours(arguments: Sequence[str]) -> None:
    zone, profile, *addresses = arguments
    world = open_world(Path(profile))
    _, expected = foresee(*_questions(zone))
    servers = [Server(address, PORT) for address in addresses]
    watch = Stopwatch()
    found = world.client.unexpected(servers, expected)
    watch.print()
    others = sum(map(len, found))
    if others > len(expected) // 1000:
        raise SystemExit(
            f"{others} answers are not as expected: the servers serve another zone, or were not heard."
        )


def _dnspython(arguments: Sequence[str]) -> None:
    *addresses, file, count = arguments
    lines = Path(file).read_text(encoding="ascii").splitlines()
    sample = [line.split() for line in lines[:: max(1, len(lines) // int(count))]]
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in addresses]
    for sock in sockets:
        sock.setblocking(False)
    unlike = 0
    watch = Stopwatch()
    for name, rdtype in sample:
        answers = [
            dns.query.udp(dns.message.make_query(name, rdtype, flags=0), address, 2, PORT, sock=sock).answer
            for address, sock in zip(addresses, sockets, strict=True)
        ]
        unlike += answers[0] != answers[1]
    watch.print(len(lines) / len(sample))
    for sock in sockets:
        sock.close()
    if unlike:
        raise SystemExit(f"{unlike} answers differ.")


if __name__ == "__main__":
    main()
