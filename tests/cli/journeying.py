"""A whole migration on the small internet of the demo: two accounts, the parent, and `run` in its own folder."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migrator.codec.zone import loads
from migrator.demo.accounts import Accounts
from migrator.demo.authority import Authority
from migrator.demo.hierarchy import snapshot_of
from migrator.demo.internet import DOMAIN, NEW_HOSTS, OLD_HOSTS, REGISTRY_ADDRESSES, Internet
from migrator.journey.events import Event, Kind
from migrator.journey.options import Options
from migrator.journey.stages import STAGES, Stage
from migrator.state.migrations import Migrations, Told
from migrator.state.store import Store, open_store
from tests.cli.moving import Move, Run, zone_text
from tests.providers.route53_writing import hurry

R53, CF = "route53:example.org", "cloudflare:example.org"
BODY = """\
api A 192.0.2.1
www CNAME api
@ MX 10 mail
mail A 192.0.2.25
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=reject"
"""
# What the demo's Route 53 has besides: a weighted set, which Cloudflare cannot hold.
LOSS = "weights-merged"
TTL, LOWERED = 2, 1
# How `run` ends where nothing speaks against deleting the old zone, as one line.
MAY_GO = re.compile(
    r"example\.org has moved\. The old zone may be deleted: the checklist of phase close said go on "
    r"[0-9TZ:-]{20}\. It is route53:example\.org, and nothing here deletes it by itself\. Later than that, "
    r"ask 'check --phase close' once more\."
)
Zone = dict[tuple[str, str], tuple[int, tuple[str, ...]]]


@dataclass
class Journey:
    """Both accounts with their name servers, the internet, and the command in a folder."""

    accounts: Accounts
    move: Move
    options: Options = field(
        default_factory=lambda: Options(R53, CF, accepts=(LOSS,), lowered_ttl=LOWERED, network="network.toml")
    )

    @property
    def folder(self) -> Path:
        return self.move.folder

    def run(self, *arguments: str, code: int | None = None) -> Run:
        """The command, as it is."""
        return self.move.run(*arguments, code=code)

    def goes_on(self, *arguments: str, code: int | None = None) -> Run:
        """`run` as far as it comes now."""
        return self.run("run", "example.org", "--no-wait", *arguments, code=code)

    def stands_at(self, stage: Stage, options: Options | None = None) -> None:
        """Begin a migration whose earlier stages are done."""
        with open_store(str(self.folder / "dns-migrator.db")) as store:
            stands_at(store, stage, options or self.options)

    @property
    def told(self) -> Told:
        with open_store(str(self.folder / "dns-migrator.db")) as store:
            migrations = Migrations(store)
            found = migrations.of(DOMAIN)
            assert found is not None
            return migrations.told(found)

    @property
    def last(self) -> Event:
        """What happened last."""
        return self.told.events[-1]

    def events(self, since: int = 0) -> list[tuple[str, str]]:
        """What happened at which stage."""
        return [(str(each.stage), str(each.kind)) for each in self.told.events if each.number > since]

    def export(self, locator: str) -> Zone:
        """What is in a zone at its provider."""
        seen = self.folder / "seen"
        self.run("export", locator, "-o", "seen", "--quiet", code=0)
        zone, _ = loads((seen / "zone.json").read_text())
        shutil.rmtree(seen)
        return {
            (str(rrset.owner), rrset.rdtype.name): (rrset.ttl or 0, tuple(map(str, rrset.rdatas)))
            for rrset in zone.rrsets
        }

    def switch(self, *addresses: str) -> None:
        """Do what the person does at the registrar; `addresses` are the parent's servers that know of it."""
        self.move.net.register(NEW_HOSTS)
        for address in addresses or REGISTRY_ADDRESSES:
            self.move.net.delegate(NEW_HOSTS, address)
        self.accounts.activate()


def stands_at(store: Store, stage: Stage, options: Options) -> None:
    """Begin a migration whose earlier stages are done."""
    migrations = Migrations(store)
    migration = migrations.begin(DOMAIN, options, by="test")
    for turn, earlier in enumerate(STAGES[: stage.number - 1]):
        migrations.ended(migration, turn, Event(Kind.DONE, earlier, datetime.now(UTC), "as the test says"))


@contextmanager
def journey(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    body: str = BODY,
    ttl: int = TTL,
) -> Iterator[Journey]:
    """Both zones at their providers, the new one with nothing but its apex; the parent lists the old servers."""
    old = snapshot_of(zone_text(OLD_HOSTS, body, ttl=ttl), "old.zone")
    new = snapshot_of(zone_text(NEW_HOSTS, "", ttl=ttl), "new.zone")
    hurry(monkeypatch)
    with closing(Accounts(old, new)) as accounts, closing(Internet(accounts.old, accounts.new)) as net:
        net.write_profile(folder)
        for name, text in accounts.settings.items():
            monkeypatch.setenv(name, text)
        yield Journey(accounts, Move(net, Authority(), Authority(), folder, capsys))
