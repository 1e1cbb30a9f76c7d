"""A zone with the types that PowerDNS alone has, transferred from it and read from the file that it serves."""

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from dns.rdatatype import RdataType

from migrator.dnsclient import SocketClient
from migrator.interfaces import Environment, ReadResult
from migrator.model.extras import Alias
from migrator.model.rrset import RRset
from migrator.network.profile import load_profile
from providers import axfr, parse_locator, zonefile
from tests.lab.addresses import Block
from tests.lab.daemon import Daemon
from tests.lab.missing import OF_POWERDNS, is_required, why_not
from tests.lab.waiting import serial, wait_until

ZONE = """\
$ORIGIN example.org.
$TTL 300
@ SOA ns1.example.net. hostmaster.example.net. 7 7200 3600 1209600 3600
@ NS ns1.example.net.
@ NS ns2.example.net.
@ 60 ALIAS app.example.com.
@ MX 10 mail.example.com.
shop ALIAS www.example.org.
www A 192.0.2.80
pick LUA A "ifportup(443, {'192.0.2.1', '192.0.2.2'})"
"""


@pytest.fixture
def powerdns(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """PowerDNS with the zone: its address and port."""
    reason = why_not(OF_POWERDNS)
    if reason:
        (pytest.fail if is_required(os.environ) else pytest.skip)(reason)
    zone = tmp_path / "example.org.zone"
    zone.write_text(ZONE)
    (tmp_path / "named.conf").write_text(f'zone "example.org" {{ type master; file "{zone}"; }};\n')
    with Block() as block:
        address, port = block.address(0, 1), block.port(1)
        (tmp_path / "pdns.conf").write_text(
            textwrap.dedent(f"""\
                launch=bind
                bind-config={tmp_path}/named.conf
                local-address={address}
                local-port={port}
                socket-dir={tmp_path}
                allow-axfr-ips=127.0.0.0/8
                daemon=no
                guardian=no
                security-poll-suffix=
                enable-lua-records=yes
            """)
        )
        daemon = Daemon("powerdns", tmp_path / "powerdns")
        daemon.run(["pdns_server", f"--config-dir={tmp_path}"])
        try:

            def serves() -> bool:
                daemon.check()
                return serial(address, port, "example.org.") == 7

            wait_until(serves, "PowerDNS serves the zone")
            yield address, port
        finally:
            daemon.kill()


def environment(port: int) -> Environment:
    return Environment(SocketClient(load_profile(None)), lambda host: (), port=port)  # noqa: ARG005


def sets_of(result: ReadResult) -> list[RRset]:
    return [rrset for rrset in result.snapshot.rrsets if rrset.rdtype not in {RdataType.SOA, RdataType.NS}]


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
def test_a_transfer_and_its_file_say_the_same(powerdns: tuple[str, int], tmp_path: Path) -> None:
    address, port = powerdns
    result = axfr.open_reader(parse_locator(f"axfr:example.org@{address}"), environment(port)).read()
    file = parse_locator(str(tmp_path / "example.org.zone"))
    of_file = zonefile.open_reader(file, environment(port)).read()

    assert sets_of(result) == sets_of(of_file)
    assert result.snapshot.digest() == of_file.snapshot.digest()
    assert [(str(set_.owner), set_.rdtype, alias_target(set_)) for set_ in sets_of(result)] == [
        ("example.org.", RdataType.A, "app.example.com."),
        ("example.org.", RdataType.MX, ""),
        ("example.org.", RdataType.AAAA, "app.example.com."),
        ("pick.example.org.", RdataType.make(65402), ""),
        ("shop.example.org.", RdataType.A, "www.example.org."),
        ("shop.example.org.", RdataType.AAAA, "www.example.org."),
        ("www.example.org.", RdataType.A, ""),
    ]
    assert [(found.check, found.subject) for found in result.findings] == [
        ("zone.alias-type", "example.org. ALIAS"),
        ("zone.computed-type", "pick.example.org. LUA"),
        ("zone.alias-type", "shop.example.org. ALIAS"),
    ]


def alias_target(rrset: RRset) -> str:
    return next((str(extra.target) for extra in rrset.extras if isinstance(extra, Alias)), "")
