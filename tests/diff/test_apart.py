"""Two files in two layouts, read by blocks and compared by numbers, are what the exact reader says of them."""

import pickle
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.zones import write_pair
from migrator.model.compact import Overlay
from migrator.model.names import absolute
from migrator.zonefile.fast.apart import read_apart
from migrator.zonefile.fast.blockharvest import BlockHarvest
from migrator.zonefile.fast.compact import Source
from migrator.zonefile.fast.cutting import CHUNK
from migrator.zonefile.writer import Entry, write_zone
from tests.diff import test_alike as alike
from tests.diff.test_alike import LAYOUTS, ODD, body, edited, exactly, source
from tests.zonefile.alike import chunks_of

_Here = TypeVar("_Here")
_There = TypeVar("_There")
ORIGIN = absolute("example.org.")
COMPILED = """\
example.org. 300 IN SOA ns1.example.org. host.example.org. 1 2 3 4 5
example.org. 300 IN NS ns1.example.org.
"""
KEY = 32 * "ab"
_layouts = st.lists(st.sampled_from(sorted(LAYOUTS)), min_size=1, max_size=3, unique=True)
_most_odd = st.sampled_from([None, 0, 2])
_places = st.integers(0, 120)
_edits = st.lists(st.tuples(_places, st.one_of(st.sampled_from(ODD), _places, st.none())), max_size=3)


def in_turn(here: Callable[[], _Here], there: Callable[[], _There], *_: object) -> tuple[_Here, _There]:
    """Do both, and hand over the second as another process would."""
    return here(), pickle.loads(pickle.dumps(there()))


def compiled(file: Source) -> Source:
    """The zone of the file as programs write it: absolute names, one record a line, and no defaults."""
    assembly, _ = exactly(file)
    lines = [*write_zone(ORIGIN, map(Entry, assembly.snapshot.rrsets))]
    return Source("".join(f"{line}\n" for line in lines if line[:1] != "$").encode(), "compiled.zone")


def expect_the_same(old: Source, new: Source) -> bool:
    """Read both ways and compare all that is said; tell whether the files were read by blocks."""
    return alike.expect_the_same(old, new, lambda one, other: read_apart(one, other, in_turn))


@settings(max_examples=200)
@given(_layouts, _layouts, _edits, _edits, st.sampled_from([1, 60, 300, CHUNK]), _most_odd)
def test_files_in_any_layouts_are_what_each_is_alone(
    layouts: list[str],
    others: list[str],
    one: list[tuple[int, str | int | None]],
    other: list[tuple[int, str | int | None]],
    chunk: int,
    most_odd: int | None,
) -> None:
    old, new = edited(body(layouts), one), edited(body(others), other)

    with chunks_of(chunk, most_odd):
        expect_the_same(source(old, "old.zone"), source(new, "new.zone"))


@settings(max_examples=100)
@given(_layouts, _edits, _edits, st.sampled_from([60, 300, CHUNK]))
def test_a_file_by_hand_and_one_by_a_program_are_what_each_is_alone(
    layouts: list[str],
    both: list[tuple[int, str | int | None]],
    one: list[tuple[int, str | int | None]],
    chunk: int,
) -> None:
    lines = edited(body(layouts), both)
    old, new = source(lines, "old.zone"), compiled(source(edited(lines, one), "new.zone"))

    with chunks_of(chunk):
        expect_the_same(old, new)
        expect_the_same(new, old)


@pytest.mark.parametrize("odd", ODD)
def test_one_more_line_in_the_second_layout_is_told_as_ever(odd: str) -> None:
    lines = body(["by hand", "absolute"], 12)
    old = source(lines, "old.zone")
    program = compiled(old).text.decode().splitlines()

    for place in range(2, len(program) + 1, 7):
        text = "\n".join([*program[:place], odd, *program[place:]]) + "\n"
        with chunks_of(200):
            expect_the_same(old, Source(text.encode(), "new.zone", include=old.include))


@pytest.mark.parametrize(
    "layout",
    [
        "by hand",
        "an owner a line",
        "absolute",
        "strings",
        "services",
        "cuts and wildcards",
        "backwards",
        "any order",
        "any words",
        "texts",
        "escapes",
    ],
)
def test_ordinary_files_share_their_texts(layout: str) -> None:
    old = source(body([layout]), "old.zone")
    new = compiled(old)

    assert expect_the_same(old, new)
    with chunks_of(CHUNK, 0):
        found = read_apart(old, new, in_turn)
    assert found is not None
    assert isinstance(found[1].texts, Overlay)
    assert (found[1].texts.changed, found[1].texts.gone) == ({}, frozenset())


