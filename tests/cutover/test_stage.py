"""The stage of a switch: each of them, and never a claim about servers that did not say."""

from collections.abc import Iterable

import pytest
from dns.rcode import Rcode
from hypothesis import given
from hypothesis import strategies as st

from migrator.cutover.memory import delegated_set, set_text
from migrator.cutover.stage import Listing, Sets, Stage, counted_views, listing_of, stage_of
from migrator.model.delegation import ParentView, WalkEnd
from migrator.model.observation import Silence
from tests.cutover.build import NEW, OLD, PARKED, look, names, parent

V6_OF_FIRST = "2001:db8::1"

SCENARIOS: list[tuple[str, list[Iterable[str] | Rcode | Silence], Stage | None]] = [
    ("every server lists the old set", [OLD, OLD], Stage.NOT_STARTED),
    ("the names in another order and case", [OLD, (OLD[1].upper(), OLD[0])], Stage.NOT_STARTED),
    ("a part of the old set", [OLD[:1], OLD[:1]], Stage.NOT_STARTED),
    ("the old set and a stranger", [(*OLD, PARKED[0])] * 2, Stage.NOT_STARTED),
    ("servers with different parts of the old set", [OLD, OLD[:1]], Stage.MIXED),
    ("a set of neither side", [PARKED, PARKED], Stage.PLACEHOLDER),
    ("servers with different sets of neither side", [PARKED, PARKED[:1]], Stage.MIXED),
    ("one server new, one old", [NEW, OLD], Stage.MIXED),
    ("one server new, one parked", [NEW, PARKED], Stage.MIXED),
    ("one server old, one parked", [OLD, PARKED], Stage.MIXED),
    ("new beside old", [(*NEW, *OLD)] * 2, Stage.MIXED),
    ("a part of the new set", [NEW[:1]] * 2, Stage.MIXED),
    ("the new set and a stranger", [(*NEW, PARKED[0])] * 2, Stage.MIXED),
    ("a part of the new set and a slip", [(NEW[0], "ns2.nwe.example.")] * 2, Stage.MIXED),
    ("every server lists exactly the new set", [NEW, NEW, NEW], Stage.SWITCHED),
    ("no server knows the name", [Rcode.NXDOMAIN, Rcode.NXDOMAIN], Stage.NOT_DELEGATED),
    ("one server knows the name", [Rcode.NXDOMAIN, NEW], Stage.MIXED),
    ("no server answers", [Silence.TIMEOUT, Silence.REFUSED], None),
    ("every server refuses", [Rcode.REFUSED, Rcode.SERVFAIL], None),
    ("all new but one silent", [NEW, NEW, Silence.TIMEOUT], None),
    ("all new but one refuses", [NEW, NEW, Rcode.REFUSED], Stage.MIXED),
    ("all new but one fails and one is silent", [NEW, Rcode.SERVFAIL, Silence.TIMEOUT], Stage.MIXED),
    ("all old but one silent", [OLD, Silence.TIMEOUT], Stage.NOT_STARTED),
    ("parked but one silent", [PARKED, Silence.MALFORMED], Stage.PLACEHOLDER),
    ("no such name but one silent", [Rcode.NXDOMAIN, Silence.TIMEOUT], Stage.NOT_DELEGATED),
    ("new, old and silent", [NEW, OLD, Silence.TIMEOUT], Stage.MIXED),
    ("all new but another server has no route", [NEW, Silence.UNREACHABLE], None),
]


@pytest.mark.parametrize(
    ("listed", "stage"), [pytest.param(shown, stage, id=name) for name, shown, stage in SCENARIOS]
)
def test_the_stage_follows_from_what_the_parents_list(
    listed: list[Iterable[str] | Rcode | Silence], stage: Stage | None
) -> None:
    views = [parent(number, shown) for number, shown in enumerate(listed, 1)]

    assert stage_of(look(*views)) == stage


def test_without_a_known_old_set_what_is_not_new_is_a_placeholder() -> None:
    assert stage_of(look(parent(1, OLD), old=())) == Stage.PLACEHOLDER


