"""What is known of the old zone: its backup, its names, what changed since, and what the move brings."""

from dataclasses import replace
from typing import Any

import pytest
from dns.rdatatype import RdataType

from migrator.checks.facts import Kept, Settings
from migrator.checks.inventory.backups import exists, restorable
from migrator.checks.inventory.plans import automation, features, freeze, min_ttl
from migrator.checks.inventory.sources import drift, source
from migrator.checks.points import Problem
from migrator.model.capabilities import Capabilities
from migrator.model.extras import Alias, Note, Proxied
from migrator.model.finding import Finding, Phase, Severity
from migrator.model.names import absolute
from migrator.model.zone import ZoneSnapshot
from providers.cloudflare.capabilities import CAPABILITIES as CLOUDFLARE
from tests.checks.build import (
    NOW,
    OLD,
    after,
    answers,
    facts,
    new_side,
    old_side,
    points,
    silent,
    told,
    with_extras,
    zone,
)

DAY = 86_400
WWW = "www A 192.0.2.1"


def kept(text: str = WWW, *, age: float = 60) -> Kept:
    return Kept("backups/example.test/1", after(-age), zone(text))


def marked(text: str, *extras: Any, rdtype: RdataType = RdataType.A) -> ZoneSnapshot:
    """Return the zone whose set of that type at `www` has these extras."""
    made = zone(text)
    owner = absolute("www.example.test.")
    rrsets = tuple(replace(r, extras=extras) if (r.owner, r.rdtype) == (owner, rdtype) else r for r in made.rrsets)
    return replace(made, rrsets=rrsets)


def test_a_whole_and_fresh_backup_passes() -> None:
    (line,) = told(points(exists, facts(backup=kept())))

    assert line.startswith(
        "pass backups/example.test/1: A whole backup: 3 RRsets of 2026-12-01T08:59:00Z, sha256:"
    )


@pytest.mark.parametrize(
    ("backup", "severity", "words"),
    [
        (None, Severity.WARNING, "No backup of the old zone was found; one was expected."),
        (
            Kept("backups/x", trouble="zone.json is not the file that was written."),
            None,
            "The backup cannot be used: zone.json",
        ),
        (
            kept(age=2 * DAY),
            Severity.WARNING,
            "The backup is of 2026-11-29T09:00:00Z; one of the last 24 hours was expected.",
        ),
        (
            replace(kept(), zone=replace(zone(WWW), rrsets=zone(WWW).rrsets[2:])),
            None,
            "The backup has no SOA and no NS at the apex; a whole zone was expected.",
        ),
    ],
)
def test_a_backup_that_is_missing_or_old_warns_and_a_broken_one_fails(
    backup: Kept | None, severity: Severity | None, words: str
) -> None:
    (found,) = points(exists, facts(old_side(locator="route53:example.test"), backup=backup))

    assert isinstance(found, Problem)
    assert words in found.message
    assert found.remedy.endswith("dns-migrator export route53:example.test")
    assert found.severity is severity
    assert found.evidence
    assert exists.severity is Severity.ERROR


def test_what_only_a_provider_can_serve_is_named() -> None:
    special = Kept("kept", NOW, marked(WWW, Alias(absolute("lb.example.net."), "Z1")))

    assert told(points(restorable, facts(backup=special))) == [
        "problem kept: 1 set can be served by that kind of provider alone: www.example.test. A."
    ]
    assert told(points(restorable, facts(backup=Kept("kept", NOW, marked(WWW, Note("ours")))))) == [
        "pass kept: Any name server can serve all of it."
    ]
    assert told(points(restorable, facts())) == [
        "not-needed: there is no backup that could be read: see backup.exists"
    ]


