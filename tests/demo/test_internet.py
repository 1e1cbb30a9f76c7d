"""The small internet of the demo: who answers what, before and after the switch."""

import json
from pathlib import Path

import dns.flags
import dns.message
import dns.query
import dns.rcode
import httpx
import pytest
from dns.message import Message

from migrator.demo.internet import (
    NEW_ADDRESSES,
    NEW_NAME_SERVERS,
    OLD_ADDRESSES,
    OLD_NAME_SERVERS,
    REGISTRY_ADDRESSES,
    RESOLVERS,
    ROOT_ADDRESS,
    Internet,
    snapshot_of,
)
from migrator.demo.samples import sample_zones
from migrator.network import load_profile

WAIT = 5.0


def ask(internet: Internet, address: str, qname: str, rdtype: str, *, recursive: bool = False) -> Message:
    query = dns.message.make_query(qname, rdtype, flags=dns.flags.RD if recursive else 0)
    return dns.query.udp(query, address, port=internet.port, timeout=WAIT)


def referred(message: Message) -> list[str]:
    return sorted(rdata.to_text() for rrset in message.authority for rdata in rrset)


@pytest.mark.parametrize(
    ("address", "servers"),
    [
        (ROOT_ADDRESS, ["a.registry.test.", "b.registry.test."]),
        (REGISTRY_ADDRESSES[0], ["ns1.oldhost.test.", "ns2.oldhost.test."]),
        (REGISTRY_ADDRESSES[1], ["ns1.oldhost.test.", "ns2.oldhost.test."]),
    ],
)
def test_the_root_leads_to_the_registry_and_that_to_the_old_provider(
    internet: Internet, address: str, servers: list[str]
) -> None:
    assert referred(ask(internet, address, "www.example.org.", "A")) == servers


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (OLD_NAME_SERVERS[0], OLD_ADDRESSES[0]),
        (OLD_NAME_SERVERS[1], OLD_ADDRESSES[1]),
        (NEW_NAME_SERVERS[0], NEW_ADDRESSES[0]),
        (NEW_NAME_SERVERS[1], NEW_ADDRESSES[1]),
    ],
)
def test_the_providers_know_where_their_own_name_servers_are(
    internet: Internet, name: object, address: str
) -> None:
    response = ask(internet, address, str(name), "A")

    assert response.flags & dns.flags.AA
    assert [rdata.to_text() for rdata in response.answer[0]] == [address]


def test_the_new_provider_serves_the_zone_only_after_it_was_loaded(internet: Internet) -> None:
    before = ask(internet, NEW_ADDRESSES[1], "example.org.", "SOA")
    internet.load_at_new_provider(
        snapshot_of((sample_zones() / "new-provider-incomplete.zone").read_text("utf-8"), "new.zone")
    )
    after = ask(internet, NEW_ADDRESSES[1], "example.org.", "SOA")

    assert before.rcode() == dns.rcode.REFUSED
    assert (after.rcode(), bool(after.flags & dns.flags.AA)) == (dns.rcode.NOERROR, True)


def test_each_server_of_the_registry_is_switched_by_itself(internet: Internet) -> None:
    internet.delegate(NEW_NAME_SERVERS, REGISTRY_ADDRESSES[0])

    first, second = (referred(ask(internet, address, "example.org.", "NS")) for address in REGISTRY_ADDRESSES)
    assert (first, second) == (
        ["ns1.newhost.test.", "ns2.newhost.test."],
        ["ns1.oldhost.test.", "ns2.oldhost.test."],
    )


def test_the_profile_fits_the_servers(internet: Internet, tmp_path: Path) -> None:
    internet.write_profile(tmp_path)

    profile = load_profile(tmp_path / "network.toml")

    assert [server.address for server in profile.root_hints] == [ROOT_ADDRESS]
    assert (profile.port, profile.ipv6, profile.allow_special_addresses) == (internet.port, False, True)
    assert [(resolver.name, resolver.address) for resolver in profile.resolvers] == list(RESOLVERS.items())
    for resolver in profile.resolvers:
        query = dns.message.make_query("www.example.org.", "A")
        response = dns.query.udp(query, resolver.address, port=resolver.port, timeout=WAIT)
        assert dns.flags.to_text(response.flags) == "QR RD RA"
        assert response.answer[-1][0].to_text() == "192.0.2.80"


def test_rdap_tells_what_is_registered(internet: Internet, tmp_path: Path) -> None:
    internet.write_profile(tmp_path)
    ((tlds, (base,)),) = json.loads((tmp_path / "rdap.json").read_text())["services"]
    servers = []
    for register in (OLD_NAME_SERVERS, NEW_NAME_SERVERS):
        internet.register(register)
        document = httpx.get(f"{base}domain/example.org").json()
        servers.append([server["ldhName"] for server in document["nameservers"]])

    assert tlds == ["org"]
    assert servers == [["ns1.oldhost.test", "ns2.oldhost.test"], ["ns1.newhost.test", "ns2.newhost.test"]]
    assert httpx.get(f"{base}domain/example.net").status_code == 404
