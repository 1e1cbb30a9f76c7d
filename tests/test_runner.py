"""The runner asks each ask once, in rounds, and comes to an end."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

import pytest
from dns.name import Name

from migrator.checks.asks import Ask, Registered, Registration, Reply
from migrator.checks.check import Asks, Check, Judge, nothing_to_ask
from migrator.checks.facts import Facts, Replies
from migrator.checks.points import Noted, Passed, Point, Problem
from migrator.checks.verdict import Policy, Status, Verdict
from migrator.cutover.look import Unasked
from migrator.cutover.registrar import Registrar
from migrator.interfaces import DnsClient, Progress, no_progress
from migrator.model.finding import Phase, Severity
from migrator.model.names import absolute
from migrator.model.observation import NoAnswer, Observation, Question, Silence
from migrator.model.rrset import Record
from migrator.network.profile import load_profile
from migrator.runner import MOST_ROUNDS, Asker, ask_rounds, run
from tests.checks.build import NOW, after, asking, facts, silent

LATER = after(60)


def passes(_: Facts) -> Iterator[Point]:
    """It passes."""
    yield Passed("x", "seen", (Noted("test", "x"),))


def check(id_: str, asks: Asks = nothing_to_ask, judge: Judge = passes) -> Check:
    return Check(id_, (Phase.READY,), Severity.ERROR, True, False, "nobody", "", asks, judge)


def asks_for(*questions: Ask) -> Asks:
    return lambda _: questions


class Client(DnsClient):
    """Answers nothing, and counts."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def ask(self, questions: Sequence[Question], progress: Progress = no_progress) -> tuple[Observation, ...]:
        progress("answers", len(questions), len(questions))
        self.asked += questions
        return tuple(NoAnswer(question, NOW, Silence.TIMEOUT) for question in questions)

    def transfer(self, *_: object, **__: object) -> Iterator[Record]:
        raise AssertionError("nobody transfers")


def asker(client: DnsClient, registry: Registrar | Unasked | None = None) -> Asker:
    def ask_registry(domain: Name, now: datetime) -> Registrar | Unasked | None:
        return registry

    return Asker(client, load_profile(None), ask_registry, lambda: LATER)


def counted(replies: Callable[[Ask], Reply]) -> tuple[list[Sequence[Ask]], Callable[[Sequence[Ask]], list[Reply]]]:
    rounds: list[Sequence[Ask]] = []

    def ask(asks: Sequence[Ask]) -> list[Reply]:
        rounds.append(asks)
        return [replies(each) for each in asks]

    return rounds, ask


def timeout(ask: Ask) -> Reply:
    assert isinstance(ask, Question)
    return NoAnswer(ask, NOW, Silence.TIMEOUT)


def test_what_several_checks_ask_is_asked_once() -> None:
    www, mail = asking("ns1.new.example.", "www A"), asking("ns1.new.example.", "mail A")
    same = asking("ns1.new.example.", "WWW A")
    rounds, ask = counted(timeout)

    known = ask_rounds([check("a.a", asks_for(www, mail)), check("a.b", asks_for(same))], facts(), ask)

    assert rounds == [[www, mail]]
    assert known.observed(same) == NoAnswer(www, NOW, Silence.TIMEOUT)


def test_a_check_asks_on_with_what_it_got() -> None:
    first, second = asking("ns1.new.example.", "www A"), asking("ns2.new.example.", "www A")

    def chain(known: Facts) -> Iterable[Ask]:
        return [first, second] if first in known.replies else [first]

    rounds, ask = counted(timeout)
    ask_rounds([check("a.a", chain)], facts(), ask)

    assert rounds == [[first], [second]]


def test_what_is_known_is_not_asked() -> None:
    known = facts(replies=Replies([silent("ns1.new.example.", "www A")]))
    rounds, ask = counted(timeout)

    ask_rounds([check("a.a", asks_for(asking("ns1.new.example.", "www A")))], known, ask)

    assert rounds == []


def test_questions_without_end_are_left_and_told() -> None:
    def endless(known: Facts) -> Iterable[Ask]:
        return [asking("ns1.new.example.", f"n{number} A") for number in range(len(known.replies) + 1)]

    rounds, ask = counted(timeout)
    known = ask_rounds([check("a.a", endless)], facts(), ask)

    left = known.observed(asking("ns1.new.example.", f"n{MOST_ROUNDS} A"))
    assert len(rounds) == MOST_ROUNDS
    assert isinstance(left, NoAnswer)
    assert (left.reason, left.detail) == (
        Silence.FORBIDDEN,
        f"not asked, since {MOST_ROUNDS} rounds of questions went before",
    )


def test_a_check_that_is_left_out_asks_nothing() -> None:
    client = Client()
    asks = asks_for(asking("ns1.new.example.", "www A"))

    found = run([check("a.a", asks)], facts(), Policy(skipped={"a.a": "known"}), asker(client))

    assert client.asked == []
    assert [(result.status, result.reason, result.skipped) for result in found.results] == [
        (Status.NOT_NEEDED, "known", True)
    ]
    assert found.verdict is Verdict.GO


def test_checks_judge_at_the_time_of_their_answers() -> None:
    moments = []

    def judge(known: Facts) -> Iterator[Point]:
        """It remembers the time."""
        moments.append(known.now)
        yield Problem("x", "wrong")

    found = run([check("a.a", judge=judge)], facts(), Policy(), asker(Client()))

    assert moments == [LATER]
    assert found.verdict is Verdict.NO_GO


def test_a_check_that_raises_is_a_bug_and_no_result() -> None:
    def judge(_: Facts) -> Iterator[Point]:
        """It cannot."""
        yield Problem("x", str(1 // 0))

    with pytest.raises(ZeroDivisionError):
        run([check("a.a", judge=judge)], facts(), Policy(), asker(Client()))


@pytest.mark.parametrize(
    ("registry", "view", "known"),
    [
        (None, Unasked("RDAP is switched off in the network profile"), None),
        (Unasked("no answer"), Unasked("no answer"), None),
        (Unasked("HTTP 404", is_unknown=True), Unasked("HTTP 404", is_unknown=True), False),
        (Registrar("https://rdap.example/"), Registrar("https://rdap.example/"), True),
    ],
)
def test_registrations_are_asked_of_the_registry(
    registry: Registrar | Unasked | None, view: Registrar | Unasked, *, known: bool | None
) -> None:
    registration = Registration(absolute("example.net"))

    assert asker(Client(), registry).ask([registration]) == [Registered(registration, LATER, view, known)]
