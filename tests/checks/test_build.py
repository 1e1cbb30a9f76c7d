"""The small world of the checks' tests answers as real servers and resolvers do."""

from collections.abc import Iterable, Iterator

from dns.rcode import Rcode

from migrator.checks.asks import Ask
from migrator.checks.check import REGISTERED, Check, check
from migrator.checks.facts import Facts
from migrator.checks.overlay import Found, look_up, pending
from migrator.checks.points import Passed, Point, Problem, Unchecked
from migrator.model.finding import Phase
from migrator.model.observation import Answer, NoAnswer
from tests.checks.build import (
    asked_by,
    asking,
    facts,
    gives,
    history,
    new_side,
    points,
    server,
    silent,
    told,
    zone,
)


def _asks(known: Facts) -> Iterable[Ask]:
    assert known.new is not None
    return pending([look_up(known, known.new, known.below("www"), asking("resolver", "www A").rdtype)])


def _example() -> Check:
    """Return a check that is registered nowhere."""

    def judge(known: Facts) -> Iterator[Point]:
        """The web server has an address."""
        assert known.new is not None
        found = look_up(known, known.new, known.below("www"), asking("resolver", "www A").rdtype)
        if isinstance(found, Found):
            chain = " ".join(map(str, found.chain))
            yield Passed("www", " ".join(r.to_text() for r in found.rrset.rdatas) + f" {chain}", found.evidence)
        else:
            yield (
                Problem("www", type(found).__name__)
                if not hasattr(found, "reason")
                else Unchecked("www", found.reason)
            )

    made = check("test.example", phases=[Phase.READY], source="nobody", asks=_asks)(judge)
    del REGISTERED["test.example"]
    return made


CHECK = _example()


def test_servers_answer_from_their_own_side() -> None:
    known = facts("www A 192.0.2.1", "www A 192.0.2.2")

    assert told(points(CHECK, known)) == ["pass www: 192.0.2.2 "]
    assert asked_by(CHECK, known) == [asking("ns1.new.example.", "www A")]


def test_resolvers_know_what_is_outside() -> None:
    known = facts("", "www CNAME web.example.net.")
    outside = "web.example.net. CNAME cdn.example.net.\ncdn.example.net. A 192.0.2.7"

    assert told(points(CHECK, known, outside=outside)) == ["pass www: 192.0.2.7 web.example.net. cdn.example.net."]
    assert told(points(CHECK, known)) == ["problem www: Absent"]


def test_replies_win_over_the_zones() -> None:
    known = facts("", "www A 192.0.2.2")
    first = silent("ns1.new.example.", "www A")
    second = gives("ns2.new.example.", "www A", Rcode.REFUSED)

    assert told(points(CHECK, known, first, second)) == [
        "unchecked www: no name server of the new side answers (timeout, REFUSED)"
    ]
    assert told(points(CHECK, known, first)) == ["pass www: 192.0.2.2 "]


def test_one_server_can_have_a_zone_of_its_own() -> None:
    known = facts("", "www A 192.0.2.2")

    assert told(points(CHECK, known, ns1_new_example="www A 192.0.2.66")) == ["pass www: 192.0.2.66 "]
    assert told(points(CHECK, known, ns1_new_example=None, ns2_new_example=None)) == [
        "unchecked www: no name server of the new side answers (timeout)"
    ]


def test_zone_adds_what_every_zone_has_unless_it_is_given() -> None:
    assert [f"{r.owner} {r.rdtype.name} {len(r.rdatas)}" for r in zone("www A 192.0.2.1").rrsets] == [
        "example.test. SOA 1",
        "example.test. NS 2",
        "www.example.test. A 1",
    ]
    assert [r.rdatas[0].to_text() for r in zone("@ NS ns.example.net.").rrsets][1:] == ["ns.example.net."]


def test_history_is_told_in_seconds_from_now() -> None:
    seen = history(("ns1.old.example.", "@ NS", 86400, "ns1.old.example. | ns2.old.example.", -7200, -3600))

    (run,) = seen.of("198.51.100.1", facts().domain, asking("resolver", "@ NS").rdtype)
    assert (run.ttl, run.rdatas) == (86400, ("ns1.old.example.", "ns2.old.example."))
    assert (run.last - run.first).total_seconds() == 3600


def test_sides_have_their_servers() -> None:
    assert [str(each) for each in new_side("", hosts=()).servers] == []
    assert server("ns1.new.example") in new_side("").servers
    assert isinstance(gives("resolver", "www A", Rcode.SERVFAIL), Answer)
    assert isinstance(silent("192.0.2.200", "www A"), NoAnswer)
