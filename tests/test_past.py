"""Looks joined to stretches: what changed, when, and at which address."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from migrator.past import Look, Stretch, stretches

START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def look(minute: int, shown: str | None = "192.0.2.1", ttl: int | None = 300, **more: object) -> Look:
    seen = Look(
        minute,
        START + timedelta(minutes=minute),
        "1.0",
        "server",
        "ns1.example.net.",
        "192.0.2.53",
        "www.example.org.",
        "A",
        "udp",
        "NOERROR",
        authoritative=True,
        ttl=ttl,
        shown=shown,
        trouble="",
        document="{}",
    )
    return replace(seen, **more)  # type: ignore[arg-type]


def brief(found: tuple[Stretch, ...]) -> list[tuple[object, ...]]:
    return [
        (each.address, each.shown, each.least, each.most, (each.first - START).seconds // 60, each.looks)
        for each in found
    ]


A, B = "192.0.2.53", "192.0.2.54"


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([look(0), look(1)], [(A, "192.0.2.1", 300, 300, 0, 2)], id="the same twice"),
        pytest.param(
            [look(0), look(1, ttl=60), look(2)],
            [
                (A, "192.0.2.1", 300, 300, 0, 1),
                (A, "192.0.2.1", 60, 60, 1, 1),
                (A, "192.0.2.1", 300, 300, 2, 1),
            ],
            id="another TTL, and back",
        ),
        pytest.param(
            [look(0), look(0, address=B), look(1, ""), look(1, address=B)],
            [(A, "192.0.2.1", 300, 300, 0, 1), (A, "", 300, 300, 1, 1), (B, "192.0.2.1", 300, 300, 0, 2)],
            id="each address by itself",
        ),
        pytest.param(
            [look(0, role="resolver"), look(1, role="resolver", ttl=120), look(2, role="resolver", ttl=290)],
            [(A, "192.0.2.1", 120, 300, 0, 3)],
            id="a resolver counts down",
        ),
        pytest.param(
            [look(0, None, None, trouble="timeout"), look(1, None, None, trouble="REFUSED")],
            [(A, None, None, None, 0, 1), (A, None, None, None, 1, 1)],
            id="silence and refusal are two things",
        ),
    ],
)
def test_equal_sights_one_after_another_are_one_stretch(
    looks: list[Look], expected: list[tuple[object, ...]]
) -> None:
    assert brief(stretches(looks)) == expected


def test_parents_come_first_and_name_servers_before_other_types() -> None:
    looks = [
        look(0, role="resolver", qtype="NS"),
        look(1, qtype="TXT"),
        look(2, qtype="SOA"),
        look(3, qtype="NS"),
        look(4, role="parent", qtype="DS"),
        look(5, role="parent", qtype="NS"),
    ]

    assert [(each.role, each.qtype) for each in stretches(looks)] == [
        ("parent", "NS"),
        ("parent", "DS"),
        ("server", "NS"),
        ("server", "SOA"),
        ("server", "TXT"),
        ("resolver", "NS"),
    ]


def test_a_stretch_names_every_version_that_saw_it() -> None:
    (found,) = stretches([look(0), look(1, tool="1.1"), look(2)])

    assert found.tools == ("1.0", "1.1")
