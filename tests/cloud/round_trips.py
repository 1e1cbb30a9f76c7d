"""Imports between the three fakes as a person runs them, and what must be true after every one of them."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from dns.rdatatype import RdataType
from typer.testing import CliRunner

from migrator.cli import app
from migrator.demo.clouds.azure import SUBSCRIPTION, Azure
from migrator.demo.clouds.cloudflare import Cloudflare
from migrator.demo.clouds.route53 import Route53
from migrator.errors import MigratorError
from migrator.model.extras import Alias, Extra, Managed, TrafficPolicy
from migrator.model.names import folded
from migrator.workflow.world import open_world
from providers import parse_locator
from tests.cloud.aws import point_aws_at
from tests.cloud.azure_environment import point_azure_at
from tests.cloud.cloudflare_environment import point_cloudflare_at
from tests.providers.route53_writing import hurry

OLD, NEW = "old", "new"
# What each provider gives to a zone of its own, and `diff` expects to differ.
_GIVEN = frozenset({"SOA", "NS"})
_ZONE_OF_AZURE = re.compile(r"/subscriptions/.*/dnszones/", re.IGNORECASE)


@dataclass
class Clouds:
    """The three services; a person's account of each is all there is in it."""

    route53: Route53 = field(default_factory=Route53)
    azure: Azure = field(default_factory=Azure)
    cloudflare: Cloudflare = field(default_factory=Cloudflare)

    def writes(self) -> list[str]:
        """Every request so far that could have changed something."""
        made = [(each.method, each.operation) for each in self.route53.requests]
        made += [(each.method, each.operation) for each in self.azure.requests]
        made += [(each.method, each.operation) for each in self.cloudflare.requests]
        return [operation for method, operation in made if method != "GET" and operation != "Token"]


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@contextmanager
def three_clouds(folder: Path) -> Iterator[Clouds]:
    """Run the services, and let everything of this process talk to them and to nobody else."""
    clouds = Clouds()
    with clouds.route53, clouds.azure, clouds.cloudflare, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ("DNS_MIGRATOR_NETWORK", "NO_COLOR", "FORCE_COLOR"):
            patch.delenv(name, raising=False)
        for group in (OLD, NEW):
            clouds.azure.cloud.group(SUBSCRIPTION, group)
        point_aws_at(clouds.route53.url, patch)
        point_azure_at(clouds.azure, patch)
        point_cloudflare_at(clouds.cloudflare.url, patch)
        hurry(patch)
        yield clouds


def run(*arguments: str) -> Run:
    """Run the command in this process."""
    done = CliRunner().invoke(app, list(arguments))
    if isinstance(done.exception, MigratorError):
        return Run(done.exception.exit_code, done.stdout, str(done.exception))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Run(done.exit_code, done.stdout, done.stderr)


def imported(clouds: Clouds, source: str, target: str, *options: str) -> Any:
    """Import and return the result, after everything was proved that holds after any import."""
    done = run("import", source, target, *options, "--yes", "--format", "json")
    assert done.code == 0, done.err + done.out
    found = done.json
    ledger = found["ledger"]
    assert (found["applied"], found["verified"], ledger["unaccounted"]) == (True, True, 0)
    assert ledger["read"] == ledger["copied"] + ledger["translated"] + ledger["dropped"]
    assert (found["differences"], found["appeared"], found["error"]) == ([], [], None)
    assert {change["outcome"] for change in found["changes"]} <= {"done"}
    _changes_nothing_again(clouds, source, target, *options)
    assert unexplained(source, target, found["losses"]) == []
    return found


def _changes_nothing_again(clouds: Clouds, source: str, target: str, *options: str) -> None:
    before = clouds.writes()
    again = run("import", source, target, *options, "--yes", "--format", "json")
    assert again.code == 0, again.err
    assert (again.json["verified"], again.json["changes"], again.json["calls"]["writes"]) == (True, [], 0)
    assert clouds.writes() == before


def unexplained(source: str, target: str, losses: list[Any]) -> list[str]:
    """What `diff` finds between the two zones and no loss speaks of."""
    found = run("diff", source, target, "--format", "json")
    assert found.code in {0, 1}, found.err
    document = found.json
    lost = {(loss["owner"], loss["rdtype"]) for loss in losses}
    owners = {owner for owner, _ in lost}
    return [
        f"{each['kind']} {each['owner']} {each['rdtype']}: {each['impact']}"
        for each in document["differences"]
        if each["kind"] not in {"expected", "equivalent"}
        and (each["owner"], each["rdtype"]) not in lost
        # What a loss puts in the place of a set may be of another type.
        and not (each["kind"] == "extra" and each["owner"] in owners)
        and not (each["owner"] == document["zone"] and each["rdtype"] in _GIVEN)
    ]


def words_of(found: Any) -> set[tuple[str, str]]:
    """The losses of an import as (owner and type, word)."""
    zone = "." + found["zone"]
    return {
        (f"{('.' + loss['owner']).removesuffix(zone).removeprefix('.') or '@'} {loss['rdtype']}", loss["what"])
        for loss in found["losses"]
    }


def flags_for(source: str, target: str) -> list[str]:
    """The options that an import asks for."""
    planned = run("import", source, target, "--dry-run", "--format", "json")
    assert planned.code in {0, 4}, planned.err
    return [word for flag in planned.json["refused"] for word in flag.split()]


def own_digest(locator: str) -> str:
    """The digest of what a zone holds, without what its provider gave it: apex NS, SOA, and its identifier.

    Without what nobody can write, too: sets of other products, and that a traffic policy made one.
    """
    snapshot = open_world(None).read(parse_locator(locator)).snapshot
    apex = folded(snapshot.origin)
    own = [
        replace(
            rrset,
            extras=tuple(_unplaced(e, locator) for e in rrset.extras if not isinstance(e, TrafficPolicy)),
        )
        for rrset in snapshot.rrsets
        if not (rrset.key.folded == apex and RdataType.to_text(rrset.rdtype) in _GIVEN)
        and not any(isinstance(extra, Managed) for extra in rrset.extras)
    ]
    return replace(snapshot, rrsets=tuple(own)).digest()


def _unplaced(extra: Extra, locator: str) -> Extra:
    """An alias into the zone itself has the same scope wherever the zone is."""
    if not isinstance(extra, Alias):
        return extra
    own = _ZONE_OF_AZURE.sub("/dnszones/", extra.scope)
    return replace(extra, scope="own" if extra.scope == locator.rpartition("=")[2] else own)
