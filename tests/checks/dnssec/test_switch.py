"""The gate: the strategies that let validation live through the switch, and all that does not. NOW is 09:00."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from dns.dnssec import key_id

from migrator.checks.dnssec.switch import safe_to_switch
from migrator.checks.facts import Facts
from migrator.checks.points import Passed, Problem, Unchecked
from migrator.cutover.look import Side
from migrator.model.finding import Phase, Severity
from migrator.model.observation import Silence
from tests.checks.build import NEW, NOW, OLD, after, delegation, facts, history, new_side, points, silent, told
from tests.checks.build import parent as view
from tests.checks.dnssec.signed import ZSK, ds, key, signed
from tests.checks.test_resolvers import judged as switched_at

HOUR = 3600
PARENTS = ("192.0.2.1", "192.0.2.2")


def judged(
    old: Any = "", new: Any = "", *, trusted: tuple[str, ...] = (), sights: tuple[Any, ...] = (), **changes: Any
) -> list[Any]:
    known = facts(old, new, delegation=delegation(listed=OLD, ds=trusted), history=history(*sights), **changes)
    return points(safe_to_switch, known)


def seen_ds(rdata: str, first: float, last: float, ttl: int | None = HOUR) -> tuple[Any, ...]:
    """Return that both parents showed this DS (none where empty) in that time."""
    return tuple((address, "@ DS", ttl if rdata else None, rdata, first, last) for address in PARENTS)


def seen_keys(names: tuple[str, ...], keys: list[Any], first: float, ttl: int = 300) -> tuple[Any, ...]:
    texts = " | ".join(each.to_text() for each in keys)
    return tuple((name, "@ DNSKEY", ttl, texts, first, -1.0) for name in names)


def test_an_unsigned_domain_has_nothing_to_wait_for() -> None:
    assert told(judged()) == [
        "pass example.test. DS: No DS at the parent and no keys at the old servers: nothing to wait for."
    ]


def test_a_ds_that_is_left_behind_breaks_the_domain_at_an_unsigned_new_side() -> None:
    found = judged(signed(by="old"), trusted=(ds("old"),))

    assert [type(point) for point in found] == [Problem, Problem]
    assert "the new server has no keys: after the switch validating resolvers answer SERVFAIL" in told(found)[0]


def test_a_ds_of_the_old_key_alone_does_not_fit_the_new_side() -> None:
    found = judged(signed(by="old"), signed(by="new", side=Side.NEW), trusted=(ds("old"),))

    assert "no key that signs the keys there fits it" in told(found)[0]
    assert found[0].remedy.startswith("Do not switch. Remove the DS")


def test_going_insecure_waits_for_the_larger_ttl_of_ds_and_keys() -> None:
    sights = (*seen_ds(ds("old"), -5 * HOUR, -2 * HOUR), *seen_ds("", -1.5 * HOUR, -60))
    late = judged(signed(by="old", ttl=300), sights=sights)
    early = judged(signed(by="old", ttl=2 * HOUR), sights=sights)

    assert [type(point) for point in late] == [Passed]
    assert late[0].not_before == after(-0.5 * HOUR)
    assert [type(point) for point in early] == [Problem]
    assert early[0].not_before == after(0.5 * HOUR)
    assert early[0].message == (
        "Too early: resolvers can hold the DS or the old keys until 2026-12-01T09:30:00Z = DS gone since "
        "2026-12-01T07:30:00Z + max(DS TTL 3600, DNSKEY TTL 7200)."
    )


@pytest.mark.parametrize(("keys", "warned"), [(2000, True), (1000, False)])
def test_a_resolver_that_fetched_the_keys_anew_while_it_held_the_ds_is_warned_of(keys: int, warned: bool) -> None:
    sights = (*seen_ds(ds("old"), -5 * HOUR, -2 * HOUR), *seen_ds("", -1.4 * HOUR, -60))

    (found,) = judged(signed(by="old", ttl=keys), sights=sights)

    if not warned:
        assert isinstance(found, Passed)
        return
    assert isinstance(found, Problem)
    assert (found.severity, found.not_before) == (Severity.WARNING, None)
    assert found.message == (
        "Early for a few: resolvers that fetched the old keys anew while they held the DS can hold them until "
        "2026-12-01T09:09:20Z = DS gone since 2026-12-01T07:36:00Z + DS TTL 3600 + DNSKEY TTL 2000."
    )
    assert found.remedy == (
        "To be sure of every resolver, keep the old zone signed and wait until 2026-12-01T09:09:20Z."
    )


@pytest.mark.parametrize(
    ("now", "lowered", "until"),
    [
        pytest.param(
            signed(by="old"), -3.0, 1.0, id="lowered before the DS went: until then, and four hours more"
        ),
        pytest.param(signed(by="old"), -0.75, 2.5, id="lowered when the DS was gone: fetched before that"),
        pytest.param("", -0.75, 2.5, id="signing is switched off at the old provider"),
    ],
)
def test_keys_that_had_a_longer_ttl_are_waited_for_with_that(now: Any, lowered: float, until: float) -> None:
    """The DS was last seen at -2 h and gone at -1.5 h, with a TTL of one hour; the keys had one of four hours."""
    keys = key("old").to_text()
    sights = (
        *seen_ds(ds("old"), -5 * HOUR, -2 * HOUR),
        *seen_ds("", -1.5 * HOUR, -60),
        *((name, "@ DNSKEY", 4 * HOUR, keys, -5.0 * HOUR, lowered * HOUR - 60) for name in OLD),
        *((name, "@ DNSKEY", 300 if now else None, keys if now else "", lowered * HOUR, -60.0) for name in OLD),
    )

    (found,) = judged(now, sights=sights)

    assert isinstance(found, Problem)
    assert found.not_before == after(until * HOUR)
    assert "later than DS gone since 2026-12-01T07:30:00Z + max(DS TTL 3600, DNSKEY TTL" in found.message


def test_keys_that_no_look_saw_are_unchecked_until_no_cache_can_hold_them() -> None:
    sights = (*seen_ds(ds("old"), -20 * HOUR, -2 * HOUR), *seen_ds("", -1.5 * HOUR, -60))
    none = [(name, "@ DNSKEY", None, "", -3.0 * HOUR, -60.0) for name in OLD]

    (unknown,), (known,) = judged(sights=sights), judged(sights=(*sights, *none))
    (past,) = judged(sights=(*seen_ds(ds("old"), -999 * HOUR, -200 * HOUR), *seen_ds("", -190 * HOUR, -60)))

    assert isinstance(unknown, Unchecked)
    assert unknown.reason == (
        "until when resolvers hold the old keys is not known: DNSKEY TTL: no look saw the keys that the old "
        "servers had"
    )
    assert unknown.not_before == after((7 * 24 - 0.5) * HOUR)
    assert [type(point) for point in (known, past)] == [Passed, Passed]


def test_a_ds_that_went_a_moment_ago_is_seen_by_the_last_look() -> None:
    (found,) = judged(signed(by="old"), sights=seen_ds(ds("old"), -5 * HOUR, -60))

    assert isinstance(found, Problem)
    assert found.not_before == after(HOUR)


def test_a_signed_zone_without_ds_that_nobody_watched_is_unchecked() -> None:
    (found,) = judged(signed(by="old"))

    assert isinstance(found, Unchecked)
    assert found.not_before == after(HOUR)


def test_a_signed_zone_that_had_no_ds_in_earlier_looks_waits_as_the_first_of_them_said() -> None:
    """If there was a DS, it may have gone a moment before that look: its TTL and that of the keys are ahead."""
    sights = [seen_ds("", first, -60) for first in (-2 * HOUR, -100)]
    long_ago, just_now = (judged(signed(by="old"), sights=each) for each in sights)

    assert [type(point) for point in long_ago] == [Passed]
    assert [type(point) for point in just_now] == [Problem]
    assert just_now[0].not_before == after(HOUR - 100)


@pytest.mark.parametrize(
    ("own", "passes"), [(("SHA1",), False), (("SHA1", "SHA256"), True), (("SHA256",), True), (("SHA384",), True)]
)
def test_a_ds_by_sha1_does_not_count_beside_a_better_one(own: tuple[str, ...], passes: bool) -> None:
    trusted = (ds("old"), *(ds("new", digest) for digest in own))

    found = settling(signed(by="old", published=[key("new", ZSK)]), signed(by="new", side=Side.NEW), *trusted)

    of_new = [point for point in found if "new.example" in point.subject and "fits it" in told([point])[0]]
    assert not of_new if passes else len(of_new) == len(NEW)
    assert passes or "digest is by SHA-1, which validators pass over beside a better one" in told(of_new)[0]


def test_a_ds_by_sha1_alone_counts() -> None:
    alone = settling(signed(by="new"), signed(by="new", side=Side.NEW), ds("new", "SHA1"))

    assert [type(point) for point in alone] == [Passed]


def crossed(*, age: float | None, ds_age: float | None = None) -> list[Any]:
    """Judge two sides that publish each other's keys, seen so for as long as that; the DS of both for less."""
    old = signed(by="old", published=[key("new", ZSK), key("new")])
    new = signed(by="new", published=[key("old", ZSK), key("old")], side=Side.NEW)
    sights: tuple[Any, ...] = ()
    if age is not None:
        sights = (
            *seen_keys(OLD, [key("old"), key("new", ZSK), key("new")], age),
            *seen_keys(NEW, [key("new"), key("old", ZSK), key("old")], age),
            *(seen_ds(ds("old"), age - HOUR, ds_age - 60) if ds_age is not None else ()),
            *seen_ds(f"{ds('old')} | {ds('new')}", age if ds_age is None else ds_age, -60),
        )
    return judged(old, new, trusted=(ds("old"), ds("new")), sights=sights)


