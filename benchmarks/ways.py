r"""The same zone written in many ways: `python -m benchmarks.ways`.

People and programs write a record in one way or another: with its owner on every line, types in any order, `1h`,
`\;` in strings. Each row is `dns-migrator diff` of two such files that differ a little, as a whole process with
its full output, in turn with ldns-compare-zones; medians, and how many times as long that takes.
"""

import argparse
import base64
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha512
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from benchmarks.files import ours
from benchmarks.measure import interleaved
from benchmarks.zones import ORIGIN, key_of

# Owner, type and rdata of the records of a host, those of one owner together.
Records = Sequence[tuple[str, str, str]]
_PEER = "ldns-compare-zones"
_OURS = "dns-migrator"
_START = f"""\
$ORIGIN {ORIGIN}.
$TTL 3600
@ IN SOA ns1.{ORIGIN}. hostmaster.{ORIGIN}. ( 2026112001 7200 3600 1209600 3600 )
@ IN NS ns1.{ORIGIN}.
@ IN NS ns2.{ORIGIN}.
ns1 IN A 192.0.2.1
ns2 IN A 192.0.2.2
mx1 IN A 192.0.2.3
mx2 IN A 192.0.2.4
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ways", description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="records in each zone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scratch", type=Path, default=Path("build/benchmarks"))
    arguments = parser.parse_args()
    run(arguments.scratch.resolve(), arguments.size, arguments.rounds)


def run(scratch: Path, size: int = 100_000, rounds: int = 3) -> None:
    """Write the files and print the table."""
    if shutil.which(_PEER) is None:
        print(f"\n{_PEER} is not installed (make lab-packages).")
        return
    folder = scratch / f"ways-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    print(f"\nTwo files of {size:,} records, written so")
    print(f"  {'':44} {'wall s':>7} {'CPU s':>7}   {_PEER}, wall and CPU")
    for way, written in _WAYS.items():
        old, new = (folder / f"{side}-{way.replace(' ', '-')}.zone" for side in ("old", "new"))
        for path in (old, new):
            text = "".join([_START, *map(written, _hosts(size, altered=path is new))])
            path.write_text(
                text.replace("\n", "\r\n") if way == "CR and LF" else text, encoding="ascii", newline=""
            )
        found = interleaved(
            {_OURS: [ours(), "diff", str(old), str(new)], _PEER: [_PEER, "-a", str(old), str(new)]}, rounds, folder
        )
        own, peer = found[_OURS], found[_PEER]
        ratios = f"x {peer.wall / own.wall:.2f}   x {peer.cpu / own.cpu:.2f}"
        print(f"  {way:44} {own.wall:7.2f} {own.cpu:7.2f}   {ratios}")


def _hosts(size: int, *, altered: bool) -> Iterator[Records]:
    """Yield hosts; of the altered ones, one in a thousand has another address, and some are gone."""
    rng = random.Random(size)
    made = number = 0
    while made < size:
        number += 1
        records = _host(number, rng)
        made += len(records)
        fate = number % 1000 if altered else 0
        if fate == 11:
            records = [
                (owner, rdtype, rdata.replace("192.0.2.", "198.51.100.")) for owner, rdtype, rdata in records
            ]
        if fate != 17:
            yield records


def _host(number: int, rng: random.Random) -> Records:
    host, a = f"host{number}", f"192.0.2.{rng.randrange(1, 255)}"
    key = key_of(number)
    kind = rng.randrange(20)
    if kind < 8:
        return [(host, "A", a)]
    if kind < 11:
        return [(host, "A", a), (host, "AAAA", f"2001:db8::{number >> 16:x}:{number % 65536 + 1:x}")]
    if kind < 13:
        return [(f"www{number}", "CNAME", f"host{rng.randrange(1, number + 1)}")]
    if kind < 15:
        exchanges = [(host, "MX", f"{rank} mx{rank // 10}.{ORIGIN}.") for rank in (10, 20)]
        return [(host, "A", a), *exchanges, (host, "TXT", '"v=spf1 a mx -all"')]
    if kind == 15:
        return [(f"s{number}._domainkey", "TXT", f'"v=DKIM1; k=rsa; p={key[:200]}" "{key[200:]}"')]
    if kind == 16:
        return [(host, "A", a), (f"_sip._tcp.{host}", "SRV", f"0 5 5060 {host}")]
    if kind == 17:
        return [
            (host, "A", a),
            (host, "TXT", f'"site-check={key[:20]}"'),
            (host, "CAA", '0 issue "ca.example.net"'),
        ]
    if kind == 18:
        cut = f"sub{number}"
        return [(cut, "NS", f"ns1.{cut}"), (cut, "NS", f"ns2.{cut}"), *((f"ns{n}.{cut}", "A", a) for n in (1, 2))]
    return [(host, "A", a), (host, "A", "192.0.2.255"), (host, "TXT", '"one"'), (host, "TXT", '"two"')]


def _by_hand(records: Records) -> str:
    lines, last = [], ""
    for owner, rdtype, rdata in records:
        lines.append(f"{'' if owner == last else owner}\tIN\t{rdtype}\t{rdata}\n")
        last = owner
    return "".join(lines)


def _each(form: str) -> Callable[[Records], str]:
    """Return what writes each record by itself: 0 is its owner, 1 the type, 2 the rdata."""
    return lambda records: "".join([form.format(*record) for record in records])


def _texts(change: Callable[[str], str]) -> Callable[[Records], str]:
    """Return what writes by hand, but the rdata of TXT records otherwise."""
    return lambda records: _by_hand([(o, t, change(rdata) if t == "TXT" else rdata) for o, t, rdata in records])


def _with_services(records: Records) -> str:
    """Write by hand, with an HTTPS record at each host that hints at its own address."""
    host, rdtype, address = records[0]
    if rdtype != "A":
        return _by_hand(records)
    own = [record for record in records if record[0] == host]
    return _by_hand([*own, (host, "HTTPS", f'1 . alpn="h2,h3" ipv4hint={address}')])


def _with_targets(records: Records) -> str:
    """Write by hand, with an HTTPS record at each host that leads to another."""
    if records[0][1] != "A":
        return _by_hand(records)
    host = records[0][0]
    own = [record for record in records if record[0] == host]
    return _by_hand([*own, (host, "HTTPS", f"1 {host}.pool.example.net. alpn=h3,h2 port=8443")])


def _with_places(records: Records) -> str:
    """Write by hand, with what each host is, who looks after it, and where it stands."""
    if records[0][1] != "A":
        return _by_hand(records)
    host = records[0][0]
    own = [record for record in records if record[0] == host]
    room = int(host.removeprefix("host")) % 500
    place = f"51 30 {room % 60}.{room // 60:03} N 0 7 39.000 W 0.00m 1m 10000m 10m"
    described = [(host, "HINFO", '"PC" "LINUX"'), (host, "RP", f"admin.{ORIGIN}. ."), (host, "LOC", place)]
    return _by_hand([*own, *described])


def _with_keys(records: Records) -> str:
    """Write by hand, with two keys of SSH and two CAA records at each host, and what TLS shows there."""
    host = records[0][0]
    if records[0][1] != "A":
        return _by_hand(records)
    digests = sha512(host.encode()).hexdigest()
    keys = [(host, "SSHFP", f"{kind} 2 {digests[:64]}") for kind in (1, 4)]
    permits = [(host, "CAA", f'0 {tag} "ca.example.net"') for tag in ("issue", "issuewild")]
    own = [record for record in records if record[0] == host and record[1] != "CAA"]
    tls = f"_443._tcp.{host}\tIN\tTLSA\t3 1 1 (\n\t\t{digests[:56]}\n\t\t{digests[56:64]} )\n"
    return _by_hand([*own, *permits, *keys]) + tls


def _signed(records: Records) -> str:
    """Write by hand, with signatures that nobody can verify, and what follows each owner."""
    lines = []
    for owner, members in groupby(records, itemgetter(0)):
        some = [*members]
        types = dict.fromkeys(rdtype for _, rdtype, _ in some)
        following = (owner, "NSEC", f"{owner}-next {' '.join(types)} RRSIG NSEC")
        signatures = [
            (
                owner,
                "RRSIG",
                f"{rdtype} 13 3 3600 20301222000000 20261122000000 40467 {ORIGIN}. {_signature(owner)}",
            )
            for rdtype in (*types, "NSEC")
        ]
        lines.append(_by_hand([*some, following, *signatures]))
    return "".join(lines)


def _signature(owner: str) -> str:
    return base64.b64encode(sha512(owner.encode()).digest()).decode("ascii")


def _unquoted(rdata: str) -> str:
    plain = rdata.strip('"')
    return rdata if " " in plain or plain.startswith("v=") else plain


_WAYS: Mapping[str, Callable[[Records], str]] = {
    "by hand": _by_hand,
    "owner and TTL on each line": _each("{0}\t3600\tIN\t{1}\t{2}\n"),
    "in columns": _each("{0:<24} 3600 IN {1:<6} {2}\n"),
    "TTLs with units": _each("{0}\t1h\tIN\t{1}\t{2}\n"),
    "types in another order": lambda records: _by_hand(sorted(records, key=lambda r: (r[0], r[1]), reverse=True)),
    "a comment on each line": _each("{0:<16} IN {1} {2} ; since 2026\n"),
    "a comment before each host": lambda records: f"\n; {records[0][0]}\n{_by_hand(records)}",
    "capital letters": lambda records: _by_hand([(o.capitalize(), t, rdata) for o, t, rdata in records]),
    "CR and LF": _by_hand,
    "escaped semicolons": _texts(lambda rdata: rdata.replace(";", r"\;")),
    "escapes in texts": _texts(lambda rdata: rf'{rdata[:-1]} \"\195\169\""'),
    "text without quotes": _texts(_unquoted),
    "types in small letters": lambda records: _by_hand([(o, t.lower(), rdata) for o, t, rdata in records]),
    "parentheses around each rdata": _each("{0}\tIN\t{1}\t( {2} )\n"),
    "keys beside addresses, digests on two lines": _with_keys,
    "an HTTPS record at each host": _with_services,
    "an HTTPS record that leads elsewhere": _with_targets,
    "HINFO, RP and LOC at each host": _with_places,
    "signed, three records for one": _signed,
}


if __name__ == "__main__":
    main()
