"""What every adapter of a provider promises, as tests that ask for nothing but a fixture `service`.

An adapter joins by a test module of three lines and a fixture:

    from tests.providers.contract import *  # noqa: F403

    @pytest.fixture
    def service(monkeypatch): ...yield something that has what `Service` lists

`Service` is one provider played on loopback, with no zone in it at first; `contract_services.py` has those of the
adapters here. Everything goes through `providers.load`, as the commands do.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, Protocol, cast

import dns.name
import dns.rdata
import pytest
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.codec.zone import dumps
from migrator.errors import InputError, MigratorError, ProviderError, UnsafeError
from migrator.interfaces import (
    CallEstimator,
    ChangeResult,
    DnsClient,
    Environment,
    Outcome,
    ReadResult,
    ZoneWriter,
)
from migrator.model.change import Change, Create, Delete, Replace, key_of
from migrator.model.extras import ForRecord, Opaque
from migrator.model.names import absolute, folded
from migrator.model.rrset import RRset, RRsetKey, make
from providers import load, parse_locator

ZONE = "example.com"
ORIGIN = absolute(f"{ZONE}.")
Fault = Literal["throttled", "busy", "dropped", "lost", "expired", "denied"]


class Service(Protocol):
    """One provider on loopback, with everything of the environment pointing at it and pauses that take no time."""

    @property
    def scheme(self) -> str:
        """Return what its locators begin with."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return the credentials of the environment: nothing may ever show them."""

    def add_zone(self) -> str:
        """Make one more zone `example.com` and return the locator that names this one and no other."""

    def zones(self) -> int:
        """Return how many zones there are."""

    def put(self, owner: str, rdtype: str, *texts: str) -> None:
        """Store a set (A, CNAME, MX or TXT; relative owner, `@` for the apex) in the first zone, TTL 3600."""

    def remove(self, owner: str, rdtype: str) -> None:
        """Take a set out of the first zone, as another person would."""

    def put_unknown(self) -> str:
        """Store a set with a field or a type that nobody knows yet, and return a word that only it has."""

    def sent(self) -> tuple[int, int]:
        """Return how many requests came that read, and how many that write."""

    def fail(self, fault: Fault, *, writes: bool = False, skip: int = 0, times: int = 1) -> None:
        """Let `times` requests (that change records, with `writes`) go wrong, after `skip` good ones.

        throttled, busy (503), dropped (before anything was done), lost (after), expired, denied.
        """

    def mend(self) -> None:
        """Let nothing go wrong any more."""

    def log_out(self) -> None:
        """Take the credentials out of the environment."""

    def mistype(self) -> str:
        """Put other credentials into the environment, and return what is secret of them."""


# ---- what the tests use


def _no_addresses(host: Name) -> tuple[str, ...]:
    raise AssertionError(f"{host}: no name server is asked")


ENVIRONMENT = Environment(client=cast("DnsClient", None), resolve=_no_addresses)


def _rrset(owner: str, rdtype: str, *texts: str, ttl: int = 3600) -> RRset:
    number = RdataType.from_text(rdtype)
    rdatas = [dns.rdata.from_text("IN", number, text, origin=dns.name.root, relativize=False) for text in texts]
    return make(RRsetKey(absolute(owner, ORIGIN), number), ttl, tuple(rdatas))


def _locator(service: Service) -> str:
    return f"{service.scheme}:{ZONE}"


def _read(service: Service, text: str = "") -> ReadResult:
    return load(service.scheme).open_reader(parse_locator(text or _locator(service)), ENVIRONMENT).read()


@contextmanager
def _writer(service: Service, text: str = "") -> Iterator[ZoneWriter]:
    """Give a writer whose connections end with the block, where it has any."""
    writer = load(service.scheme).open_writer(parse_locator(text or _locator(service)), ENVIRONMENT)
    try:
        yield writer
    finally:
        getattr(writer, "close", lambda: None)()


def _own(found: Iterable[RRset]) -> dict[RRsetKey, RRset]:
    """The sets by key, without those that the provider gives to every zone."""
    given = {RdataType.SOA, RdataType.NS}
    return {r.key: r for r in found if r.rdtype not in given or folded(r.owner) != folded(ORIGIN)}


def _plain(found: Iterable[RRset]) -> dict[RRsetKey, tuple[int | None, frozenset[object]]]:
    """What DNS says of the sets, whatever else the provider says of them."""
    return {key: (rrset.ttl, frozenset(rrset.rdatas)) for key, rrset in _own(found).items()}