def test_multi_signer_passes_once_caches_hold_the_exchanged_keys() -> None:
    (late,), (early,), (first,) = crossed(age=-2 * HOUR), crossed(age=-HOUR / 2), crossed(age=None)

    assert isinstance(late, Passed)
    assert late.not_before == after(-HOUR)
    assert isinstance(early, Problem)
    assert early.not_before == after(HOUR / 2)
    assert isinstance(first, Unchecked)
    assert first.not_before == after(HOUR)


def test_a_resolver_that_holds_the_ds_of_the_old_side_alone_is_waited_for() -> None:
    (early,), (late,) = crossed(age=-3 * HOUR, ds_age=-HOUR / 2), crossed(age=-3 * HOUR, ds_age=-HOUR)

    assert isinstance(early, Problem)
    assert early.not_before == after(HOUR / 2)
    assert early.message == (
        "Too early: caches can hold keys, or a DS, without those of the other side until 2026-12-01T09:30:00Z = "
        "a DS of the new side at a.nic.test (192.0.2.1) since 2026-12-01T08:30:00Z + 3600."
    )
    assert isinstance(late, Passed)


def test_a_ds_of_the_new_side_that_was_added_just_now_is_too_early_and_not_unknown() -> None:
    old = signed(by="old", published=[key("new", ZSK), key("new")])
    new = signed(by="new", published=[key("old", ZSK), key("old")], side=Side.NEW)
    sights = (
        *seen_keys(OLD, [key("old"), key("new", ZSK), key("new")], -3 * HOUR),
        *seen_keys(NEW, [key("new"), key("old", ZSK), key("old")], -3 * HOUR),
        *seen_ds(ds("old"), -3 * HOUR, -60, ttl=2 * HOUR),
    )

    (found,) = judged(old, new, trusted=(ds("old"), ds("new")), sights=sights)

    assert isinstance(found, Problem)
    assert found.not_before == after(2 * HOUR), "the TTL that the DS had before is what caches hold"


