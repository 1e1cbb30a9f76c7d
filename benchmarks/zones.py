"""Makes large zones of one kind: a company's zone with many hosts, in the style people write by hand.

Deterministic: the same size gives the same bytes. `changed` gives the same zone with about 0.1 % of its records
added, removed or altered, and about 0.1 % only spelled differently, which is no difference.
"""

import random
from collections.abc import Iterator
from pathlib import Path

ORIGIN = "example.org"


def write_pair(folder: Path, records: int) -> tuple[Path, Path]:
    """Write `old.zone` and `new.zone` of about that many records; existing files of the size are kept."""
    old, new = folder / f"old-{records}.zone", folder / f"new-{records}.zone"
    if not (old.exists() and new.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        old.write_text("\n".join(_lines(records, altered=False)) + "\n", encoding="ascii")
        new.write_text("\n".join(_lines(records, altered=True)) + "\n", encoding="ascii")
    return old, new


def write_portfolio(folder: Path, zones: int) -> tuple[Path, Path]:
    """Write folders `old` and `new` of that many small zones of about 26 records; two in a hundred differ."""
    sides = folder / f"portfolio-{zones}" / "old", folder / f"portfolio-{zones}" / "new"
    for side, altered in zip(sides, (False, True), strict=True):
        if side.exists():
            continue
        side.mkdir(parents=True)
        for number in range(zones):
            lines = [line.replace(ORIGIN, f"domain{number}.test") for line in _small(number)]
            if altered and number % 50 == 7:
                lines = [line.replace("192.0.2.", "198.51.100.") for line in lines[:-1]]
            (side / f"domain{number}.test.zone").write_text("\n".join(lines) + "\n", encoding="ascii")
    return sides


def _small(number: int) -> Iterator[str]:
    yield from _lines(22, altered=False)
    yield '\tIN\tTXT\t"v=spf1 mx -all"'
    yield f"@ IN MX 10 mail\nmail IN A 192.0.2.{number % 250 + 1}\nwww IN CNAME {ORIGIN}."


def _lines(records: int, *, altered: bool) -> Iterator[str]:
    yield f"; {records} records\n$ORIGIN {ORIGIN}.\n$TTL 3600"
    yield f"@ IN SOA ns1.{ORIGIN}. hostmaster.{ORIGIN}. (\n\t2026112001 ; serial\n\t7200 3600 1209600 3600 )"
    yield "\tIN NS ns1\n\tIN NS ns2\nns1 IN A 192.0.2.1\nns2 IN A 192.0.2.2"
    rng = random.Random(records)
    made = 5
    host = 0
    while made < records:
        host += 1
        lines = list(_host(host, rng))
        fate = host % 1000 if altered else 0
        if fate == 7:
            lines = lines[:-1] or lines
        elif fate == 11:
            lines = [line.replace("192.0.2.", "198.51.100.") for line in lines]
        elif fate in {13, 17}:
            lines = [line.replace("host", "HOST") for line in lines]
        yield from lines
        made += len(lines)


def _host(number: int, rng: random.Random) -> Iterator[str]:
    name = f"host{number}"
    kind = rng.randrange(20)
    yield f"{name}\tIN\tA\t192.0.2.{rng.randrange(1, 255)}"
    if kind < 7:
        yield f"\t\tIN\tAAAA\t2001:db8::{number % 65536:x}"
    elif kind < 10:
        yield f"www.{name}\t300\tIN\tCNAME\t{name}"
    elif kind < 12:
        yield f'\t\tIN\tMX\t10 mail.{name}\n\t\tIN\tTXT\t"v=spf1 a mx -all"'
        yield f"mail.{name}\tIN\tA\t192.0.2.{rng.randrange(1, 255)}"
    elif kind == 12:
        key = "".join(
            rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") for _ in range(340)
        )
        yield f's1._domainkey.{name} IN TXT ( "v=DKIM1; k=rsa; p={key[:200]}"\n\t"{key[200:]}" )'
    elif kind == 13:
        yield f"_sip._tcp.{name}\tIN\tSRV\t0 5 5060 {name}"
    elif kind == 14:
        yield '\t\tIN\tCAA\t0 issue "ca.example.net"'
    elif kind == 15:
        yield f"sub.{name}\tIN\tNS\tns1.sub.{name}\nns1.sub.{name}\tIN\tA\t192.0.2.{rng.randrange(1, 255)}"