def _changes(before: ReadResult, desired: Sequence[RRset], without: Iterable[RRsetKey] = ()) -> list[Change]:
    """The changes that bring sets into a zone and take others out."""
    there = before.snapshot.by_key()
    found: list[Change] = [
        Replace(there[rrset.key], rrset) if rrset.key in there else Create(rrset)
        for rrset in desired
        if rrset.key not in there or _plain([rrset]) != _plain([there[rrset.key]])
    ]
    return [*found, *(Delete(there[key]) for key in without if key in there)]


def _bring(service: Service, desired: Sequence[RRset], without: Iterable[RRsetKey] = ()) -> list[ChangeResult]:
    with _writer(service) as writer:
        changes = _changes(writer.read(), desired, without)
        results = list(writer.apply(changes))
    assert sorted(_place(key_of(result.change)) for result in results) == sorted(map(_place, map(key_of, changes)))
    return results


def _place(key: RRsetKey) -> tuple[tuple[bytes, ...], int]:
    return key.folded, key.rdtype


def _outcomes(results: Iterable[ChangeResult]) -> set[tuple[Outcome, str]]:
    return {(result.outcome, result.detail if result.outcome is not Outcome.DONE else "") for result in results}


DONE = {(Outcome.DONE, "")}


def _clean(service: Service, error: BaseException) -> str:
    """The one line of an error, which says nothing secret."""
    message = str(error)
    assert "\n" not in message
    assert not [secret for secret in service.secrets if secret in message]
    return message


# The kinds of sets that every provider holds.
WEB = _rrset("www", "A", "192.0.2.1")
SETS = (
    _rrset("@", "A", "192.0.2.80", "192.0.2.81"),
    _rrset("@", "MX", "10 mx1.example.net.", "20 mx2.example.net."),
    _rrset("@", "TXT", '"v=spf1 -all"', r'"say \"hi\"; a\\b" "second"'),
    _rrset("@", "CAA", '0 issue "ca.example.net"'),
    _rrset("*", "A", "192.0.2.10"),
    WEB,
    _rrset("www", "AAAA", "2001:db8::1"),
    _rrset("docs", "CNAME", "docs.example.net."),
    _rrset("_sip._tcp", "SRV", "0 5 5060 sip.example.com."),
    _rrset("s1._domainkey", "TXT", '"v=DKIM1; k=rsa; p=' + "A" * 200 + '" "' + "B" * 150 + '"'),
    _rrset("child", "NS", "ns1.example.net.", "ns2.example.net."),
    _rrset("child", "DS", "60485 8 2 " + "ab" * 32),
    _rrset("host", "PTR", "host.example.net."),
)


# ---- reading


def test_a_new_zone_has_no_more_than_its_soa_and_name_servers(service: Service) -> None:
    service.add_zone()
    result = _read(service)
    assert result.snapshot.origin == ORIGIN
    assert result.snapshot.source == _locator(service)
    assert result.snapshot.read_at is not None
    assert _own(result.snapshot.rrsets) == {}
    assert {rrset.rdtype for rrset in result.snapshot.rrsets} == {RdataType.SOA, RdataType.NS}


def test_sets_are_read_as_they_are_stored(service: Service) -> None:
    service.add_zone()
    service.put("@", "MX", "10 mx1.example.net.", "20 mx2.example.net.")
    service.put("*.dev", "A", "192.0.2.1", "192.0.2.2")
    service.put("docs", "CNAME", "docs.example.net.")
    service.put("t", "TXT", '"one string"', '"two" "strings"')
    assert _plain(_read(service).snapshot.rrsets) == _plain(
        [
            _rrset("@", "MX", "10 mx1.example.net.", "20 mx2.example.net."),
            _rrset("*.dev", "A", "192.0.2.1", "192.0.2.2"),
            _rrset("docs", "CNAME", "docs.example.net."),
            _rrset("t", "TXT", '"one string"', '"two" "strings"'),
        ]
    )


def test_reading_twice_gives_the_same(service: Service) -> None:
    service.add_zone()
    service.put("www", "A", "192.0.2.1")
    first, second = _read(service), _read(service)
    assert first.snapshot.digest() == second.snapshot.digest()
    with _writer(service) as writer:
        assert writer.read().snapshot.digest() == first.snapshot.digest()


