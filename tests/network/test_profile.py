"""The network profile: every key, every default, and one clear line for everything that cannot be used."""

import dataclasses
from pathlib import Path

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import pytest

from migrator.errors import InputError
from migrator.model.observation import Server
from migrator.network.profile import PUBLIC_RESOLVERS, NetworkProfile, Resolver, load_profile

ROOT_SERVERS = [dns.name.from_text(f"{letter}.root-servers.net") for letter in "abcdefghijklm"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "named.root").write_text(
        ". 3600 IN NS ns1.root.test.\n"
        ".      NS ns2.root.test. ; no address, no server\n"
        "NS1.root.test. 3600 AAAA 2001:db8::1\n"
        "ns1.root.test. 3600 A 127.10.0.1\n"
        "ns1.root.test. A 127.10.0.2\n"
    )
    (tmp_path / "root.ds").write_text(f". IN DS 4711 13 2 {'00' * 32}\n")
    (tmp_path / "rdap.json").write_text("{}")
    (tmp_path / "ca.pem").write_text("")
    return tmp_path


def profile(folder: Path, text: str) -> NetworkProfile:
    path = folder / "network.toml"
    path.write_text(text)
    return load_profile(path)


def test_without_a_file_the_real_internet_is_described() -> None:
    found = load_profile(None)

    assert [server.name for server in found.root_hints[::2]] == ROOT_SERVERS
    assert [server.name for server in found.root_hints[1::2]] == ROOT_SERVERS
    assert all("." in server.address for server in found.root_hints[::2])
    assert all(":" in server.address for server in found.root_hints[1::2])
    assert Server("170.247.170.2", 53, ROOT_SERVERS[1]) in found.root_hints
    assert Server("2801:1b8:10::b", 53, ROOT_SERVERS[1]) in found.root_hints
    assert dataclasses.replace(found, root_hints=(), trust_anchors="") == NetworkProfile(
        root_hints=(),
        port=53,
        ipv6=None,
        timeout=2.0,
        attempts=3,
        queries_per_second=200.0,
        trust_anchors="",
        rdap_bootstrap="https://data.iana.org/rdap/dns.json",
        allow_special_addresses=False,
        resolvers=PUBLIC_RESOLVERS,
    )


def test_the_shipped_trust_anchors_are_the_two_of_iana() -> None:
    lines = [line.split(None, 4)[4] for line in load_profile(None).trust_anchors.splitlines() if line[:1] == "."]
    anchors = [dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.DS, line).to_text() for line in lines]

    assert anchors == [
        "20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d",
        "38696 8 2 683d2d0acb8c9b712a1948b27f741219298d0a450d612c483af444a4c0fb2b16",
    ]


def test_every_key_is_used(folder: Path) -> None:
    found = profile(
        folder,
        """
        root_hints = "named.root"
        port = 5300
        ipv6 = true
        timeout = 0.5
        attempts = 2
        queries_per_second = 1000
        trust_anchors = "root.ds"
        rdap_bootstrap = "rdap.json"
        allow_special_addresses = true
        https_port = 8443
        ca_bundle = "ca.pem"
        [[resolvers]]
        name = "lab"
        address = "127.0.0.1:5353"
        [[resolvers]]
        address = "[2001:db8::53]:5353"
        [[resolvers]]
        address = "2001:db8::53"
        """,
    )

    name = dns.name.from_text("ns1.root.test")
    assert found == NetworkProfile(
        root_hints=tuple(Server(address, 5300, name) for address in ("127.10.0.1", "127.10.0.2", "2001:db8::1")),
        port=5300,
        ipv6=True,
        timeout=0.5,
        attempts=2,
        queries_per_second=1000.0,
        trust_anchors=(folder / "root.ds").read_text(),
        rdap_bootstrap=str(folder / "rdap.json"),
        allow_special_addresses=True,
        resolvers=(
            Resolver("lab", "127.0.0.1", 5353),
            Resolver("[2001:db8::53]:5353", "2001:db8::53", 5353),
            Resolver("2001:db8::53", "2001:db8::53", 53),
        ),
        https_port=8443,
        ca_bundle=str(folder / "ca.pem"),
    )


