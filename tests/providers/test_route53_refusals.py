"""Which changes the words of Route 53 are about, in every form in which it says them."""

from collections.abc import Sequence

import pytest

from migrator.model.change import Change, Create, Delete
from migrator.model.extras import Alias, HealthCheck, Weighted
from migrator.model.names import absolute
from migrator.model.zone import subject_of
from providers.route53.atoms import Atom, Step, Written
from providers.route53.batches import Batch, batch_of
from providers.route53.native import native_of
from providers.route53.refusals import advice, reasons
from tests.providers.route53_reading import ORIGIN, rrset


def batch(changes: Sequence[Change]) -> Batch:
    return batch_of([Atom((_written(change),)) for change in changes])


def _written(change: Change) -> Written:
    if isinstance(change, Delete):
        return Written(change, (Step("DELETE", native_of(change.existing, "Z1")),))
    return Written(change, (Step("CREATE", native_of(change.desired, "Z1")),))


CHANGES: list[Change] = [
    Create(rrset("@", "MX", 300, "10 mx.example.net.")),
    Create(rrset("a", "A", 300, "192.0.2.1")),
    Create(rrset("a", "TXT", 300, '"a, b"')),
    Create(rrset("aa.a", "A", 300, "192.0.2.2")),
    Create(rrset("w", "A", 300, "192.0.2.3", variant="one", extras=(Weighted(1), HealthCheck("hc-1")))),
    Create(rrset("w", "A", 300, "192.0.2.4", variant="two", extras=(Weighted(1), HealthCheck("hc-2")))),
    Create(rrset("alias", "A", None, extras=(Alias(absolute("a", ORIGIN)),))),
    Delete(rrset("*", "CNAME", 300, "x.example.net.")),
]
BATCH = batch(CHANGES)
W = "w.example.com. A"
CREATED = "Tried to create resource record set [name='{}', type='{}'] but it already exists"
ROWS: list[tuple[str, str, list[str]]] = [
    ("name and type", f"[{CREATED.format('a.example.com.', 'A')}]", ["a.example.com. A"]),
    ("no other name with that end", f"[{CREATED.format('aa.a.example.com.', 'A')}]", ["aa.a.example.com. A"]),
    (
        "several defects",
        f"[{CREATED.format('a.example.com.', 'A')}, {CREATED.format('example.com.', 'MX')}]",
        ["a.example.com. A", "example.com. MX"],
    ),
    (
        "an identifier",
        "[Tried to create resource record set [name='w.example.com.', type='A', set-identifier='two'] but no]",
        [f"{W} [two]"],
    ),
    ("both variants", "[RRSet with DNS name w.example.com., type A cannot be]", [f"{W} [one]", f"{W} [two]"]),
    (
        "a name in octal",
        r"[Tried to delete resource record set [name='\052.example.com.', type='CNAME'] but it was not found]",
        ["*.example.com. CNAME"],
    ),
    (
        "another type of the name",
        "[RRSet of type CNAME with DNS name aa.a.example.com. is not permitted in zone example.com.]",
        ["aa.a.example.com. A"],
    ),
    (
        "a value",
        "[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (no) encountered with '192.0.2.2'']",
        ["aa.a.example.com. A"],
    ),
    (
        "a value with a comma",
        """[Duplicate Resource Record: '"a, b"', Duplicate Resource Record: '192.0.2.1']""",
        ["a.example.com. TXT", "a.example.com. A"],
    ),
    (
        "an alias by its target",
        "[Tried to create an alias that targets a.example.com., type A in zone Z1, but that target was not found]",
        ["alias.example.com. A"],
    ),
    ("a health check", "No health check exists with the ID hc-2", [f"{W} [two]"]),
    ("some health check", "No health check exists with the specified ID", [f"{W} [one]", f"{W} [two]"]),
    (
        "a place in the request",
        "1 validation error: Value 'FOO' at 'changeBatch.changes.4.member.resourceRecordSet.type' failed",
        ["aa.a.example.com. A"],
    ),
    ("nobody", "[Number of records limit of 1000 exceeded.]", []),
    ("the zone's name is no change's", "[RRSet with DNS name x.test. is not permitted in zone example.com.]", []),
    ("nothing at all", "", []),
]


@pytest.mark.parametrize(("message", "subjects"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_sentence_belongs_to_the_changes_that_it_is_about(message: str, subjects: list[str]) -> None:
    found, general = reasons([message], BATCH)
    assert [subject_of(key) for key in found] == subjects
    assert bool(general) == (not subjects and bool(message))


def test_messages_that_come_one_by_one_are_told_apart() -> None:
    found, general = reasons([CREATED.format("a.example.com.", "A"), "The sky fell", "Number of sheep: 3"], BATCH)
    assert [subject_of(key) for key in found] == ["a.example.com. A"]
    assert general == "The sky fell. Number of sheep: 3."


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (CREATED.format("a.example.com.", "A"), "run the command again"),
        ("Tried to delete resource record set [name='a'] but it was not found", "run the command again"),
        ("Tried to create an alias that targets a, type A, but that target was not found", ""),
        (
            "RRSet with DNS name a, type A is protected by a resource record set protection",
            "Remove the protection",
        ),
        ("Duplicate Resource Record: '192.0.2.1'", ""),
    ],
)
def test_what_can_be_done_is_said(sentence: str, words: str) -> None:
    assert (words in advice(sentence)) if words else advice(sentence) == ""