def test_keys_from_before_the_exchange_are_waited_for_with_the_ttl_that_they_had() -> None:
    old = signed(by="old", published=[key("new", ZSK), key("new")])
    new = signed(by="new", published=[key("old", ZSK), key("old")], side=Side.NEW)
    sights = (
        *((name, "@ DNSKEY", 4 * HOUR, key("old").to_text(), -9.0 * HOUR, -3.0 * HOUR) for name in OLD),
        *seen_keys(OLD, [key("old"), key("new", ZSK), key("new")], -3 * HOUR),
        *seen_keys(NEW, [key("new"), key("old", ZSK), key("old")], -3 * HOUR),
        *seen_ds(f"{ds('old')} | {ds('new')}", -3 * HOUR, -60),
    )

    (found,) = judged(old, new, trusted=(ds("old"), ds("new")), sights=sights)

    assert isinstance(found, Problem)
    assert found.not_before == after(HOUR)


def test_two_ds_without_an_exchange_of_keys_are_an_outage() -> None:
    found = judged(signed(by="old"), signed(by="new", side=Side.NEW), trusted=(ds("old"), ds("new")))

    assert [point.subject for point in found] == [
        "ns1.old.example (198.51.100.1)",
        "ns2.old.example (198.51.100.2)",
        "ns1.new.example (203.0.113.1)",
        "ns2.new.example (203.0.113.2)",
    ]
    assert all("a resolver that holds one side's keys cannot validate" in line for line in told(found))