def test_names_from_a_list_pass_and_guessed_ones_warn() -> None:
    listed = facts(old_side(WWW, scheme="route53", locator="route53:example.test"), phase=Phase.PREPARE)
    mark = Finding("zonefile.guessed", Severity.WARNING, "example.test.", "The file was made by guessing.")
    guessed = facts(old_side(WWW, findings=(mark,)), phase=Phase.PREPARE)

    assert told(points(source, listed)) == ["pass example.test: 3 RRsets from Route 53."]
    assert told(points(source, guessed))[0].startswith("warning example.test: 3 RRsets were found by asking")


def test_a_transfer_that_broke_off_is_no_list_of_all_names() -> None:
    mark = Finding("zonefile.incomplete", Severity.ERROR, "example.test.", "The zone transfer broke off.")
    torn = facts(old_side(WWW, findings=(mark,)), phase=Phase.PREPARE)

    assert told(points(source, torn)) == ["problem example.test: The zone transfer broke off."]


def test_a_list_of_fewer_names_than_the_provider_counts_fails() -> None:
    said = "Azure counts 12 record sets in the zone and listed 3, 3 times over: not all of them are here."
    mark = Finding("azure.incomplete", Severity.ERROR, "example.test.", said)
    short = facts(old_side(WWW, findings=(mark,)), phase=Phase.READY)

    assert told(points(source, short)) == [f"problem example.test: {said}"]


def test_without_any_list_of_names_nobody_can_say_what_would_be_lost() -> None:
    nothing = old_side(None, locator="", unread="no locator was given")
    unreadable = old_side(None, unread="the old side cannot be read: refused")

    assert told(points(source, facts(nothing, phase=Phase.PREPARE))) == [
        "problem example.test: Nothing lists the names of the old zone; a list was expected."
    ]
    assert told(points(source, facts(unreadable, phase=Phase.PREPARE))) == [
        "unchecked example.test: the names of the old zone are not known: the old side cannot be read: refused"
    ]


def test_an_old_zone_that_is_served_as_it_was_kept_has_not_drifted() -> None:
    (line,) = told(points(drift, facts(WWW, WWW, backup=kept())))

    assert line.startswith("pass example.test.: ")
    assert line.endswith(" served as in backups/example.test/1.")


def test_a_change_of_the_old_zone_since_the_backup_fails() -> None:
    changed = [answers(name, "www A", "192.0.2.99") for name in OLD]
    (found,) = points(drift, facts(WWW, WWW, backup=kept()), *changed)

    assert isinstance(found, Problem)
    assert found.subject == "www.example.test. A"
    assert "192.0.2.99" in found.message
    assert "export it again" in found.remedy


def test_old_servers_that_do_not_answer_leave_the_drift_unchecked() -> None:
    quiet = [silent(name, what) for name in OLD for what in ("@ SOA",)]

    assert {line.partition(" ")[0] for line in told(points(drift, facts(WWW, WWW, backup=kept()), *quiet))} == {
        "unchecked"
    }
    assert told(points(drift, facts(old_side(WWW, hosts=())))) == [
        "unchecked example.test.: no address of an old name server is known: --from names them"
    ]


def behind_proxy(rdata: str = "192.0.2.1") -> ZoneSnapshot:
    return with_extras(zone(f"www 300 A {rdata}"), "www A", Proxied())


BY_PROXY = [answers(name, "www A", "203.0.113.200") for name in OLD]


def test_a_proxied_set_that_the_proxy_answers_is_judged_by_what_the_provider_has() -> None:
    here = old_side(behind_proxy(), scheme="cloudflare")
    backup = replace(kept(), zone=behind_proxy())

    found = told(points(drift, facts(here, WWW, backup=backup), *BY_PROXY))

    assert found[0] == (
        "notice www.example.test. A: The provider computes the answer (203.0.113.200), and has the set as it was "
        "kept."
    )
    assert [line.partition(" ")[0] for line in found] == ["notice", "pass"]


def test_a_proxied_set_that_was_changed_behind_the_proxy_has_drifted() -> None:
    here = old_side(behind_proxy("192.0.2.99"), scheme="cloudflare")
    backup = replace(kept(), zone=behind_proxy())

    (found,) = points(drift, facts(here, WWW, backup=backup), *BY_PROXY)

    assert isinstance(found, Problem)
    assert (found.subject, found.message) == (
        "www.example.test. A",
        "old.zone has another set now than was kept.",
    )
    assert (found.severity, "export it again" in found.remedy) == (None, True)