def test_a_server_that_stays_makes_neither_set_mixed() -> None:
    stays = "ns.both.example."
    expected, old = (stays, NEW[0]), (stays, OLD[0])

    assert stage_of(look(parent(1, old), expected=expected, old=old)) == Stage.NOT_STARTED
    assert stage_of(look(parent(1, expected), expected=expected, old=old)) == Stage.SWITCHED
    assert stage_of(look(parent(1, [stays]), expected=expected, old=old)) == Stage.MIXED


def test_a_walk_that_came_nowhere_tells_no_stage() -> None:
    assert stage_of(look(end=WalkEnd.UNREACHABLE)) is None


@pytest.mark.parametrize("end", [WalkEnd.NO_SUCH_NAME, WalkEnd.NO_ZONE_CUT])
def test_a_walk_that_found_no_zone_cut_is_not_delegated(end: WalkEnd) -> None:
    assert stage_of(look(end=end)) == Stage.NOT_DELEGATED


@pytest.mark.parametrize("reason", [Silence.UNREACHABLE, Silence.FORBIDDEN])
def test_an_address_that_cannot_be_asked_from_here_does_not_count_beside_another_of_its_server(
    reason: Silence,
) -> None:
    """A machine without IPv6 can still say that every server has switched."""
    answered, unreachable = parent(1, NEW), parent(1, reason)

    assert counted_views((answered, unreachable)) == (answered,)
    assert stage_of(look(answered, unreachable)) == Stage.SWITCHED
    assert stage_of(look(answered, parent(2, reason))) is None


pool = ["ns1.a.example.", "ns2.a.example.", "ns1.b.example.", "ns2.b.example.", "ns.c.example."]
sets = st.lists(st.sampled_from(pool), min_size=1, max_size=4, unique=True).map(tuple)
listings = st.one_of(
    sets,
    st.sampled_from([Rcode.NXDOMAIN, Rcode.REFUSED, Rcode.SERVFAIL]),
    st.sampled_from([Silence.TIMEOUT, Silence.MALFORMED, Silence.UNREACHABLE]),
)


@given(st.lists(listings, min_size=1, max_size=4), sets, sets, st.booleans())
def test_switched_is_said_exactly_where_every_parent_server_lists_exactly_the_new_set(
    listed: list[tuple[str, ...] | Rcode | Silence],
    expected: tuple[str, ...],
    old: tuple[str, ...],
    all_new: bool,
) -> None:
    views = [parent(number, expected if all_new else shown) for number, shown in enumerate(listed, 1)]

    stage = stage_of(look(*views, expected=expected, old=old))

    every_server = all(delegated_set(view) == set_text(names(*expected)) for view in views)
    assert (stage is Stage.SWITCHED) == every_server


@given(st.lists(listings, min_size=1, max_size=4), sets, sets)
def test_the_stage_does_not_depend_on_the_order_of_the_servers(
    listed: list[tuple[str, ...] | Rcode | Silence], expected: tuple[str, ...], old: tuple[str, ...]
) -> None:
    views = [parent(number, shown) for number, shown in enumerate(listed, 1)]

    def stage(ordered: list[ParentView]) -> Stage | None:
        return stage_of(look(*ordered, expected=expected, old=old))

    assert stage(views) == stage(views[::-1])


def test_each_listing_has_its_name() -> None:
    both = Sets.of(names(*NEW), names(*OLD))
    shown: list[tuple[Iterable[str] | Rcode | Silence, Listing]] = [
        (NEW, Listing.NEW),
        (OLD, Listing.OLD),
        ((*NEW, *OLD), Listing.PART),
        (PARKED, Listing.OTHER),
        (Rcode.NXDOMAIN, Listing.NONE),
        (Rcode.SERVFAIL, Listing.FAILED),
        (Silence.TIMEOUT, Listing.SILENT),
        (Silence.FORBIDDEN, Listing.NOT_ASKED),
    ]

    assert [listing_of(parent(1, listed), both) for listed, _ in shown] == [listing for _, listing in shown]