# What one layout says in another way, or another thing in nearly the same way.
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("w A 192.0.2.1\n  AAAA 2001:DB8:0::1", "w AAAA 2001:db8::1\nw 300 IN A 192.0.2.1", True),
        ("w A 192.0.2.1\n  MX 5 m\n  AAAA 2001:db8::1", "w A 192.0.2.1\n  AAAA 2001:db8::1\n  MX 5 m", True),
        ("w A 192.0.2.1\n  60 MX 5 m", "w 300 A 192.0.2.1\nw 60 IN MX 5 m.example.org.", True),
        ("w A 192.0.2.1\n  60 MX 5 m", "w 60 A 192.0.2.1\nw 300 MX 5 m", False),
        ("w A 192.0.2.1\n  60 MX 5 m", "w 60 A 192.0.2.1\nw 60 MX 5 m", False),
        ("w IN 60 A 192.0.2.1", "w 060 in A 192.0.2.1", True),
        ("w A 192.0.2.1\n  A 192.0.2.2\n  60 MX 5 m", "w A 192.0.2.1\nw A 192.0.2.2\nw 60 MX 5 m", True),
        ("w A 192.0.2.1\n  A 192.0.2.2\n  60 MX 5 m", "w A 192.0.2.1\nw A 192.0.2.2\nw 300 MX 5 m", False),
        ('w MX 5 m\n  MX 6 m ; 60\n  60 TXT "m"', 'w MX 5 m\nw MX 6 m\nw TXT "m"', False),
        ("60 A 192.0.2.1\n  A 192.0.2.2\n60 MX 5 m", "60 300 A 192.0.2.1\n 300 A 192.0.2.2\n 300 MX 5 m", True),
        ('w TXT ( "a"\n "b" )', 'w TXT "a"  "b"', True),
        (r'w TXT "caf\195\169\; \"" "\\"', r'w TXT "caf\u00e9; \034" "\092"'.replace(r"\u00e9", "\u00e9"), True),
        (r'w TXT "a\"" "b"', r'w TXT "a" "\"b"', False),
        (r'w TXT "\\034"', r'w TXT "\034"', False),
        ('w TXT ( "ab" )', 'w TXT "ab"', True),
        ('w TXT "a" "b"', 'w TXT "ab"', False),
        ('w CAA 0 issue "x"', 'w CAA 00  issue  "x"', True),
        ("w SRV 0  0\t1 s", "w SRV 0 0 1 s.example.org.", True),
        ("w CNAME @", "w CNAME example.org.", True),
        ("w CNAME s", "w CNAME S", False),
        ("w A 192.0.2.1", "W A 192.0.2.1", False),
        ("w CNAME s", "w NS s", False),
        ("w PTR s", "w IN PTR s.example.org.", True),
        ("w PTR s", "w NS s", False),
        ("w MX 1 s", "w MX 10 s", False),
        (f"w NS s\n  DS 1 8 2 {KEY}", f"w 300 NS s\nw DS 1  8 2 {KEY[:9].upper()} {KEY[9:]} ; old", True),
        (f"w NS s\n  NS t\n  60 DS 1 8 2 {KEY}", f"w NS s\nw NS t\nw IN 60 DS 1 8 2 {KEY}", True),
        (f"w NS s\n  60 DS 1 8 2 {KEY}", f"w NS s\nw DS 1 8 2 {KEY}", False),
        (f"w NS s\n  NS t\n  60 DS 1 8 2 {KEY}", f"w NS s\nw NS t\nw DS 1 8 2 {KEY}", False),
        (f"w NS s\n  DS 1 8 2 {KEY}", f"w NS s\n  DS 2 8 2 {KEY}", False),
        (f"w NS s\n  DS 1 8 2 {KEY}", "w NS s", False),
    ],
)
def test_blocks_have_one_number_where_they_say_the_same(one: str, other: str, same: bool) -> None:
    old, new = source([*body(["by hand"]), one, "z A 192.0.2.1"], "a"), source([other, *body(["by hand"])], "b")

    assert expect_the_same(old, new)
    assert expect_the_same(new, old)
    found = read_apart(old, new, in_turn)
    assert found is not None
    assert isinstance(found[1].texts, Overlay)
    assert (b"w.example.org." not in found[1].texts.changed) is same
    assert found[1].texts.gone == {b"z.example.org."}


def test_files_without_any_block_are_compared_by_their_texts() -> None:
    lines = [f"h{n} A 192.0.2.{n}\nh{n} A 192.0.2.{n + 1}" for n in range(30)]
    old, new = source(lines, "old.zone"), source([*lines[1:], "z TXT a", "z TXT b"], "new.zone")

    assert expect_the_same(old, compiled(new))
    assert expect_the_same(old, source(body(["by hand"]), "new.zone"))