def test_what_nobody_knows_is_carried_and_named(service: Service) -> None:
    service.add_zone()
    word = service.put_unknown()
    result = _read(service)
    extras = [e.extra if isinstance(e, ForRecord) else e for r in result.snapshot.rrsets for e in r.extras]
    carried = [extra for extra in extras if isinstance(extra, Opaque)]
    assert [extra.source for extra in carried if word in extra.document] == [service.scheme]
    assert [found for found in result.findings if found.check.startswith(f"{service.scheme}.unknown")]


def test_the_service_s_own_answers_are_kept(service: Service) -> None:
    service.add_zone()
    service.put("marker-k7", "A", "192.0.2.77")
    native = _read(service).snapshot.native
    assert any(b"marker-k7" in document.content and b"192.0.2.77" in document.content for document in native)
    assert len({document.name for document in native}) == len(native)
    assert not [d.name for d in native if "/" in d.name or d.name.startswith(".")]


def test_calls_are_counted_as_they_are_sent(service: Service) -> None:
    service.add_zone()
    assert _read(service).reads == service.sent()[0]
    before = service.sent()
    with _writer(service) as writer:
        writer.exists()
        writer.capabilities()
        list(writer.apply(_changes(writer.read(), [WEB])))
        reads, writes = (after - earlier for after, earlier in zip(service.sent(), before, strict=True))
        assert (writer.calls.reads, writer.calls.writes) == (reads, writes)
    assert writes == 1


def test_name_servers_are_those_that_the_service_assigned(service: Service) -> None:
    locator = parse_locator(service.add_zone())
    assigned = load(service.scheme).assigned_name_servers(locator, ENVIRONMENT)
    assert len(assigned) >= 2
    assert _read(service).snapshot.name_servers == assigned


def test_zones_are_listed(service: Service) -> None:
    service.add_zone()
    (found,) = load(service.scheme).list_zones(parse_locator(f"{service.scheme}:"), ENVIRONMENT)
    assert found.name == ORIGIN
    assert found.identifier


# ---- which zone


def test_a_zone_that_is_not_there_is_one_line(service: Service) -> None:
    with pytest.raises(ProviderError) as missing:
        _read(service)
    assert ZONE in _clean(service, missing.value)
    with _writer(service) as writer:
        assert not writer.exists()


def test_several_zones_of_one_name_are_told_apart_and_none_is_taken_by_chance(service: Service) -> None:
    locators = [service.add_zone(), service.add_zone()]
    service.put("www", "A", "192.0.2.1")
    for act in _each_way_to_the_zone(service):
        with pytest.raises(InputError) as several:
            act()
        options = {text.partition("?")[2] for text in locators}
        assert [option for option in options if option not in str(several.value)] == []
    assert [len(_own(_read(service, text).snapshot.rrsets)) for text in locators] == [1, 0]


def test_an_option_that_is_not_known_is_refused_before_anything_is_asked(service: Service) -> None:
    for act in _each_way_to_the_zone(service, f"{_locator(service)}?no-such-option=1"):
        with pytest.raises(InputError, match="no-such-option"):
            act()
    assert service.sent() == (0, 0)


def _each_way_to_the_zone(service: Service, text: str = "") -> list[Callable[[], object]]:
    def exists() -> object:
        with _writer(service, text) as writer:
            return writer.exists()

    return [lambda: _read(service, text), exists]


# ---- credentials


def test_missing_credentials_are_one_line_that_says_what_to_do(service: Service) -> None:
    service.log_out()
    for act in _each_way_to_the_zone(service):
        with pytest.raises(ProviderError) as refused:
            act()
        assert len(_clean(service, refused.value)) > 40
    assert service.sent() == (0, 0)


def test_wrong_credentials_are_one_line_without_them(service: Service) -> None:
    service.add_zone()
    secret = service.mistype()
    for act in _each_way_to_the_zone(service):
        with pytest.raises(ProviderError) as refused:
            act()
        assert secret not in _clean(service, refused.value)


def test_nothing_secret_is_in_a_backup_or_a_result(service: Service) -> None:
    service.add_zone()
    with _writer(service) as writer:
        results = list(writer.apply(_changes(writer.read(), SETS)))
        result = writer.read()
        shown = [dumps(result.snapshot, result.findings), repr(results), repr(writer), repr(result)]
        shown += [document.content.decode("utf-8", "replace") for document in result.snapshot.native]
    assert not [secret for secret in service.secrets if any(secret in text for text in shown)]


