"""`run` where a person does what no program may: a zone transfer on the old side, a zone file as the new one."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from dns.name import Name

from migrator.demo.authority import Authority
from migrator.demo.clouds.route53domains import Route53Domains
from migrator.demo.internet import NEW_HOSTS, OLD_HOSTS, Internet
from migrator.journey.events import Kind
from migrator.journey.options import Options
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.model.names import absolute, for_people
from migrator.state.migrations import Migrations, Told
from migrator.state.store import open_store
from tests.cli.journeying import stands_at
from tests.cli.moving import Move, begun, zone_text
from tests.cloud.aws import point_aws_at

BODY = """\
api A 192.0.2.1
www CNAME api
@ MX 10 mail
mail A 192.0.2.25
"""
NEW = "new.zone"


@pytest.fixture
def move(tmp_path: Path, capsys: pytest.CaptureFixture[str], own_folder: Path) -> Iterator[Move]:
    old, new = Authority(transfers=True), Authority()
    with closing(Internet(old, new)) as net:
        found = begun((net, old, new), tmp_path, capsys)
        found.serve_old(BODY, ttl=3)
        # What the new provider has before anything was imported: its own SOA and NS.
        found.write("new", "", ttl=3)
        found.serve_new("", ttl=3)
        yield found


def told(move: Move) -> Told:
    with open_store(str(move.folder / "dns-migrator.db")) as store:
        migrations = Migrations(store)
        (migration,) = migrations.all()
        return migrations.told(migration)


def goes_on(move: Move, *arguments: str) -> tuple[Stage, Status, str]:
    """Go on as far as it comes now; returns where that is, and what is waited for."""
    move.run("run", "example.org", "--no-wait", "--network", "network.toml", *arguments)
    found = told(move)
    return found.state.stage, found.state.status, found.state.last.text


def test_a_person_carries_the_zone_and_lowers_the_ttls(move: Move) -> None:
    address = next(iter(OLD_HOSTS.values()))
    sides = ("--from", f"axfr:example.org@{address}:{move.net.port}", "--to", NEW)

    stage, status, text = goes_on(move, *sides, "--lowered-ttl", "1", "--every", "1")
    assert (stage, status) == (Stage.IMPORT, Status.ASKING)
    assert text == "may 5 changes be written to new.zone?"
    move.run("approve", "example.org", "import", code=0)

    stage, status, text = goes_on(move)
    assert (stage, status) == (Stage.VERIFY, Status.ASKING)
    assert text.startswith("ready: no-go: ")
    assert "192.0.2.25" in (move.folder / NEW).read_text()

    # The person loads the file at the new provider.
    move.serve_new(BODY, ttl=3)
    stage, status, text = goes_on(move)
    assert (stage, status) == (Stage.LOWER_TTLS, Status.ASKING)
    assert text.startswith("lower the TTLs of the old zone by hand to 1 s: ")

    move.serve_old(BODY, ttl=1)
    while goes_on(move)[0] is not Stage.SWITCH:
        assert told(move).state.status is Status.WAITING, told(move).state.last.text
    stage, status, text = goes_on(move)
    wanted = "these name servers, and no others: ada.ns.cloudflare.com bob.ns.cloudflare.com"
    assert (status, text) == (Status.ASKING, f"give the registrar (Example Registrar) {wanted}")

    move.net.register(NEW_HOSTS)
    move.delegate(NEW_HOSTS)
    while goes_on(move)[0] is not Stage.RESTORE_TTLS:
        assert told(move).state.status is Status.WAITING, told(move).state.last.text
    stage, status, text = goes_on(move)
    assert (status, text.partition(":")[0]) == (Status.ASKING, "put the TTLs back by hand in axfr")

    # The servers show it when the person has done so.
    move.serve_old(BODY, ttl=3)
    goes_on(move)
    done = [event for event in told(move).events if event.kind is Kind.DONE]
    assert [event.stage for event in done] == list(STAGES)
    assert done[-1].text.startswith("the TTLs are as before; ")


def test_a_new_zone_file_keeps_the_name_servers_of_the_new_provider(move: Move) -> None:
    sides = ("--from", "old.zone", "--to", NEW, "--yes", "--every", "1")
    move.write("old", BODY, ttl=3)

    goes_on(move, *sides)

    written = (move.folder / NEW).read_text()
    assert "192.0.2.25" in written
    assert all(f" NS {host}" in written for host in NEW_HOSTS)
    assert not any(f"{host}" in written for host in OLD_HOSTS)


@pytest.mark.parametrize(("theirs", "ours", "then"), [(5, 2026112209, 2026112210), (2026112209, 5, 2026112210)])
def test_the_serial_of_a_new_zone_file_is_later_than_both(move: Move, theirs: int, ours: int, then: int) -> None:
    for side, serial in (("old", theirs), ("new", ours)):
        move.write(side, BODY if side == "old" else "", ttl=3)
        path = move.folder / f"{side}.zone"
        path.write_text(path.read_text().replace(" 1 7200 ", f" {serial} 7200 "))

    goes_on(move, "--from", "old.zone", "--to", NEW, "--yes", "--every", "1")

    assert f" {then} 7200 " in (move.folder / NEW).read_text()


def test_a_new_zone_file_that_is_not_there_is_refused(move: Move) -> None:
    (move.folder / NEW).unlink()

    said = move.run("run", "example.org", "--from", "old.zone", "--to", NEW, code=2)

    assert said.err == (
        "dns-migrator: --to 'new.zone': there is no such zone file. Write one with the SOA and the NS records "
        "that the new provider gives the zone: these name servers are what the parent is to list.\n"
    )


def test_zones_with_the_same_name_servers_are_no_switch(move: Move) -> None:
    (move.folder / NEW).write_text(zone_text(OLD_HOSTS, BODY, 3))
    with open_store(str(move.folder / "dns-migrator.db")) as store:
        stands_at(store, Stage.SWITCH, Options("old.zone", NEW, network="network.toml"))

    stage, status, text = goes_on(move)

    assert (stage, status) == (Stage.SWITCH, Status.ASKING)
    assert (
        text
        == "both zones have the same name servers, so that no switch could be seen: mend the NS of the new one"
    )


def test_name_servers_that_keep_their_names_are_moved_at_the_registrar(move: Move) -> None:
    stand_at_the_switch_of_a_host(move, "192.0.2.53", "192.0.2.54")

    stage, status, text = goes_on(move)

    assert (stage, status) == (Stage.SWITCH, Status.ASKING)
    assert text == (
        "the name servers keep their names and move: have the registrar (Example Registrar) give their host "
        "records these addresses, and no others: ns1.example.org 192.0.2.54"
    )
    commands = told(move).state.last.commands
    assert [command.split()[1] for command in commands] == ["confirm", "approve"]
    assert "dns-migrator confirm example.org --to new.zone" in commands[0]


def test_name_servers_that_keep_name_and_address_do_not_move(move: Move) -> None:
    stand_at_the_switch_of_a_host(move, "192.0.2.53", "192.0.2.53")

    stage, status, text = goes_on(move)

    assert (stage, status) == (Stage.SWITCH, Status.ASKING)
    assert text.endswith(
        "; or, where some keep their names and move (ns1.example.org), give the new zone their new addresses: as "
        "long as both zones have the same, or the new one none, nobody can tell where they are to be"
    )


@pytest.mark.parametrize("old", ["192.0.2.53", ""])
def test_name_servers_inside_the_domain_beside_others_are_told_with_their_addresses(move: Move, old: str) -> None:
    stand_at_the_switch_of_a_host(move, old, "192.0.2.54", new_hosts=NEW_HOSTS)

    stage, status, text = goes_on(move)

    assert (stage, status) == (Stage.SWITCH, Status.ASKING)
    assert text == (
        "give the registrar (Example Registrar) these name servers, and no others: ada.ns.cloudflare.com "
        "bob.ns.cloudflare.com ns1.example.org; with these addresses in their host records there: ns1.example.org "
        "192.0.2.54"
    )


@pytest.mark.parametrize("old", ["192.0.2.53", ""])
def test_the_registrar_gets_the_address_that_the_new_zone_has_for_a_name_server(
    move: Move, monkeypatch: pytest.MonkeyPatch, old: str
) -> None:
    stand_at_the_switch_of_a_host(move, old, "192.0.2.54", new_hosts=NEW_HOSTS)
    if old:
        move.delegate({**OLD_HOSTS, absolute("ns1.example.org."): old})
    with Route53Domains() as cloud:
        point_aws_at(cloud.url, monkeypatch)
        cloud.registrar.register("example.org", *map(for_people, OLD_HOSTS))
        move.run("approve", "example.org", "switch", "--at-registrar", "route53domains", code=0)
        text = goes_on(move)[2]

    assert text.startswith("the registrar takes the new name servers: ")
    (sent,) = cloud.registrar.operations.values()
    given = {server["Name"]: server["GlueIps"] for server in sent.name_servers}
    assert given == {**{for_people(host): [] for host in NEW_HOSTS}, "ns1.example.org": ["192.0.2.54"]}


def stand_at_the_switch_of_a_host(
    move: Move, old: str, new: str, new_hosts: Mapping[Name, str] = OLD_HOSTS
) -> None:
    """Have a name server inside the domain, at these addresses, beside those of either zone: usually the same."""
    for side, hosts, address in (("old.zone", OLD_HOSTS, old), (NEW, new_hosts, new)):
        inside = f"@ NS ns1\nns1 A {address}\n" if address else ""
        (move.folder / side).write_text(zone_text(dict(hosts), f"{inside}{BODY}", 3))
    with open_store(str(move.folder / "dns-migrator.db")) as store:
        stands_at(store, Stage.SWITCH, Options("old.zone", NEW, network="network.toml"))


def test_the_command_that_takes_a_risk_is_one_that_is_taken(move: Move) -> None:
    move.write("old", f"{BODY}bad A 192.0.2.999\n", ttl=3)
    with open_store(str(move.folder / "dns-migrator.db")) as store:
        stands_at(store, Stage.IMPORT, Options("old.zone", NEW, network="network.toml"))

    goes_on(move)
    asked = told(move).state.last
    printed = asked.commands[1].split()

    assert printed == ["dns-migrator", "approve", "example.org", "import", "--allow", "broken-source"]
    move.run(*printed[1:], code=0)
    assert goes_on(move)[2].startswith("may 5 changes be written to new.zone")
