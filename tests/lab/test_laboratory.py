"""The laboratory itself: what its resolvers and servers answer, before any command is run against it."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import dns.flags
import dns.message
import dns.rcode
import pytest

from tests.lab.daemon import tool
from tests.lab.lab import Lab
from tests.lab.missing import (
    OF_POWERDNS,
    PACKAGE_LIST,
    PACKAGE_OF,
    POWERDNS_READS_FILES,
    is_required,
    missing_packages,
    why_not,
)
from tests.lab.resolvers import Asked, Resolver
from tests.lab.servers import TSIG_ALGORITHM, TSIG_NAME, TSIG_SECRET, Authority, Transfer
from tests.lab.waiting import LabError, answered, ask, serial, wait_until
from tests.postgres import PACKAGE as POSTGRESQL

RECORDS = "@ A 192.0.2.1\nwww A 192.0.2.2\n"


def rdatas(message: dns.message.Message | None, qname: str, rdtype: str) -> list[str]:
    return sorted(rdata.to_text() for rdata in answered(message, qname, rdtype) or ())


def referral(lab: Lab, server: Authority, domain: str) -> tuple[list[str], int]:
    """Return the NS set and TTL with which a parent server refers."""
    message = ask(server.addresses[0], lab.port, domain, "NS")
    assert message is not None
    assert not message.answer
    return sorted(rdata.to_text() for rdata in message.authority[0]), message.authority[0].ttl


def refers(lab: Lab, server: Authority, domain: str, wanted: tuple[list[str], int]) -> bool:
    message = ask(server.addresses[0], lab.port, domain, "NS")
    return message is not None and bool(message.authority) and referral(lab, server, domain) == wanted


def resolve(resolver: Resolver, qname: str, rdtype: str = "A") -> dns.message.Message:
    message = ask(resolver.address, resolver.port, qname, rdtype, recursive=True, dnssec=True)
    assert message is not None
    return message


def is_running(pids: Iterable[int]) -> list[int]:
    """Return those of the processes that still run (not those that merely wait to be collected)."""
    return [pid for pid in pids if (stat := _stat(pid)) and stat.rpartition(")")[2].split()[0] != "Z"]


def _stat(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def pids(lab: Lab) -> list[int]:
    daemons = [server.daemon for server in lab.authorities()] + [resolver.daemon for resolver in lab.resolvers]
    return [daemon.pid for daemon in daemons if daemon.pid is not None]


def test_both_resolvers_follow_the_delegation_of_an_unsigned_domain(laboratory: Lab) -> None:
    laboratory.serve(laboratory.old, "plain.test.", RECORDS)
    laboratory.delegate("plain.test.", laboratory.old.name_servers)

    for resolver in laboratory.resolvers:
        message = resolve(resolver, "www.plain.test.")
        assert rdatas(message, "www.plain.test.", "A") == ["192.0.2.2"]
        assert not message.flags & dns.flags.AD


def test_both_resolvers_validate_a_signed_domain_from_the_root_down(laboratory: Lab) -> None:
    signed = laboratory.serve_signed(laboratory.new, "signed.test.", RECORDS)
    laboratory.delegate("signed.test.", laboratory.new.name_servers, ds=[signed.ds])

    for resolver in laboratory.resolvers:
        message = resolve(resolver, "www.signed.test.")
        assert rdatas(message, "www.signed.test.", "A") == ["192.0.2.2"]
        assert message.flags & dns.flags.AD
        printed = tool(["kdig", f"@{resolver.address}", "-p", str(resolver.port), "+dnssec", "www.signed.test."])
        assert "Flags: qr rd ra ad" in printed


def test_a_foreign_ds_makes_both_resolvers_fail(laboratory: Lab) -> None:
    laboratory.serve(laboratory.new, "bogus.test.", RECORDS)
    laboratory.delegate("bogus.test.", laboratory.new.name_servers, ds=[f"12345 13 2 {'ab' * 32}"])

    for resolver in laboratory.resolvers:
        assert resolve(resolver, "www.bogus.test.").rcode() == dns.rcode.SERVFAIL


def test_a_child_zone_is_served_by_its_operator_from_a_hidden_primary(laboratory: Lab) -> None:
    lab = laboratory
    glue = f"ns1.shop.family.test. A {lab.operator.addresses[0]}"
    lab.serve(lab.old, "family.test.", f"shop NS ns1.shop.family.test.\n{glue}\n")
    lab.delegate("family.test.", lab.old.name_servers)
    lab.serve_child("shop.family.test.", f"{glue}\nwww A 192.0.2.3\n", ["ns1.shop.family.test."])

    for resolver in lab.resolvers:
        assert rdatas(resolve(resolver, "www.shop.family.test."), "www.shop.family.test.", "A") == ["192.0.2.3"]
    assert serial(lab.bind.addresses[0], lab.bind.port, "shop.family.test.") is not None


def test_the_registry_servers_can_be_held_apart(laboratory: Lab) -> None:
    lab = laboratory
    old, new = list(lab.old.name_servers), list(lab.new.name_servers)
    lab.delegate("apart.test.", old, ttl=30)
    lab.delegate("apart.test.", new, ttl=40, everywhere=False)

    assert referral(lab, lab.registry.first, "apart.test.") == (new, 40)
    assert referral(lab, lab.registry.second, "apart.test.") == (old, 30)

    lab.registry.catch_up("test.")
    assert referral(lab, lab.registry.second, "apart.test.") == (new, 40)


def test_a_withdrawn_domain_does_not_exist_at_any_parent_server(laboratory: Lab) -> None:
    lab = laboratory
    lab.delegate("gone.test.", ["ns1.gone.test."], glue={"ns1.gone.test.": ["127.0.0.1"]})
    lab.registry.withdraw("gone.test.")

    for server in (lab.registry.first, lab.registry.second):
        for name in ("gone.test.", "ns1.gone.test."):
            message = ask(server.addresses[0], lab.port, name, "NS")
            assert message is not None
            assert message.rcode() == dns.rcode.NXDOMAIN


def test_the_registry_has_names_right_below_its_domains_alone(laboratory: Lab) -> None:
    with pytest.raises(LabError, match=r"www\.example\.test\.: the registry has only names right below"):
        laboratory.delegate("www.example.test.", ["ns1.example.net."])


@pytest.mark.parametrize("program", ["old", "new-1", "bind-primary"])
def test_each_authority_transfers_a_zone_only_to_whom_it_may(laboratory: Lab, program: str) -> None:
    lab = laboratory
    server = next(server for server in lab.authorities() if server.name == program)
    at = ["dig", f"@{server.addresses[0]}", "-p", str(server.port), "+onesoa", "+nocmd", "+nostats"]
    key = f"{TSIG_ALGORITHM}:{TSIG_NAME}:{TSIG_SECRET}"
    soa = "@ SOA ns1.example.net. hostmaster.example.com. {serial} 3600 600 86400 1"
    text = f"$TTL 60\n{soa}\n@ NS ns1.example.net.\n"

    server.put("moves.test.", text.format(serial=1), Transfer.OPEN)
    assert tool([*at, "AXFR", "moves.test."]).count("moves.test.") == 2
    server.put("moves.test.", text.format(serial=2), Transfer.KEYED)
    assert tool([*at, "AXFR", "moves.test.", "-y", key]).count("\tNS\t") == 1
    assert "Transfer failed" in tool([*at, "AXFR", "moves.test."])
    server.put("moves.test.", text.format(serial=3), Transfer.CLOSED)
    assert "Transfer failed" in tool([*at, "AXFR", "moves.test.", "-y", key])
    server.remove("moves.test.")
    assert serial(server.addresses[0], server.port, "moves.test.") is None


def test_a_stopped_server_is_silent_and_comes_back_with_its_zones(laboratory: Lab) -> None:
    lab = laboratory
    lab.serve(lab.new, "stops.test.", RECORDS)
    first, second = lab.new.servers

    with lab.stopped(first):
        assert ask(first.addresses[0], lab.port, "stops.test.", "SOA") is None
        assert serial(second.addresses[0], lab.port, "stops.test.") is not None
    wanted = serial(second.addresses[0], lab.port, "stops.test.")
    wait_until(lambda: serial(first.addresses[0], lab.port, "stops.test.") == wanted, "the zone is back")


def test_a_stopped_registry_comes_back_with_its_delegations(laboratory: Lab) -> None:
    lab = laboratory
    lab.delegate("kept.test.", lab.new.name_servers, ttl=30)

    for server in (lab.registry.first, lab.registry.second):
        with lab.stopped(server):
            pass
        wanted = (list(lab.new.name_servers), 30)
        wait_until(partial(refers, lab, server, "kept.test.", wanted), f"{server.name} refers again")
    lab.delegate("kept.test.", lab.old.name_servers, ttl=40)
    assert referral(lab, lab.registry.second, "kept.test.") == (list(lab.old.name_servers), 40)


def test_one_server_of_a_provider_can_lack_a_zone(laboratory: Lab) -> None:
    lab = laboratory
    lab.serve(lab.new, "half.test.", RECORDS, only=lab.new.servers[0])

    refused = ask(lab.new.servers[1].addresses[0], lab.port, "half.test.", "SOA")
    assert refused is not None
    assert refused.rcode() == dns.rcode.REFUSED
    assert serial(lab.new.servers[0].addresses[0], lab.port, "half.test.") is not None


def test_resolvers_write_down_what_clients_ask(laboratory: Lab) -> None:
    for resolver in laboratory.resolvers:
        resolve(resolver, "written.test.", "SOA")
        resolve(resolver, "WWW.written.test.", "TXT")
        resolve(resolver, "unwritten.test.", "NS")

        expected = (Asked("written.test.", "SOA"), Asked("www.written.test.", "TXT"))
        assert resolver.questions("written.test.") == expected


def test_rdap_is_found_by_the_bootstrap_file_and_tells_what_it_was_told(laboratory: Lab) -> None:
    laboratory.rdap.tell("told.test.", ["ns1.example.net."], status=["client transfer prohibited"])
    bootstrap = json.loads(laboratory.rdap.bootstrap.read_text())
    (names, (url,)), *_ = bootstrap["services"]

    with urlopen(f"{url}domain/told.test") as response:
        document = json.load(response)

    assert "test" in names
    assert document["nameservers"] == [{"objectClassName": "nameserver", "ldhName": "NS1.EXAMPLE.NET"}]
    assert document["status"] == ["client transfer prohibited"]


def test_two_laboratories_do_not_meet_and_end_without_a_trace(laboratory: Lab) -> None:
    with Lab() as other:
        other.delegate("mine.test.", other.old.name_servers)
        message = ask(laboratory.registry.first.addresses[0], laboratory.port, "mine.test.", "NS")
        assert message is not None
        assert message.rcode() == dns.rcode.NXDOMAIN
        running = pids(other)
        assert len(running) == 10

    assert is_running(running) == []
    assert not other.folder.exists()


def test_without_port_53_all_servers_share_another_one(name_servers: None) -> None:
    with Lab(privileged=False) as lab:
        signed = lab.serve_signed(lab.old, "signed.test.", RECORDS)
        lab.delegate("signed.test.", lab.old.name_servers, ds=[signed.ds])

        assert lab.port != 53
        for resolver in lab.resolvers:
            assert resolve(resolver, "www.signed.test.").flags & dns.flags.AD


def test_a_killed_laboratory_takes_its_servers_with_it(name_servers: None, tmp_path: Path) -> None:
    script = (
        "import sys, tests.lab.test_laboratory as t\n"
        "lab = t.Lab()\n"
        "print(lab.folder, *t.pids(lab), flush=True)\n"
        "sys.stdin.read()\n"
    )
    folder = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        where, *numbers = process.stdout.readline().split()
        running = [int(number) for number in numbers]
        assert is_running(running) == running
        process.send_signal(signal.SIGKILL)
    wait_until(lambda: is_running(running) == [], "all servers have ended")
    shutil.rmtree(where)


def test_an_error_keeps_the_logs_and_ends_the_servers(
    name_servers: None, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = Lab()
    running = pids(lab)
    with pytest.raises(LabError), lab:
        lab.delegate("www.example.test.", ["ns1.example.net."])

    assert is_running(running) == []
    assert capsys.readouterr().err == f"The laboratory's logs are in {lab.folder}\n"
    assert (lab.folder / "old" / "log").exists()
    lab.discard()


def test_every_program_comes_from_a_listed_package() -> None:
    listed = set(PACKAGE_LIST.read_text().split())

    others = {*OF_POWERDNS.values(), POWERDNS_READS_FILES, POSTGRESQL}
    assert {*PACKAGE_OF.values(), *others} - {"util-linux"} == listed  # util-linux is on every Debian


def test_what_is_missing_is_named_by_its_package() -> None:
    package_of = {
        "sh": "dash",
        "no-such-server": "such-server",
        "no-such-tool": "such-server",
        "absent": "absence",
    }

    assert missing_packages(package_of) == ("absence", "such-server")
    assert why_not(package_of) == (
        "no laboratory: the name servers are missing (apt-get install absence such-server)"
    )
    assert why_not({"sh": "dash"}) == ""


@pytest.mark.parametrize(
    ("environment", "required"),
    [
        ({}, False),
        ({"CI": "true"}, True),
        ({"CI": "false"}, False),
        ({"DNS_MIGRATOR_LAB": "required"}, True),
        ({"DNS_MIGRATOR_LAB": "optional"}, False),
    ],
)
def test_a_missing_laboratory_fails_where_it_is_required(environment: dict[str, str], required: bool) -> None:
    assert is_required(environment) is required