@pytest.mark.parametrize(
    ("text", "ipv6"), [("", None), ('ipv6 = "auto"', None), ("ipv6 = false", False), ("ipv6 = true", True)]
)
def test_ipv6_is_on_off_or_decided_by_the_routes(folder: Path, text: str, ipv6: bool | None) -> None:
    assert profile(folder, text).ipv6 is ipv6


def test_questions_without_a_limit_have_to_be_asked_for(folder: Path) -> None:
    assert profile(folder, "").queries_per_second == 200
    assert profile(folder, "queries_per_second = 0").queries_per_second == 0


def test_rdap_can_be_switched_off_and_resolvers_can_be_none(folder: Path) -> None:
    found = profile(folder, 'rdap_bootstrap = ""\nresolvers = []')

    assert (found.rdap_bootstrap, found.resolvers) == ("", ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prot = 53", "prot: unknown key; there are port, root_hints, ipv6, timeout, attempts,"),
        ("port = 0", "port: a whole number from 1 to 65535 was expected, not 0."),
        ("port = 65536", "port: a whole number from 1 to 65535"),
        ("port = true", "port: a whole number from 1 to 65535 was expected, not True."),
        ('port = "53"', "port: a whole number from 1 to 65535 was expected, not '53'."),
        ('ipv6 = "no"', "ipv6: true, false or \"auto\" was expected, not 'no'."),
        ("ipv6 = 1", "ipv6: true, false or"),
        ("https_port = 0", "https_port: a whole number from 1 to 65535 was expected, not 0."),
        ('ca_bundle = "none.pem"', "ca_bundle: there is no file"),
        ("timeout = 0", "timeout: a number above 0 and up to 60 was expected, not 0."),
        ("timeout = nan", "timeout: a number above 0"),
        ("timeout = inf", "timeout: a number above 0"),
        ("attempts = 1.5", "attempts: a whole number from 1 to 10 was expected, not 1.5."),
        ("queries_per_second = -1", "queries_per_second: a number above 0 and up to 1,000,000"),
        ("allow_special_addresses = 1", "allow_special_addresses: true or false was expected, not 1."),
        ("root_hints = 5", "root_hints: a text in quotes was expected, not 5."),
        ('root_hints = "gone"', "gone cannot be read: No such file or directory."),
        ('root_hints = "root.ds"', "root.ds: an NS record of the root with an address beside it was expected."),
        ('trust_anchors = "named.root"', "named.root: DS or DNSKEY records were expected, not . NS."),
        ('trust_anchors = "rdap.json"', "rdap.json:1: No record of the file can be read."),
        ('rdap_bootstrap = "gone"', "rdap_bootstrap: there is no file"),
        ('rdap_bootstrap = "ftp://x/"', "rdap_bootstrap: an https:// URL or a file was expected, not 'ftp://x/'."),
        ('resolvers = "8.8.8.8"', "resolvers: tables were expected, each under [[resolvers]]."),
        ("[[resolvers]]", "resolvers[1].address: an address such as"),
        ('[[resolvers]]\naddress = "dns.google"', "resolvers[1].address: an address such as"),
        ('[[resolvers]]\naddress = "192.0.2.1:0"', "resolvers[1].address: '0' is not a port (1 to 65535)."),
        ('[[resolvers]]\naddress = "[2001:db8::1]x"', "resolvers[1].address: 'x' is not a port"),
        (
            '[[resolvers]]\naddress = "192.0.2.1"\nport = 53',
            "resolvers[1].port: unknown key; there are address, name.",
        ),
        ("port = ", "the network profile is not TOML: Invalid value"),
    ],
)
def test_what_cannot_be_used_is_one_line_with_the_file_and_the_key(folder: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        profile(folder, text)

    assert str(caught.value).startswith(f"{folder / 'network.toml'}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_byte_order_mark_is_no_part_of_a_profile(tmp_path: Path) -> None:
    file = tmp_path / "network.toml"
    file.write_bytes(b"\xef\xbb\xbfport = 5300\r\n")

    assert load_profile(file).port == 5300


def test_a_profile_that_is_missing_or_no_text_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"port = \xff")

    with pytest.raises(InputError, match="the network profile is not UTF-8 text"):
        load_profile(broken)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        load_profile(tmp_path / "gone.toml")
    with pytest.raises(InputError, match="is a folder; a regular file or a pipe was expected"):
        load_profile(tmp_path)