def test_servers_that_do_not_show_what_signs_their_data_are_unchecked() -> None:
    known = facts(
        signed(by="old"),
        signed(by="new", side=Side.NEW),
        delegation=delegation(listed=OLD, ds=[ds("old"), ds("new")]),
    )
    quiet = [silent(name, "@ SOA", dnssec_ok=True) for name in (*OLD, *NEW)]

    assert told(points(safe_to_switch, known, *quiet)) == [
        "unchecked ns1.old.example (198.51.100.1): does not show which keys sign its data: timeout"
    ]


def test_the_same_keys_on_both_sides_are_the_exchange() -> None:
    sights = (
        *seen_keys(OLD, [key("old")], -2 * HOUR),
        *seen_keys(NEW, [key("old")], -2 * HOUR),
        *seen_ds(ds("old"), -2 * HOUR, -60),
    )
    found = judged(signed(by="old"), signed(by="old", side=Side.NEW), trusted=(ds("old"),), sights=sights)

    assert [type(point) for point in found] == [Passed]


def test_a_parent_server_that_does_not_say_leaves_it_unchecked() -> None:
    known = facts(delegation=delegation(view(1, OLD), view(2, OLD, ds=Silence.TIMEOUT)))

    assert told(points(safe_to_switch, known)) == [
        "unchecked example.test. DS: b.nic.test (192.0.2.2) does not say whether there is a DS"
    ]


def test_a_new_server_that_does_not_show_its_keys_is_unchecked() -> None:
    known = facts(
        signed(by="old"), signed(by="old", side=Side.NEW), delegation=delegation(listed=OLD, ds=[ds("old")])
    )
    found = points(safe_to_switch, known, silent(NEW[1], "@ DNSKEY", dnssec_ok=True))

    assert told(found) == ["unchecked ns2.new.example (203.0.113.2): does not show its keys: timeout"]


def test_without_a_new_side_there_is_no_gate() -> None:
    known: Facts = replace(facts(new=None), now=NOW)

    assert told(points(safe_to_switch, known)) == ["not-needed: the new side is not known: --to names it"]
    assert told(points(safe_to_switch, facts(new=new_side(hosts=()), delegation=delegation(ds=[ds("old")])))) == [
        "unchecked example.test. DS: no address of a new name server is known"
    ]


