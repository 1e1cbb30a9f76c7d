"""The switch at Route 53 Domains: offered where the domain is registered there, made when a person says so."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from migrator.demo.accounts import Accounts
from migrator.demo.authority import Authority
from migrator.demo.clouds.route53domains import Route53Domains
from migrator.demo.hierarchy import snapshot_of
from migrator.demo.internet import NEW_HOSTS, OLD_HOSTS, REGISTRY_ADDRESSES, Internet
from migrator.model.names import for_people
from tests.cli.moving import Move, zone_text
from tests.providers.route53_writing import hurry

BODY = "@ MX 10 mail\nmail A 192.0.2.25\n"
NEW = sorted(map(for_people, NEW_HOSTS))


@pytest.fixture
def registrar() -> Iterator[Route53Domains]:
    with Route53Domains() as cloud:
        cloud.registrar.register("example.org", *map(for_people, OLD_HOSTS))
        yield cloud


@pytest.fixture
def move(
    registrar: Route53Domains,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Move]:
    old = snapshot_of(zone_text(OLD_HOSTS, BODY, ttl=1), "old.zone")
    new = snapshot_of(zone_text(NEW_HOSTS, BODY, ttl=1), "new.zone")
    with closing(Accounts(old, new)) as accounts, closing(Internet(accounts.old, accounts.new)) as net:
        for name, text in accounts.settings.items():
            monkeypatch.setenv(name, text)
        monkeypatch.setenv("AWS_ENDPOINT_URL_ROUTE_53_DOMAINS", registrar.url)
        hurry(monkeypatch)
        net.write_profile(tmp_path)
        for address in REGISTRY_ADDRESSES:
            net.delegate(OLD_HOSTS, address)
        yield Move(net, Authority(), Authority(), tmp_path, capsys)


def test_a_person_lets_the_registrar_switch(move: Move, registrar: Route53Domains) -> None:
    sides = ("--from", "route53:example.org", "--to", "cloudflare:example.org")
    decided = ("--yes", "--accept", "weights-merged", "--lowered-ttl", "60", "--every", "1")
    found = move.run("run", "example.org", *sides, *decided, "--no-wait")
    while found.code == 0:
        found = move.run("run", "example.org", "--no-wait")
    assert found.code == 1, found
    assert "give the registrar (Example Registrar)" in found.out
    assert registrar.registrar.operations == {}

    refused = move.run("approve", "example.org", "switch", "--at-registrar", "godaddy", code=2)
    move.run("approve", "example.org", "switch", "--at-registrar", "route53domains", code=0)
    taken = [move.run("run", "example.org", "--no-wait", code=0).out for _ in range(3)]

    assert refused.err == "dns-migrator: --at-registrar godaddy: the stage switch takes route53domains.\n"
    names = " ".join(map(for_people, NEW_HOSTS))
    assert f"waits: the registrar takes the new name servers: {names.split()[0]}" in " ".join(taken[0].split())
    assert "the registrar has the new name servers, and the parent is to follow" in " ".join(taken[-1].split())
    assert sorted(each["Name"] for each in registrar.registrar.domains["example.org"]) == NEW
    assert len(registrar.registrar.operations) == 1

    for address in REGISTRY_ADDRESSES:
        move.net.delegate(NEW_HOSTS, address)
    done = move.run("run", "example.org", "--no-wait").out
    assert "switch        done: the parent: 2 of 2 servers list the new name" in done
