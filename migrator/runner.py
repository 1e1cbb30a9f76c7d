"""Asks what the checks want to have asked, in rounds, and lets them judge.

The asks of all chosen checks are united, each is sent once, and each check is called again with the replies until
it has no new question. A check that wants nothing new is not called again: what it asks rests on its own replies
alone. After `MOST_ROUNDS` rounds the rest is not asked, and is told as such. A check that raises is a bug of ours,
and is not caught.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from dns.name import Name

from migrator.checks.asks import Ask, Fetch, Handshake, Probe, Registered, Registration, Reply, identity
from migrator.checks.check import Check
from migrator.checks.facts import Facts
from migrator.checks.verdict import Checklist, Policy, judge_all
from migrator.cutover.look import Unasked
from migrator.cutover.registrar import Registrar
from migrator.interfaces import DnsClient, Progress, no_progress
from migrator.model.observation import NoAnswer, Question, Silence
from migrator.model.values import dataclass
from migrator.network.profile import NetworkProfile

MOST_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Asker:
    """The world that is asked: name servers, web servers, the registry, and the time of day."""

    client: DnsClient
    profile: NetworkProfile
    ask_registry: Callable[[Name, datetime], Registrar | Unasked | None]
    now: Callable[[], datetime]
    progress: Progress = no_progress

    def ask(self, asks: Sequence[Ask], before: int = 0) -> list[Reply]:
        """Return one reply for each ask, kind by kind; silence is a reply too.

        `before` is how many were asked in earlier rounds, for the progress.
        """

        def progress(what: str, done: int, total: int | None) -> None:
            del what, total
            self.progress("answers", before + done, before + len(asks))

        questions = [ask for ask in asks if isinstance(ask, Question)]
        probes = [ask for ask in asks if isinstance(ask, Probe)]
        fetches = [ask for ask in asks if isinstance(ask, Fetch)]
        handshakes = [ask for ask in asks if isinstance(ask, Handshake)]
        registrations = [ask for ask in asks if isinstance(ask, Registration)]
        replies: list[Reply] = list(self.client.ask(questions, progress)) if questions else []
        if probes:
            from migrator.dnsclient.probes import probe_all

            replies += probe_all(self.profile, probes, self.now)
        if fetches:
            from migrator.network.fetching import fetch_all

            replies += fetch_all(self.profile, fetches, self.now)
        if handshakes:
            from migrator.network.fetching import handshake_all

            replies += handshake_all(self.profile, handshakes, self.now)
        replies += map(self._registered, registrations)
        return replies

    def _registered(self, ask: Registration) -> Registered:
        at = self.now()
        seen = self.ask_registry(ask.domain, at)
        if seen is None:
            return Registered(ask, at, Unasked("RDAP is switched off in the network profile"))
        return Registered(ask, at, seen, _is_known(seen))


def _is_known(seen: Registrar | Unasked) -> bool | None:
    """Tell whether the registry has the domain; None where it did not say."""
    if isinstance(seen, Registrar):
        return True
    return False if seen.is_unknown else None


def run(checks: Sequence[Check], facts: Facts, policy: Policy, asker: Asker) -> Checklist:
    """Ask all that the checks want to know, and return what they say of it."""
    chosen = [check for check in checks if check.id not in policy.skipped]
    asked = 0

    def ask(asks: Sequence[Ask]) -> list[Reply]:
        nonlocal asked
        asked += len(asks)
        return asker.ask(asks, asked - len(asks))

    answered = ask_rounds(chosen, facts, ask)
    return judge_all(checks, replace(answered, now=asker.now()), policy)


def ask_rounds(checks: Iterable[Check], facts: Facts, ask: Callable[[Sequence[Ask]], Iterable[Reply]]) -> Facts:
    """Return the facts with a reply to each ask of each check."""
    curious = list(checks)
    for _ in range(MOST_ROUNDS):
        wanted, curious = _wanted(curious, facts)
        if not wanted:
            return facts
        facts = replace(facts, replies=facts.replies.with_more(ask(wanted)))
    wanted, _ = _wanted(curious, facts)
    reason = f"not asked, since {MOST_ROUNDS} rounds of questions went before"
    unasked = [
        NoAnswer(left, facts.now, Silence.FORBIDDEN, reason) for left in wanted if isinstance(left, Question)
    ]
    return replace(facts, replies=facts.replies.with_more(unasked))


def _wanted(checks: Iterable[Check], facts: Facts) -> tuple[list[Ask], list[Check]]:
    """Return the new asks, each once, and the checks that have any."""
    wanted: dict[tuple[object, ...], Ask] = {}
    curious = []
    for check in checks:
        new = [ask for ask in check.asks(facts) if ask not in facts.replies]
        if new:
            curious.append(check)
            for ask in new:
                wanted.setdefault(identity(ask), ask)
    return list(wanted.values()), curious