def test_a_proxied_set_is_named_and_unchecked_where_only_a_file_says_what_it_was() -> None:
    """And so is one that no server answers, whatever its provider has."""
    backup = replace(kept(), zone=behind_proxy())

    (found,) = told(points(drift, facts(behind_proxy(), WWW, backup=backup), *BY_PROXY))
    quiet = [silent(name, "www A") for name in OLD]
    here = old_side(behind_proxy(), scheme="cloudflare")
    (other,) = told(points(drift, facts(here, WWW, backup=backup), *quiet))

    named = "unchecked example.test.: not compared: www.example.test. A: "
    assert found.startswith(f"{named}behind the old provider's proxy; ")
    assert other.startswith(f"{named}not known: ")


def target(capabilities: Capabilities | None = CLOUDFLARE) -> Any:
    return new_side(None, scheme="cloudflare", capabilities=capabilities)


def test_a_zone_that_the_target_can_hold_passes() -> None:
    known = facts(old_side(WWW, scheme="route53"), target(), phase=Phase.PREPARE)

    assert told(points(features, known))[0].startswith("pass example.test: The target can hold all ")
    assert told(points(min_ttl, known)) == ["pass example.test: The target keeps every TTL."]


def test_what_the_target_cannot_hold_is_to_be_decided() -> None:
    odd = old_side("www HINFO PC BSD\nfast 10 A 192.0.2.1", scheme="route53")
    known = facts(odd, target(), phase=Phase.PREPARE)
    found = [point for point in points(features, known) if isinstance(point, Problem)]

    assert [(point.subject, str(point.severity)) for point in found] == [("www.example.test. HINFO", "error")]
    assert found[0].remedy.endswith(
        "To decide it: import --accept type-unsupported; to say here that it is decided: --skip "
        "plan.features=REASON"
    )
    assert told(points(min_ttl, known))[0].startswith("problem fast.example.test. A: ")


def test_without_a_target_nothing_is_lost_yet() -> None:
    assert told(points(features, facts(WWW, None, phase=Phase.PREPARE))) == [
        "not-needed: the target is not known: --to names it"
    ]
    assert told(points(min_ttl, facts(old_side(WWW), target(None), phase=Phase.PREPARE))) == [
        "not-needed: the target's limits are not known"
    ]


def test_traces_of_tools_that_write_to_the_old_provider_warn() -> None:
    traces = '_acme-challenge TXT "abc"\na TXT "heritage=external-dns,external-dns/owner=x"\nhome A 192.0.2.9'

    assert [line.partition(": ")[2] for line in told(points(automation, facts(traces, phase=Phase.PREPARE)))] == [
        "A trace of a certificate client (ACME DNS-01), which writes to the old provider.",
        "A trace of external-dns (Kubernetes), which writes to the old provider.",
        "A trace of dynamic DNS, which writes to the old provider.",
    ]
    assert told(points(automation, facts(WWW, phase=Phase.PREPARE)))[0].startswith("pass example.test: No trace")


def test_a_freeze_is_what_people_state() -> None:
    assert told(points(freeze, facts(settings=Settings(frozen=True)))) == [
        "pass example.test: A change freeze is stated."
    ]
    assert told(points(freeze, facts())) == [
        "problem example.test: Nobody has stated that both zones stay as they are until the old one is gone."
    ]
    assert freeze.severity == "notice"


@pytest.mark.parametrize("check", [features, min_ttl, automation, drift])
def test_an_old_zone_that_cannot_be_read_is_unchecked(check: Any) -> None:
    found = told(points(check, facts(old_side(None, unread="gone"), target(), phase=Phase.PREPARE)))

    assert [line.partition(" ")[0] for line in found] == ["unchecked"]
