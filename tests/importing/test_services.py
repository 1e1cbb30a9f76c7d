"""Imports into each of the services, played on loopback: counted, faulted, continued, taken back."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, get_args

import pytest

from migrator.model.rrset import RRset, RRsetKey
from migrator.workflow.world import open_world
from providers import parse_locator
from tests.importing.here import run_here
from tests.installed import Run
from tests.providers.contract import ZONE, Fault, Service
from tests.providers.contract_services import SERVICES

SOURCE = """\
$TTL 3600
@ SOA ns1.old.example. hostmaster.old.example. 1 7200 900 1209600 300
@ NS ns1.old.example.
@ A 192.0.2.80
@ MX 10 mail
@ TXT "v=spf1 mx -all"
@ CAA 0 issue "ca.example.net"
mail A 192.0.2.25
www A 192.0.2.1
www A 192.0.2.2
docs CNAME docs.example.net.
*.dev A 192.0.2.3
s1._domainkey TXT "v=DKIM1; k=rsa; p=AAAA" "BBBB"
_sip._tcp SRV 0 5 5060 mail
sub NS ns1.example.net.
sub DS 60485 8 2 abababababababababababababababababababababababababababababababab
"""


class Place:
    """A target in one of the services, and the command that imports into it."""

    def __init__(self, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
        self.service = service
        self.locator = f"{service.scheme}:{ZONE}"
        self._monkeypatch = monkeypatch

    def begin(self) -> None:
        """Empty the account, and forget every import."""
        cloud: Any = self.service
        zones = cloud.cloud.cloud.zones if self.service.scheme == "azure" else cloud.cloud.account.zones
        zones.clear()
        for path in Path().glob("dns-migrator.db*"):
            path.unlink()

    def run(self, *arguments: str) -> Run:
        return run_here(self._monkeypatch, *arguments)

    def import_(self, *options: str) -> Run:
        return self.run("import", "example.com.zone", self.locator, "--yes", "--format", "json", *options)

    def sets(self) -> dict[RRsetKey, RRset]:
        return open_world(None).read(parse_locator(self.locator)).snapshot.by_key()


def _service(scheme: str, monkeypatch: pytest.MonkeyPatch) -> AbstractContextManager[Service]:
    return SERVICES[scheme](monkeypatch)


@pytest.fixture(params=sorted(SERVICES))
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.chdir(tmp_path)
    for variable in ("DNS_MIGRATOR_NETWORK", "DNS_MIGRATOR_DATABASE", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    Path("example.com.zone").write_text(SOURCE)
    with _service(request.param, monkeypatch) as service:
        yield Place(service, monkeypatch)


def proved(done: Run) -> None:
    assert done.code == 0, done
    assert (done.json["applied"], done.json["verified"], done.json["ledger"]["unaccounted"]) == (True, True, 0)


def unlike(one: dict[RRsetKey, RRset], other: dict[RRsetKey, RRset]) -> set[RRsetKey]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def test_a_new_zone_is_made_filled_and_proved_with_every_call_counted(place: Place) -> None:
    done = place.import_()

    proved(done)
    assert (done.json["creates_zone"], done.json["ledger"]["read"]) == (True, 14)
    calls = done.json["calls"]
    assert (calls["reads"], calls["writes"]) == place.service.sent()
    assert place.service.zones() == 1
    assert {change["outcome"] for change in done.json["changes"]} == {"done"}


def test_a_second_run_writes_nothing(place: Place) -> None:
    place.import_()
    before = place.service.sent()
    again = place.import_()

    proved(again)
    assert (again.json["changes"], again.json["calls"]["writes"]) == ([], 0)
    assert place.service.sent()[1] == before[1]


def test_what_is_there_is_replaced_or_kept_and_comes_back(place: Place) -> None:
    place.service.add_zone()
    place.service.put("www", "A", "198.51.100.1")
    place.service.put("own", "TXT", '"kept"')
    before = place.sets()
    done = place.import_()

    proved(done)
    assert [change["owner"] for change in done.json["changes"] if change["action"] == "replace"][:1] == [
        "www.example.com."
    ]
    assert [kept["owner"] for kept in done.json["kept"] if kept["rdtype"] == "TXT"] == ["own.example.com."]
    assert Path(done.json["backup"]).is_dir()
    back = place.run("rollback", ZONE, "--yes", "--format", "json")
    assert (back.code, back.json["verified"]) == (0, True), back
    assert unlike(place.sets(), before) <= {key for key in before if key.rdtype.name == "SOA"}


def test_what_the_source_lacks_goes_only_when_asked(place: Place) -> None:
    place.service.add_zone()
    place.service.put("own", "TXT", '"gone"')
    proved(place.import_("--delete"))

    assert not [key for key in place.sets() if key.owner.labels[0] == b"own"]


def test_a_cname_in_the_way_of_addresses_goes_only_when_asked(place: Place) -> None:
    place.service.add_zone()
    place.service.put("www", "CNAME", "old.example.net.")
    refused = place.import_()
    assert (refused.code, refused.json["refused"], place.service.sent()[1]) == (4, ["--delete-conflicting"], 0)

    proved(place.import_("--delete-conflicting"))
    assert {key.rdtype.name for key in place.sets() if key.owner.labels[0] == b"www"} == {"A"}


def test_what_nobody_knows_is_never_touched(place: Place) -> None:
    place.service.add_zone()
    word = place.service.put_unknown()
    before = {key: found for key, found in place.sets().items() if word in str(found.extras)}
    done = place.import_("--delete", "--allow-mass-delete")

    proved(done)
    assert before.items() <= place.sets().items()


PASSING: tuple[Fault, ...] = ("throttled", "busy", "dropped", "lost")
LASTING: tuple[Fault, ...] = ("expired", "denied")


def test_every_fault_is_in_the_tables() -> None:
    assert {*PASSING, *LASTING} == set(get_args(Fault))


def fresh(place: Place, *, there: bool) -> None:
    """Begin again: an account without zones, or with one that has records; no memory of earlier imports."""
    place.begin()
    if there:
        place.service.add_zone()
        place.service.put("www", "A", "198.51.100.1")
        place.service.put("own", "TXT", '"kept"')


def requests_of(place: Place, *, there: bool) -> int:
    """How many requests an import takes that nothing disturbs."""
    fresh(place, there=there)
    before = sum(place.service.sent())
    proved(place.import_())
    return sum(place.service.sent()) - before


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("there", [True, False], ids=["into records", "into a new zone"])
def test_a_fault_that_passes_is_survived_at_every_request(place: Place, fault: Fault, *, there: bool) -> None:
    for skip in range(requests_of(place, there=there)):
        fresh(place, there=there)
        place.service.fail(fault, skip=skip)
        done = place.import_()
        place.service.mend()

        proved(done)
        assert place.service.zones() == 1
    again = place.import_()
    proved(again)
    assert again.json["changes"] == []


@pytest.mark.parametrize("fault", LASTING)
@pytest.mark.parametrize("there", [True, False], ids=["into records", "into a new zone"])
def test_from_whatever_request_on_credentials_fail_the_same_command_goes_on(
    place: Place, fault: Fault, *, there: bool
) -> None:
    total = requests_of(place, there=there)
    for skip in range(total):
        fresh(place, there=there)
        before = sum(place.service.sent())
        place.service.fail(fault, skip=skip, times=10_000)
        done = place.import_()
        place.service.mend()

        assert sum(place.service.sent()) - before < 3 * total, (
            "nobody goes on asking where credentials are refused"
        )
        if skip == total - 1 and done.code == 0:
            proved(done)  # the last request may be one whose answer proves nothing of the records
            break
        assert (done.code, done.err.count("\n"), done.err.startswith("dns-migrator: ")) == (3, 1, True), (
            skip,
            done,
        )
        assert not any(secret in done.out + done.err for secret in place.service.secrets)
        proved(place.import_())
        assert place.service.zones() == 1
    again = place.import_()
    proved(again)
    assert again.json["changes"] == []


@pytest.mark.parametrize("fault", ["throttled", "busy", "dropped"])
@pytest.mark.parametrize("where", ["reading", "writing"])
def test_an_outage_is_one_line_and_the_same_command_goes_on(place: Place, fault: Fault, where: str) -> None:
    fresh(place, there=True)
    place.service.fail(fault, writes=where == "writing", times=10_000)
    done = place.import_()
    place.service.mend()

    assert (done.code, done.err.count("\n"), done.err.startswith("dns-migrator: ")) == (3, 1, True), done
    proved(place.import_())


@pytest.mark.parametrize("fault", ["lost", "expired"])
def test_a_rollback_is_survived_or_goes_on_too(place: Place, fault: Fault) -> None:
    fresh(place, there=True)
    before = place.sets()
    place.import_()
    sent = sum(place.service.sent())
    place.run("rollback", ZONE, "--yes")
    total = sum(place.service.sent()) - sent
    for skip in range(total):
        fresh(place, there=True)
        place.import_()
        place.service.fail(fault, skip=skip, times=10_000 if fault == "expired" else 1)
        done = place.run("rollback", ZONE, "--yes")
        place.service.mend()

        last = skip == total - 1
        assert done.code == (3 if fault == "expired" and not (last and done.code == 0) else 0), (skip, done)
        assert place.run("rollback", ZONE, "--yes").code == 0
        assert unlike(place.sets(), before) <= {key for key in before if key.rdtype.name in {"SOA", "NS"}}
