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
from dns.name import Name

from migrator.demo.internet import NEW_HOSTS, OLD_HOSTS, REGISTRY_ADDRESSES, RESOLVERS, ROOT_ADDRESS, Internet
from migrator.demo.samples import sample_zones
from migrator.model.names import for_people, text_of
from migrator.network.profile import load_profile

WAIT = 5.0
OLD, NEW = (sorted(map(text_of, hosts)) for hosts in (OLD_HOSTS, NEW_HOSTS))


def ask(internet: Internet, address: str, qname: str, rdtype: str, *, recursive: bool = False) -> Message:
    query = dns.message.make_query(qname, rdtype, flags=dns.flags.RD if recursive else 0)
    return dns.query.udp(query, address, port=internet.port, timeout=WAIT)


def referred(message: Message) -> list[str]:
    return sorted(rdata.to_text() for rrset in message.authority for rdata in rrset)


@pytest.mark.parametrize(
    ("address", "servers"),
    [
        (ROOT_ADDRESS, ["a.registry.test.", "b.registry.test."]),
        (REGISTRY_ADDRESSES[0], OLD),
        (REGISTRY_ADDRESSES[1], OLD),
    ],
)
def test_the_root_leads_to_the_registry_and_that_to_the_old_provider(
    internet: Internet, address: str, servers: list[str]
) -> None:
    assert referred(ask(internet, address, "www.example.org.", "A")) == servers


@pytest.mark.parametrize(("host", "address"), [*OLD_HOSTS.items(), *NEW_HOSTS.items()], ids=str)
def test_each_name_server_is_found_from_the_root_down(internet: Internet, host: Name, address: str) -> None:
    resolver = next(iter(RESOLVERS.values()))
    query = dns.message.make_query(host, "A")

    response = dns.query.udp(query, resolver, port=internet.resolver_port, timeout=WAIT)

    assert [rdata.to_text() for rdata in response.answer[-1]] == [address]


@pytest.mark.parametrize("name", ["_spf.newsletter.example.net.", "example-org.acme.example.net."])
def test_what_the_zone_of_the_demo_names_elsewhere_is_there(internet: Internet, name: str) -> None:
    resolver = next(iter(RESOLVERS.values()))

    response = dns.query.udp(
        dns.message.make_query(name, "TXT"), resolver, port=internet.resolver_port, timeout=WAIT
    )

    assert name.rstrip(".") in (sample_zones() / "old-provider.zone").read_text()
    assert [text_of(rrset.name) for rrset in response.answer] == [name]


def test_each_server_of_the_registry_is_switched_by_itself(internet: Internet) -> None:
    internet.delegate(NEW_HOSTS, REGISTRY_ADDRESSES[0])

    first, second = (referred(ask(internet, address, "example.org.", "NS")) for address in REGISTRY_ADDRESSES)
    assert (first, second) == (NEW, OLD)


def test_the_profile_fits_the_servers(internet: Internet, tmp_path: Path) -> None:
    internet.write_profile(tmp_path)

    profile = load_profile(tmp_path / "network.toml")

    assert [server.address for server in profile.root_hints] == [ROOT_ADDRESS]
    assert (profile.port, profile.ipv6, profile.allow_special_addresses) == (internet.port, None, True)
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
    for register in (OLD_HOSTS, NEW_HOSTS):
        internet.register(register)
        document = httpx.get(f"{base}domain/example.org").json()
        servers.append([server["ldhName"] for server in document["nameservers"]])

    assert tlds == ["org"]
    assert servers == [list(map(for_people, OLD_HOSTS)), list(map(for_people, NEW_HOSTS))]
    assert httpx.get(f"{base}domain/example.net").status_code == 404