def settling(
    old: Any,
    new: Any,
    *trusted: str,
    switched: float = -60,
    phase: Phase = Phase.SETTLE,
    sights: tuple[Any, ...] = (),
) -> list[Any]:
    """Judge what caches meet that still list the old servers, an hour and ten minutes from the switch on."""
    known = facts(
        old,
        new,
        phase=phase,
        delegation=delegation(listed=NEW, ds=trusted),
        judgement=switched_at(switched=switched),
        history=history(*sights),
    )
    return points(safe_to_switch, known)


@pytest.mark.parametrize("phase", [Phase.SWITCH, Phase.SETTLE])
@pytest.mark.parametrize(
    ("old", "says"),
    [
        ("", "it has no keys"),
        (signed(by="old"), f"no key there fits it ({key_id(key('old'))})"),
        (
            signed(by="old", published=[key("new")]),
            f"key {key_id(key('new'))}, which fits it, does not sign the keys there",
        ),
    ],
    ids=["unsigned before", "signed with other keys before", "the new key imported"],
)
def test_a_ds_of_the_new_keys_before_the_last_stale_answer_breaks_who_asks_the_old_servers(
    old: Any, says: str, phase: Phase
) -> None:
    found = settling(old, signed(by="new", side=Side.NEW), ds("new"), phase=phase)

    assert [type(point) for point in found] == [Problem, Problem]
    assert told(found)[0].startswith("problem ns1.old.example (198.51.100.1): The parent has DS ")
    assert found[0].message.endswith(
        f"and {says}: resolvers that still ask this old server answer SERVFAIL until 2026-12-01T10:09:00Z, when "
        "the last stale answer is due."
    )


def test_after_the_last_stale_answer_and_without_a_ds_nobody_can_be_broken() -> None:
    new = signed(by="new", side=Side.NEW)

    assert told(settling("", new, ds("new"), switched=-9e5)) == [
        (
            f"pass example.test. DS: DS {key_id(key('new'))} fits the keys of every new server, and the last "
            "stale answer was due 2026-11-21T00:10:00Z."
        )
    ]
    assert told(settling(signed(by="old"), new)) == ["not-needed: no DS at the parent"]


@pytest.mark.parametrize("switched", [-60, -9e5])
@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("", "and the new server has no keys: validating resolvers answer SERVFAIL for the whole domain."),
        (
            signed(by="new", side=Side.NEW),
            (
                f"and no key that signs the keys there fits it ({key_id(key('new'))}): validating resolvers "
                "answer SERVFAIL."
            ),
        ),
    ],
    ids=["unsigned", "signed with other keys"],
)
def test_a_ds_that_was_left_behind_breaks_the_new_side_however_long_the_switch_is_past(
    new: Any, says: str, switched: float
) -> None:
    found = settling(signed(by="old"), new, ds("old"), switched=switched)

    assert [type(point) for point in found] == [Problem, Problem]
    assert found[0].message == f"The parent has DS {key_id(key('old'))}, {says}"
    assert found[0].remedy == (
        "Remove the DS at the registrar at once, or have the new provider sign with keys that it fits. Resolvers "
        "go on to fail until its TTL of 3600 s is past."
    )


def test_a_new_server_that_does_not_show_its_keys_is_unchecked_however_long_the_switch_is_past() -> None:
    known = facts(
        new=signed(by="new", side=Side.NEW),
        phase=Phase.SETTLE,
        delegation=delegation(listed=NEW, ds=[ds("new")]),
        judgement=switched_at(switched=-9e5),
    )

    assert told(points(safe_to_switch, known, silent(NEW[1], "@ DNSKEY", dnssec_ok=True))) == [
        "unchecked ns2.new.example (203.0.113.2): does not show its keys: timeout"
    ]


