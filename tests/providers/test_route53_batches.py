"""Which changes go into one request together, and in which order: tables of atoms, and laws over any changes."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.model.change import Change, Create, Delete, Replace, key_of
from migrator.model.extras import Alias, Latency, Weighted
from migrator.model.names import absolute
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of
from providers.route53.atoms import Atom, Step, Written, atoms
from providers.route53.batches import MOST_CHARACTERS, MOST_RECORDS, Batch, batches, size_of
from providers.route53.native import native_of
from tests.providers.route53_reading import ORIGIN, rrset


def written(change: Change, *, upsert: bool = False) -> Written:
    match change:
        case Create(desired):
            return Written(change, (Step("UPSERT" if upsert else "CREATE", native_of(desired, "Z1")),))
        case Delete(existing):
            return Written(change, (Step("DELETE", native_of(existing, "Z1")),))
        case Replace(existing, desired):
            steps = (Step("DELETE", native_of(existing, "Z1")), Step("CREATE", native_of(desired, "Z1")))
            return Written(change, steps)


def a(owner: str, *last: int, ttl: int = 300, **more: object) -> RRset:
    texts = [f"192.0.{n // 256}.{n % 256}" for n in last or (1,)]
    return rrset(owner, "A", ttl, *texts, **more)  # type: ignore[arg-type]


def weighted(owner: str, variant: str, weight: int = 1) -> RRset:
    return a(owner, variant=variant, extras=(Weighted(weight),))


def alias(owner: str, target: str, rdtype: str = "A") -> RRset:
    return rrset(owner, rdtype, None, extras=(Alias(absolute(target, ORIGIN)),))


CNAME = rrset("www", "CNAME", 300, "x.example.net.")
NS = rrset("child", "NS", 300, "ns1.example.net.")
TEXT = rrset("w", "TXT", 300, "x")
HEAVY = weighted("w", "3", 9)
DS = rrset("child", "DS", 300, "60485 8 2 " + "ab" * 32)


def shown(found: Sequence[Atom]) -> list[list[str]]:
    return [[f"{type(m.change).__name__} {subject_of(m.key)}" for m in atom.members] for atom in found]


ATOMS: list[tuple[str, list[Change], list[list[str]]]] = [
    (
        "a CNAME that gives way to addresses goes with them",
        [Create(a("www")), Create(a("x")), Create(rrset("www", "AAAA", 300, "2001:db8::1")), Delete(CNAME)],
        [
            ["Create www.example.com. A", "Create www.example.com. AAAA", "Delete www.example.com. CNAME"],
            ["Create x.example.com. A"],
        ],
    ),
    (
        "a set that becomes several goes with all of them",
        [
            Delete(a("w")),
            Create(weighted("w", "1")),
            Create(weighted("w", "2")),
            Create(rrset("w", "TXT", 1, "x")),
        ],
        [
            ["Delete w.example.com. A", "Create w.example.com. A [1]", "Create w.example.com. A [2]"],
            ["Create w.example.com. TXT"],
        ],
    ),
    (
        "another routing policy comes to all sets of the name at once",
        [
            Replace(weighted("w", "1"), a("w", variant="1", extras=(Latency("eu-west-1"),))),
            Replace(weighted("w", "2"), a("w", variant="2", extras=(Latency("us-east-1"),))),
        ],
        [["Replace w.example.com. A [1]", "Replace w.example.com. A [2]"]],
    ),
    (
        "sets of one policy are changed by themselves",
        [
            Create(weighted("w", "1")),
            Delete(weighted("w", "2")),
            Replace(weighted("w", "3"), weighted("w", "3", 9)),
        ],
        [["Create w.example.com. A [1]"], ["Replace w.example.com. A [3]"], ["Delete w.example.com. A [2]"]],
    ),
    (
        "DS comes after NS, and goes before it",
        [
            Create(DS),
            Create(NS),
            Delete(rrset("old", "NS", 1, "x.")),
            Delete(rrset("old", "DS", 1, "1 8 2 " + "ab" * 32)),
        ],
        [
            ["Create child.example.com. NS"],
            ["Create child.example.com. DS"],
            ["Delete old.example.com. DS"],
            ["Delete old.example.com. NS"],
        ],
    ),
    (
        "an alias comes after what it leads to, and goes before it",
        [
            Create(alias("a", "b")),
            Create(alias("b", "c")),
            Create(a("c")),
            Delete(a("z")),
            Delete(alias("y", "z")),
            Delete(alias("x", "y")),
        ],
        [
            ["Create c.example.com. A"],
            ["Create b.example.com. A"],
            ["Create a.example.com. A"],
            ["Delete x.example.com. A"],
            ["Delete y.example.com. A"],
            ["Delete z.example.com. A"],
        ],
    ),
    (
        "a ring of aliases is sent as it stands, for the service to refuse",
        [Create(alias("a", "b")), Create(alias("b", "a"))],
        [["Create b.example.com. A"], ["Create a.example.com. A"]],
    ),
    (
        "what only goes is last",
        [Delete(a("old")), Create(a("new"))],
        [["Create new.example.com. A"], ["Delete old.example.com. A"]],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [row[1:] for row in ATOMS], ids=[row[0] for row in ATOMS])
def test_what_stays_together_and_what_comes_first(changes: list[Change], expected: list[list[str]]) -> None:
    assert shown(atoms(map(written, changes))) == expected


def test_within_an_atom_everything_goes_before_anything_comes() -> None:
    (atom,) = atoms([written(Create(a("www"))), written(Delete(CNAME))])
    assert [(step.action, step.native["Type"]) for step in atom.steps] == [("DELETE", "CNAME"), ("CREATE", "A")]


def filled(changes: Sequence[Change], *, upsert: bool = False) -> list[tuple[int, int]]:
    made = batches(atoms(written(change, upsert=upsert) for change in changes))
    return [(batch.size.records, batch.size.characters) for batch in made]


LIMITS: list[tuple[str, list[Change], bool, list[int]]] = [
    ("1,000 records are one request", [Create(a(f"h{n}")) for n in range(1000)], False, [1000]),
    ("one more is another", [Create(a(f"h{n}")) for n in range(1001)], False, [1000, 1]),
    ("UPSERT counts twice", [Create(a(f"h{n}")) for n in range(501)], True, [1000, 2]),
    ("an alias counts as one", [Create(alias(f"h{n}", "x.example.net.")) for n in range(1001)], False, [1000, 1]),
    ("what goes counts as well", [Replace(a(f"h{n}"), a(f"h{n}", 2)) for n in range(501)], False, [1000, 2]),
    ("a large set waits, and small ones fill up", [Create(a("a", *range(400))), Create(a("b", *range(400))),
     Create(a("c", *range(400))), *(Create(a(f"h{n}")) for n in range(200))], False, [1000, 400]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "upsert", "records"), [row[1:] for row in LIMITS], ids=[r[0] for r in LIMITS])
def test_requests_are_filled_to_the_number_of_records(
    changes: list[Change], upsert: bool, records: list[int]
) -> None:
    assert [found for found, _ in filled(changes, upsert=upsert)] == records


def test_requests_are_filled_to_the_number_of_characters() -> None:
    def text(n: int) -> Change:
        return Create(rrset(f"t{n}", "TXT", 300, '"' + "x" * 198 + '"'))

    assert [found for _, found in filled([text(n) for n in range(161)])] == [32_000, 200]


def test_an_atom_that_no_request_can_take_is_known() -> None:
    texts = [f'"{n:0250d}"' for n in range(150)]
    (atom,) = atoms([written(Create(rrset("t", "TXT", 300, *texts)))])
    assert (size_of(atom).records, size_of(atom).characters, size_of(atom).fits) == (150, 37_800, False)


# ---- laws

_owners = st.sampled_from(["@", "a", "b", "c", "d"])
_sets = st.one_of(
    st.builds(lambda owner, most: a(owner, *range(most)), _owners, st.sampled_from([1, 2, 400])),
    st.builds(lambda owner: rrset(owner, "CNAME", 300, "x.example.net."), _owners),
    st.builds(lambda owner, n: weighted(owner, str(n)), _owners, st.integers(0, 4)),
    st.builds(alias, _owners, _owners),
    st.builds(lambda owner: rrset(owner, "NS", 300, "ns1.example.net."), _owners),
    st.builds(lambda owner: rrset(owner, "DS", 300, "1 8 2 " + "ab" * 32), _owners),
    st.builds(lambda owner, n: rrset(owner, "TXT", 300, *(f'"{k:0250d}"' for k in range(n))), _owners,
              st.sampled_from([1, 40])),
)  # fmt: skip
_changes = st.lists(
    st.one_of(
        st.builds(Create, _sets), st.builds(Delete, _sets), st.builds(lambda found: Replace(found, found), _sets)
    ),
    max_size=25,
    unique_by=key_of,
)


@given(_changes)
@settings(max_examples=200, deadline=None)
def test_every_change_is_in_one_request_that_the_service_takes_and_in_order(changes: list[Change]) -> None:
    found = [atom for atom in atoms(map(written, changes)) if size_of(atom).fits]
    made = batches(found)
    members = [member for batch in made for member in batch.members]
    fitting = [member for atom in found for member in atom.members]
    assert sorted(map(str, members)) == sorted(map(str, fitting))
    for batch in made:
        assert batch.size.records == sum(size_of(atom).records for atom in batch.atoms) <= MOST_RECORDS
        assert batch.size.characters <= MOST_CHARACTERS
        assert batch.atoms
    places = {member.key: (n, m) for n, batch in enumerate(made) for m, member in enumerate(batch.members)}
    with_cname = {member.key.owner for member in members if member.key.rdtype == RdataType.CNAME}
    for member in members:
        for other in members:
            if _must_follow(member, other):
                first, second = places[other.key], places[member.key]
                # What stands in one atom with a CNAME is seen all at once, in whatever order.
                assert first <= second or (member.key.owner in with_cname and first[0] == second[0])
    writing = [n for n, batch in enumerate(made) if not all(atom.deletes for atom in batch.atoms)]
    only_deleting = [n for n, batch in enumerate(made) if any(atom.deletes for atom in batch.atoms)]
    assert not writing or not only_deleting or max(writing) <= min(only_deleting)
    assert _first_fits_nowhere_earlier(made)


def _must_follow(member: Written, other: Written) -> bool:
    types = (member.key.rdtype, other.key.rdtype)
    wanted = (RdataType.NS, RdataType.DS) if member.deletes else (RdataType.DS, RdataType.NS)
    return member.key.owner == other.key.owner and member.deletes == other.deletes and types == wanted


def _first_fits_nowhere_earlier(made: Sequence[Batch]) -> bool:
    """Two requests that write and follow each other would not fit into one."""
    return all(not (one.size + other.size).fits for one, other in pairwise(made) if not _has_needs(other))


def _has_needs(batch: Batch) -> bool:
    return any(atom.deletes or atom.needs for atom in batch.atoms)
