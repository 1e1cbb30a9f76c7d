"""A domain between two providers on the small internet of the demo, and the command in a folder of its own."""

import json
import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dns.name import Name

from migrator.cli import main
from migrator.demo.authority import Authority
from migrator.demo.hierarchy import home_zone, homes_of
from migrator.demo.internet import DOMAIN, NEW_HOSTS, OLD_HOSTS, REGISTRY_ADDRESSES, Internet
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.zonefile import read_zone

BODY = """\
@ A 192.0.2.1
www CNAME @
@ MX 10 mail
mail A 192.0.2.25
"""
_NOBODY = "127.53.99.1"


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Move:
    """The internet, both zones as files, and the command in their folder."""

    net: Internet
    old: Authority
    new: Authority
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def write(self, side: str, body: str = BODY, ttl: int = 300) -> None:
        hosts = OLD_HOSTS if side == "old" else NEW_HOSTS
        (self.folder / f"{side}.zone").write_text(zone_text(hosts, body, ttl))

    def serve_old(self, body: str = BODY, ttl: int = 300) -> None:
        self.old.serve([_zone(OLD_HOSTS, body, ttl), *_homes(OLD_HOSTS)])

    def serve_new(self, body: str = BODY, ttl: int = 300) -> None:
        self.new.serve([_zone(NEW_HOSTS, body, ttl), *_homes(NEW_HOSTS)])

    def delegate(self, hosts: dict[Name, str]) -> None:
        for address in REGISTRY_ADDRESSES:
            self.net.delegate(hosts, address)

    def cut_off(self) -> None:
        """Leave nobody where the root was."""
        hints = f". 3600 NS a.root.test.\na.root.test. 3600 A {_NOBODY}\n"
        (self.folder / "named.root").write_text(hints)
        profile = self.folder / "network.toml"
        profile.write_text(profile.read_text().replace("timeout = 1.0", "timeout = 0.1"))

    def run(self, *arguments: str, code: int | None = None) -> Run:
        self.capsys.readouterr()
        # Where DBOS would log to may be the standard error of the test before this one.
        logging.getLogger("dbos").handlers.clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr("sys.argv", ["dns-migrator", *arguments])
            try:
                main()
                stopped: object = 0
            except SystemExit as exc:
                stopped = exc.code or 0
        said = self.capsys.readouterr()
        assert isinstance(stopped, int)
        found = Run(stopped, said.out, said.err)
        assert code is None or found.code == code, found
        return found


@contextmanager
def small_internet() -> Iterator[tuple[Internet, Authority, Authority]]:
    old, new = Authority(), Authority()
    with closing(Internet(old, new)) as net:
        yield net, old, new


def begun(
    internet: tuple[Internet, Authority, Authority], folder: Path, capsys: pytest.CaptureFixture[str]
) -> Move:
    """The move before anything is done: both sides serve the same, and the parent lists the old servers."""
    net, old, new = internet
    move = Move(net, old, new, folder, capsys)
    net.write_profile(folder)
    move.write("old")
    move.write("new")
    move.serve_old()
    move.serve_new()
    move.delegate(OLD_HOSTS)
    return move


def zone_text(hosts: dict[Name, str], body: str, ttl: int = 300) -> str:
    first = next(iter(hosts))
    apex = "".join(f"@ NS {host}\n" for host in hosts)
    return f"$ORIGIN example.org.\n$TTL {ttl}\n@ SOA {first} host.{first} 1 7200 900 1209600 300\n{apex}{body}"


def _zone(hosts: dict[Name, str], body: str, ttl: int) -> ZoneSnapshot:
    reading = read_zone(zone_text(hosts, body, ttl).encode(), file="test", origin=DOMAIN)
    return assemble(DOMAIN, reading.records).snapshot


def _homes(hosts: dict[Name, str]) -> list[ZoneSnapshot]:
    return [home_zone(home, hosts) for home in homes_of(hosts)]