@pytest.mark.parametrize("phase", [Phase.SWITCH, Phase.SETTLE])
def test_a_ds_that_went_after_the_switch_is_waited_for(phase: Phase) -> None:
    """It was last seen half an hour ago: a resolver that fetched it then has it for half an hour more."""
    sights = (*seen_ds(ds("old"), -5 * HOUR, -0.5 * HOUR), *seen_ds("", -0.5 * HOUR, -60))
    long_ago = (*seen_ds(ds("old"), -50 * HOUR, -9 * HOUR), *seen_ds("", -9 * HOUR, -60))

    found = settling(signed(by="old"), "", switched=-9e5, phase=phase, sights=sights)

    assert [type(point) for point in found] == [Problem]
    assert found[0].message == (
        "The switch came too early: resolvers that hold the DS or the old keys answer SERVFAIL until "
        "2026-12-01T09:30:00Z = DS gone since 2026-12-01T08:30:00Z + max(DS TTL 3600, DNSKEY TTL 300)."
    )
    assert found[0].remedy == (
        "Keep the old zone signed, and wait until 2026-12-01T09:30:00Z: nothing but time takes them out of caches."
    )
    assert found[0].not_before == after(0.5 * HOUR)
    late = settling(signed(by="old"), "", switched=-9e5, phase=phase, sights=long_ago)
    assert [type(point) for point in late] == [Passed]


def test_a_ds_that_went_after_the_switch_and_fits_the_new_keys_breaks_nobody() -> None:
    sights = (*seen_ds(ds("old"), -5 * HOUR, -0.5 * HOUR), *seen_ds("", -0.5 * HOUR, -60))
    new = signed(by="old", side=Side.NEW)

    assert told(settling(signed(by="old"), new, switched=-9e5, sights=sights)) == [
        "not-needed: no DS at the parent, and the one that it had fits the keys of the new servers"
    ]


def test_a_ds_in_the_place_of_another_is_waited_for_while_caches_hold_the_one_before() -> None:
    old, new = signed(by="old"), signed(by="new", side=Side.NEW)
    both = signed(by="old", published=[key("new")], side=Side.NEW)
    sights = (*seen_ds(ds("old"), -5 * HOUR, -0.5 * HOUR), *seen_ds(ds("new"), -0.25 * HOUR, -60))

    found = settling(old, new, ds("new"), switched=-9e5, sights=sights)

    assert [type(point) for point in found] == [Problem]
    assert found[0].message == (
        f"Resolvers can hold DS {key_id(key('old'))} alone until 2026-12-01T09:45:00Z = another set at a.nic.test "
        "(192.0.2.1) since 2026-12-01T08:45:00Z + 3600, and no key that signs the keys at ns1.new.example "
        "(203.0.113.1) fits it: they answer SERVFAIL."
    )
    assert found[0].not_before == after(0.75 * HOUR)
    older = (*seen_ds(ds("old"), -5 * HOUR, -3 * HOUR), *seen_ds(ds("new"), -2 * HOUR, -60))
    assert [type(point) for point in settling(old, new, ds("new"), switched=-9e5, sights=older)] == [Passed]
    fitting = settling(old, both, ds("old"), switched=-9e5, sights=(*seen_ds(ds("old"), -5 * HOUR, -60),))
    assert [type(point) for point in fitting] == [Passed]


def test_a_last_stale_answer_of_which_a_part_is_not_known_is_not_past() -> None:
    unknown = facts(phase=Phase.SETTLE, judgement=switched_at(switched=-9e5, measured=False))
    known = facts(phase=Phase.SETTLE, judgement=switched_at(switched=-9e5))

    assert (unknown.stale_end, unknown.past_stale_end) == (None, None)
    assert known.stale_end == known.past_stale_end == datetime(2026, 11, 21, 0, 10, tzinfo=UTC)


def test_both_ds_are_kept_until_the_last_stale_answer_where_both_sides_sign() -> None:
    old = signed(by="old", published=[key("new", ZSK), key("new")])
    new = signed(by="new", published=[key("old", ZSK), key("old")], side=Side.NEW)

    assert told(settling(old, new, ds("old"), ds("new"))) == [
        "pass example.test. DS: Old and new servers validate by both sides' keys."
    ]
    assert [type(point) for point in settling(old, new, ds("new"))] == [Problem, Problem]