# ---- passing faults, and those that last


@pytest.mark.parametrize("fault", ["throttled", "busy", "dropped"])
def test_passing_faults_of_reading_are_survived(service: Service, fault: Fault) -> None:
    service.add_zone()
    service.put("www", "A", "192.0.2.1")
    service.fail(fault)
    result = _read(service)
    assert _plain(result.snapshot.rrsets) == _plain([WEB])
    assert result.reads == service.sent()[0]


@pytest.mark.parametrize("fault", ["busy", "dropped", "expired", "denied"])
def test_what_lasts_is_one_line(service: Service, fault: Fault) -> None:
    service.add_zone()
    service.fail(fault, times=999)
    with pytest.raises(ProviderError) as failed:
        _read(service)
    _clean(service, failed.value)


# ---- writing


def test_making_a_zone_twice_makes_one(service: Service) -> None:
    with _writer(service) as first, _writer(service) as second:
        for writer in (first, first, second):
            writer.create()
            assert writer.exists()
        assert second.read().snapshot.name_servers == first.read().snapshot.name_servers
    assert service.zones() == 1


def test_what_the_zone_can_hold_is_told(service: Service) -> None:
    with _writer(service) as writer:
        before = writer.capabilities()
        writer.create()
        found = writer.capabilities()
    assert before.scheme == found.scheme == service.scheme
    assert [rrset.key for rrset in SETS if not found.holds_type(rrset.rdtype)] == []
    assert bool(found.aliases.scope) == (found.aliases.own_zone and bool(found.aliases.schemes))
    assert all(claim.source and claim.verified for _, claim in found.claims())


def test_every_set_is_written_and_read_back(service: Service) -> None:
    service.add_zone()
    assert _outcomes(_bring(service, SETS)) == DONE
    assert _plain(_read(service).snapshot.rrsets) == _plain(SETS)


def test_sets_are_replaced_deleted_and_left_alone(service: Service) -> None:
    service.add_zone()
    service.put("theirs", "TXT", '"not ours"')
    _bring(service, SETS)
    new_web = _rrset("www", "A", "192.0.2.2", "192.0.2.3", ttl=300)
    gone = [rrset.key for rrset in SETS if rrset.rdtype in {RdataType.MX, RdataType.SRV}]
    assert _outcomes(_bring(service, [new_web], gone)) == DONE
    kept = [rrset for rrset in SETS if rrset.key not in {*gone, WEB.key}]
    theirs = _rrset("theirs", "TXT", '"not ours"')
    assert _plain(_read(service).snapshot.rrsets) == _plain([*kept, new_web, theirs])


def test_a_name_changes_from_cname_to_addresses_and_back(service: Service) -> None:
    service.add_zone()
    service.put("www", "CNAME", "x.example.net.")
    six = _rrset("www", "AAAA", "2001:db8::1")
    cname = _rrset("www", "CNAME", "x.example.net.")
    assert _outcomes(_bring(service, [WEB, six], [cname.key])) == DONE
    assert _plain(_read(service).snapshot.rrsets) == _plain([WEB, six])
    assert _outcomes(_bring(service, [cname], [WEB.key, six.key])) == DONE
    assert _plain(_read(service).snapshot.rrsets) == _plain([cname])


def test_a_delegation_comes_and_goes_with_its_ds(service: Service) -> None:
    service.add_zone()
    delegation = [rrset for rrset in SETS if rrset.rdtype in {RdataType.NS, RdataType.DS}]
    assert _outcomes(_bring(service, delegation[::-1])) == DONE
    assert _plain(_read(service).snapshot.rrsets) == _plain(delegation)
    assert _outcomes(_bring(service, [], [rrset.key for rrset in delegation])) == DONE
    assert _plain(_read(service).snapshot.rrsets) == {}


def test_nothing_to_do_is_no_call(service: Service) -> None:
    service.add_zone()
    with _writer(service) as writer:
        writer.read()
        before = service.sent()
        assert list(writer.apply([])) == []
        assert not isinstance(writer, CallEstimator) or writer.calls_for([]) == 0
    assert service.sent() == before


def test_the_estimate_of_calls_is_kept(service: Service) -> None:
    service.add_zone()
    with _writer(service) as writer:
        if not isinstance(writer, CallEstimator):
            return
        changes = _changes(writer.read(), SETS)
        estimate = writer.calls_for(changes)
        before = sum(service.sent())
        list(writer.apply(changes))
    # A service that tells when a change is everywhere may be asked more than once.
    assert estimate <= sum(service.sent()) - before <= estimate + 2


