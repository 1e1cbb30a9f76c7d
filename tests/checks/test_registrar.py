"""What the registry says of the domain: locks, expiry, name servers, DS."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from migrator.checks import registrar as area
from migrator.cutover.look import Unasked
from migrator.cutover.registrar import Registrar, SignerDigest
from migrator.model.finding import Phase
from migrator.model.names import absolute
from tests.checks.build import NEW, NOW, OLD, delegation, facts, new_side, points, told
from tests.cutover.build import names

DIGEST = "AB" * 32
KNOWN = Registrar(
    "https://rdap.example/domain/example.test",
    "Example Registrar, Inc.",
    names(*NEW),
    ("client transfer prohibited",),
    delegation_signed=False,
    expires=NOW + timedelta(days=300),
)
EVERY = (
    area.found,
    area.name,
    area.lock_update,
    area.expiry,
    area.name_servers,
    area.secure_dns,
    area.no_transfer,
)


def said(check: Any, found: Registrar | Unasked | None = KNOWN, **changes: Any) -> list[str]:
    return told(points(check, facts(registrar=found, **changes)))


@pytest.mark.parametrize("check", EVERY)
def test_a_registration_in_order_passes(check: Any) -> None:
    assert [line.partition(" ")[0] for line in said(check)] == ["pass"]


@pytest.mark.parametrize("check", EVERY)
def test_a_registry_that_does_not_answer_is_unchecked_and_stops_nobody(check: Any) -> None:
    assert said(check, Unasked("no RDAP service is registered for test")) == [
        "unchecked example.test: no RDAP service is registered for test"
    ]
    assert said(check, None) == ["not-needed: RDAP is switched off in the network profile"]
    assert not check.blocks


def test_a_zone_below_a_registered_domain_has_no_registration_of_its_own() -> None:
    below = facts(registrar=Unasked("HTTP 404", is_unknown=True), domain=absolute("lab.example.test"))

    assert told(points(area.expiry, below)) == ["not-needed: the registry knows example.test, not names below it"]


def test_a_lock_against_updates_fails_and_one_against_transfers_is_to_stay() -> None:
    assert said(area.lock_update) == [
        "pass example.test: No lock against updates; the lock against transfers can stay."
    ]
    assert said(area.lock_update, replace(KNOWN, statuses=("Client Update Prohibited",))) == [
        (
            "problem example.test: The status client update prohibited keeps the registrar from changing the "
            "name servers."
        )
    ]
    assert said(area.lock_update, replace(KNOWN, statuses=("server hold",))) == [
        "problem example.test: The status server hold: the domain is not, or not for long, delegated."
    ]


@pytest.mark.parametrize(
    ("days", "line"),
    [
        (300, "pass example.test: Registered until 2027-09-27."),
        (
            59,
            "warning example.test: The registration expires 2027-01-29T09:00:00Z; 60 days at least were expected.",
        ),
        (
            6,
            "problem example.test: The registration expires 2026-12-07T09:00:00Z; 60 days at least were expected.",
        ),
        (
            -1,
            "problem example.test: The registration expired 2026-11-30T09:00:00Z; 60 days at least were expected.",
        ),
    ],
)
def test_the_registration_has_to_last(days: int, line: str) -> None:
    assert said(area.expiry, replace(KNOWN, expires=NOW + timedelta(days=days))) == [line]
    assert said(area.expiry, replace(KNOWN, expires=None)) == [
        "unchecked example.test: the registry does not say when the registration expires"
    ]


def test_a_registrar_that_forbids_other_name_servers_fails() -> None:
    bound = replace(KNOWN, registrar="Cloudflare, Inc.")

    assert said(area.name, bound) == [
        (
            "problem example.test: The registrar is Cloudflare, Inc., which allows no other name servers than "
            "Cloudflare's."
        )
    ]
    assert said(area.name, bound, new=new_side(scheme="cloudflare"))[0].startswith("pass ")
    assert said(area.name, replace(KNOWN, registrar=None)) == [
        "unchecked example.test: the registry does not name the registrar"
    ]


def test_the_registry_has_the_new_name_servers_after_the_switch() -> None:
    behind = replace(KNOWN, name_servers=names(*OLD))

    assert said(area.name_servers, behind, phase=Phase.SETTLE) == [
        (
            "problem example.test: The registry has ns1.old.example, ns2.old.example; ns1.new.example, "
            "ns2.new.example was expected."
        )
    ]
    assert said(area.name_servers, replace(KNOWN, name_servers=None)) == [
        "unchecked example.test: the registry does not list name servers"
    ]


def test_the_registry_and_the_parent_have_the_same_ds() -> None:
    signed = replace(KNOWN, delegation_signed=True, ds=(SignerDigest(7, 13, 2, DIGEST),))
    same = delegation(ds=[f"7 13 2 {DIGEST}"])

    assert said(area.secure_dns, signed, delegation=same) == [
        f"pass example.test DS: The registry and the parent agree: 7 13 2 {DIGEST}."
    ]
    assert said(area.secure_dns, signed)[0].startswith("problem example.test DS: The registry says 7 13 2 ")
    assert said(area.secure_dns, replace(KNOWN, delegation_signed=None)) == [
        "unchecked example.test DS: the registry does not say whether there is a DS"
    ]


def test_a_transfer_under_way_and_an_answer_that_cannot_be_read_are_told() -> None:
    assert said(area.no_transfer, replace(KNOWN, statuses=("pending transfer",))) == [
        "problem example.test: A transfer to another registrar is under way."
    ]
    assert said(area.found, replace(KNOWN, related="https://rdap.example/", registrar_trouble="timeout"))[0] == (
        "problem example.test: The registrar's own answer could not be had: timeout."
    )
    assert said(area.found, replace(KNOWN, unread=("a DS record",)))[0] == (
        "problem example.test: The registry's answer has parts that cannot be read: a DS record."
    )