@pytest.mark.parametrize("edge", ["first", "last"])
def test_what_differs_at_either_end_of_the_file_is_told(edge: str) -> None:
    lines = body(["absolute"])
    place = 0 if edge == "first" else len(lines)
    more = [*lines[:place], "edge.example.org. 60 A 192.0.2.1", *lines[place:]]

    assert expect_the_same(source(lines, "old.zone"), compiled(source(more, "new.zone")))
    assert expect_the_same(source(more, "old.zone"), compiled(source(lines, "new.zone")))


def test_a_line_without_ttl_takes_that_of_the_block_before_it() -> None:
    text = (
        COMPILED + 'a.example.org. 60 IN TXT ( "x"\n "y" )\nb.example.org. A 192.0.2.1\n  70 AAAA ::1\n  TXT "z"\n'
    )
    blocks = "".join(f"h{n}.example.org. {n + 1} IN A 192.0.2.{n}\n" for n in range(20))

    for lines in (text + blocks + "last.example.org. A 192.0.2.1\n", COMPILED + blocks + "l TXT x\n"):
        for chunk in (100, CHUNK):
            with chunks_of(chunk):
                assert expect_the_same(Source(lines.encode(), "old.zone"), source(body(["by hand"]), "new.zone"))


def test_names_are_read_below_the_apex_whatever_the_file_is_named_after() -> None:
    text = COMPILED + "".join(f"h{n}.example.org. 60 IN CNAME g{n}.example.org.\n" for n in range(20))
    relative = text + "w 60 IN A 192.0.2.1\n"

    for lines in (text, relative):
        new = Source(lines.encode(), "new.zone", fallback=absolute("backup.test."))
        read = read_apart(source(["h3 60 CNAME g3"], "old.zone"), new, in_turn)
        assert read is not None
        assert read[1].reading.record_count() == lines.count("\n")


def test_files_that_include_others_or_are_too_unusual_are_not_read_by_blocks() -> None:
    old = source(body(["by hand"]), "old.zone")
    grouped = [*body(["by hand"], 250), *(f"h{n} 60 A 192.0.2.99" for n in range(1, 250))]

    assert read_apart(old, source(["$INCLUDE other"], "new.zone"), in_turn) is None
    assert read_apart(old, source(grouped, "new.zone"), in_turn) is None


PARTS = ["c NS ns.c", "c DS 1 8 2 " + 64 * "a", 'c TXT "more"']


@pytest.mark.parametrize("new", [[0, 1], [0], [1], [1, 0], [0, 1, 2], [2], []])
@pytest.mark.parametrize("old", [[0, 1], [0], [1, 2, 0], []])
def test_an_owner_with_several_blocks_is_what_all_of_them_are(old: list[int], new: list[int]) -> None:
    def lines(parts: list[int]) -> list[str]:
        found = body(["by hand"], 24)
        for place, part in enumerate(parts):
            found.insert(27 + 10 * place, PARTS[part])
        return found

    one, other = source(lines(old), "old.zone"), source(lines(new), "new.zone")

    assert expect_the_same(one, other)
    assert expect_the_same(one, compiled(other))
    assert alike.expect_the_same(one, other)


def test_equal_blocks_below_two_origins_are_not_taken_for_each_other() -> None:
    parts = ["h7 A 192.0.2.7", "$ORIGIN s1.example.org.", "h7 A 192.0.2.7", "$ORIGIN example.org.", 'h7 TXT "x"']
    one = source([*body(["by hand"], 5), *parts], "old.zone")

    assert expect_the_same(compiled(one), one)
    assert expect_the_same(one, compiled(one))
    assert alike.expect_the_same(one, source([*body(["by hand"], 5), *parts, "z A 192.0.2.1"], "new.zone"))
    assert alike.expect_the_same(one, source([*body(["by hand"], 5), *parts[:-1]], "new.zone"))


def test_owners_that_return_far_behind_are_read_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """No text is looked for: that would go over the file once for each of them."""
    lines = [*(f"h{n} A 192.0.2.1" for n in range(3000)), *(f'h{n} TXT "a"' for n in range(3000))]
    looked_at = []
    places_of = BlockHarvest.places_of

    def noted(blocks: BlockHarvest, owners: Container[bytes]) -> Iterator[tuple[bytes, list[tuple[int, int]]]]:
        looked_at.append(1)
        return places_of(blocks, owners)

    monkeypatch.setattr(BlockHarvest, "places_of", noted)

    assert expect_the_same(source(lines, "old.zone"), source([*lines, "z A 192.0.2.1"], "new.zone"))
    assert len(looked_at) <= 3


@pytest.mark.parametrize("sections", [False, True])
def test_large_files_are_read_by_blocks(tmp_path: Path, sections: bool) -> None:
    old, new = (Source(path.read_bytes(), path.name) for path in write_pair(tmp_path, 5000, sections=sections))

    assert expect_the_same(old, compiled(new))