def test_the_soa_and_the_name_servers_of_the_zone_cannot_be_deleted(service: Service) -> None:
    service.add_zone()
    with _writer(service) as writer:
        there = writer.read()
        changes = [Delete(rrset) for rrset in there.snapshot.rrsets]
        results = list(writer.apply(changes))
        after = writer.read()
    assert {(type(r.change), r.outcome, bool(r.detail)) for r in results} == {(Delete, Outcome.FAILED, True)}
    assert after.snapshot.digest() == there.snapshot.digest()


# ---- other people


def test_what_somebody_changed_since_it_was_read_is_not_overwritten(service: Service) -> None:
    service.add_zone()
    service.put("www", "A", "192.0.2.1")
    service.put("old", "A", "192.0.2.9")
    with _writer(service) as writer:
        changes = _changes(writer.read(), [_rrset("www", "A", "192.0.2.5")], [_rrset("old", "A").key])
        service.put("www", "A", "192.0.2.66")
        service.remove("old", "A")
        service.put("old", "A", "192.0.2.67")
        _refused(writer, changes)
    theirs = [_rrset("www", "A", "192.0.2.66"), _rrset("old", "A", "192.0.2.67")]
    assert _plain(_read(service).snapshot.rrsets) == _plain(theirs)


def test_what_somebody_made_since_it_was_read_is_not_overwritten(service: Service) -> None:
    service.add_zone()
    with _writer(service) as writer:
        changes = _changes(writer.read(), [WEB])
        service.put("www", "A", "192.0.2.66")
        _refused(writer, changes)
    assert _plain(_read(service).snapshot.rrsets) == _plain([_rrset("www", "A", "192.0.2.66")])


def _refused(writer: ZoneWriter, changes: Sequence[Change]) -> None:
    try:
        results = list(writer.apply(changes))
    except UnsafeError:
        return
    assert {result.outcome for result in results} == {Outcome.FAILED}
    assert all(result.detail for result in results)


# ---- faults while writing


@pytest.mark.parametrize("fault", ["throttled", "busy", "dropped", "lost"])
def test_passing_faults_of_writing_are_survived(service: Service, fault: Fault) -> None:
    service.add_zone()
    service.put("docs", "A", "192.0.2.1")
    docs = _rrset("docs", "CNAME", "docs.example.net.")
    service.fail(fault, writes=True)
    results = _bring(service, SETS, [_rrset("docs", "A").key])
    assert _outcomes(results) == DONE
    assert _plain(_read(service).snapshot.rrsets) == _plain(SETS)
    assert docs.key in _own(_read(service).snapshot.rrsets)


@pytest.mark.parametrize("fault", ["lost", "dropped", "expired", "denied"])
def test_after_a_fault_that_lasts_the_same_work_goes_on_to_the_same_end(service: Service, fault: Fault) -> None:
    service.add_zone()
    with _writer(service) as writer:
        changes = _changes(writer.read(), SETS)
        service.fail(fault, writes=True, times=999)
        seen: list[ChangeResult] = []
        error = _stopped(writer, changes, seen)
        if error is not None:
            _clean(service, error)
        service.mend()
        done = {key_of(result.change) for result in seen if result.outcome is Outcome.DONE}
    there = _plain(_read(service).snapshot.rrsets)
    assert [key for key in done if key not in there] == []
    assert _outcomes(_bring(service, SETS)) <= DONE
    assert _plain(_read(service).snapshot.rrsets) == _plain(SETS)


def _stopped(writer: ZoneWriter, changes: Sequence[Change], seen: list[ChangeResult]) -> MigratorError | None:
    try:
        for result in writer.apply(changes):
            seen.append(result)  # noqa: PERF402 - what came before an error counts
    except ProviderError as exc:
        return exc
    return None


def test_zone_json_carries_everything_that_was_read(service: Service) -> None:
    from migrator.codec.zone import loads

    service.add_zone()
    _bring(service, SETS)
    service.put_unknown()
    result = _read(service)
    again, findings = loads(dumps(result.snapshot, result.findings))
    assert again.digest() == result.snapshot.digest()
    assert len(findings) == len(result.findings)
    assert json.loads(dumps(again, findings)) == json.loads(dumps(result.snapshot, result.findings))


__all__ = [name for name in dir() if name.startswith("test_")]
