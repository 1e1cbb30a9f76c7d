"""Zone transfers from NSD, Knot and BIND: signed and unsigned, refused in each one's own way, small and large."""

import base64
from collections.abc import Iterator

import pytest
from dns.rdatatype import RdataType

from migrator.dnsclient import SocketClient
from migrator.errors import ProviderError
from migrator.interfaces import Environment, ReadResult
from migrator.network.profile import load_profile
from providers import axfr, parse_locator
from tests.lab.lab import Lab
from tests.lab.servers import TSIG_ALGORITHM, TSIG_NAME, TSIG_SECRET, Authority, Transfer
from tests.lab.zones import zone_text

OPEN, KEYED, CLOSED, LARGE = "open-transfer.test.", "keyed-transfer.test.", "closed-transfer.test.", "large.test."
RECORDS = '@ A 192.0.2.1\nwww TXT "one" "two"\nsub NS ns.sub\nns.sub A 192.0.2.53\n'
NAME_SERVERS = ("ns1.example.net.", "ns2.example.net.")
KEY = f"?tsig={TSIG_NAME}:{TSIG_SECRET}"
OTHER_SECRET = base64.b64encode(b"not this one, but as long as it is").decode()


@pytest.fixture(scope="module", params=["nsd", "knot", "bind"])
def server(laboratory: Lab, request: pytest.FixtureRequest) -> Iterator[Authority]:
    by_name = {"nsd": laboratory.old.servers[0], "knot": laboratory.new.servers[0], "bind": laboratory.bind}
    authority: Authority = by_name[request.param]
    many = "".join(f'h{n} 60 TXT "{n} {"x" * 200}"\n' for n in range(20_000))
    zones = {OPEN: (RECORDS, Transfer.OPEN), KEYED: (RECORDS, Transfer.KEYED), CLOSED: ("", Transfer.CLOSED)}
    for zone, (records, transfer) in {**zones, LARGE: (many, Transfer.KEYED)}.items():
        authority.put(zone, zone_text(zone, records, NAME_SERVERS), transfer)
    yield authority
    for zone in (*zones, LARGE):
        authority.remove(zone)


def read(lab: Lab, server: Authority, zone: str, query: str = "") -> ReadResult:
    client = SocketClient(load_profile(lab.profile))
    environment = Environment(client, lambda host: (), port=lab.port)  # noqa: ARG005 - nothing is looked up
    return axfr.open_reader(parse_locator(lab.locator("axfr", zone, server) + query), environment).read()


def refusal(lab: Lab, server: Authority, zone: str, query: str = "") -> str:
    with pytest.raises(ProviderError) as caught:
        read(lab, server, zone, query)
    told = str(caught.value)
    assert TSIG_SECRET not in told
    assert OTHER_SECRET not in told
    return told


@pytest.mark.parametrize(("zone", "query"), [(OPEN, ""), (KEYED, KEY)])
def test_a_zone_is_transferred_whole(laboratory: Lab, server: Authority, zone: str, query: str) -> None:
    result = read(laboratory, server, zone, query)

    kinds = [rrset.rdtype for rrset in result.snapshot.rrsets]
    assert kinds == [
        RdataType.SOA,
        RdataType.NS,
        RdataType.A,
        RdataType.NS,
        RdataType.A,
        RdataType.TXT,
    ]
    assert (result.snapshot.record_count(), result.findings) == (7, ())


def test_a_large_signed_transfer_is_verified_to_its_end(laboratory: Lab, server: Authority) -> None:
    result = read(laboratory, server, LARGE, KEY)

    assert result.snapshot.record_count() == 20_003
    assert len(result.snapshot.native[0].content) > 20_000 * 200


def test_what_is_not_allowed_is_refused_in_one_line(laboratory: Lab, server: Authority) -> None:
    for zone in (CLOSED, KEYED, "not-there.test."):
        told = refusal(laboratory, server, zone)
        # NSD and BIND say REFUSED, Knot NOTAUTH; each of them NOTAUTH or REFUSED of a zone that it does not have.
        assert "refuses" in told
        assert told.endswith("llow this address there, or give ?tsig=NAME:KEY.")
    with_key = refusal(laboratory, server, CLOSED, KEY)
    assert with_key.endswith(("or allow the key.", "Check its name, its algorithm and its permission."))


def test_what_is_wrong_with_a_key_is_said(laboratory: Lab, server: Authority) -> None:
    unknown = refusal(laboratory, server, KEYED, f"?tsig=another-name:{TSIG_SECRET}")
    wrong = refusal(laboratory, server, KEYED, f"?tsig={TSIG_NAME}:{OTHER_SECRET}")

    assert f"key another-name ({TSIG_ALGORITHM}): the server knows no such key, or not for this zone." in unknown
    assert f"key {TSIG_NAME} ({TSIG_ALGORITHM}): the server has another secret for it. Check the secret." in wrong
