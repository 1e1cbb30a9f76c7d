"""What changed from look to look, a line each, and the short view that is drawn again and again. No IO here."""

from collections.abc import Sequence

from migrator.clock import instant
from migrator.cutover.judge import Judgement
from migrator.cutover.memory import delegated_set
from migrator.cutover.stage import Listing, Sets, listing_of
from migrator.model.delegation import ParentView
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.names import for_people
from migrator.model.phrases import safe
from migrator.report.confirm import stage_style
from migrator.report.confirm_words import distance_to, headline, stage_name, when
from migrator.report.findings import severity_counts
from migrator.report.layout import PLAIN, Palette, wrapped

SHOWN_CHANGES = 10


def stage_line(judgement: Judgement) -> str:
    """Return when, which domain, which stage, and what that means, in one line."""
    domain = for_people(judgement.look.domain)
    return safe(f"{instant(judgement.at)} {domain}: {stage_name(judgement.stage)}: {headline(judgement)}")


def first_lines(judgement: Judgement) -> list[str]:
    """Return the stage of the first look, its graver findings, and what leaves the verdict in doubt."""
    return [stage_line(judgement), *(_remark_line(judgement, "found", each) for each in _grave(judgement))]


class Watched:
    """What a watch has seen so far.

    A look may show nothing of a server: its parent was silent, or no resolver was asked. What is seen of it
    later is held against the last that was.
    """

    def __init__(self) -> None:
        """Begin before the first look."""
        self.last: Judgement | None = None
        self._states: dict[str, str] = {}

    def news(self, now: Judgement) -> list[str]:
        """Return the lines that tell of this look, and remember it."""
        before, was = self.last, self._states
        are = {**_named("parent", _parents(now)), **_named("resolver", _resolvers(now))}
        self.last, self._states = now, was | are
        if before is None:
            return first_lines(now)
        moved = [(name, was[name], state) for name, state in are.items() if was.get(name, state) != state]
        lines = [safe(f"{instant(now.at)} {name}: {old} -> {new}") for name, old, new in moved]
        return [*lines, *_other_findings(before, now)]


def _named(what: str, states: dict[str, str]) -> dict[str, str]:
    return {f"{what} {name}": state for name, state in states.items()}


def _other_findings(before: Judgement, now: Judgement) -> list[str]:
    """Return a line for each finding or doubt that came or went, and the stage last where it is another one."""
    was, are = _grave(before), _grave(now)
    lines = [_remark_line(now, "found", each) for each in are if _key(each) not in set(map(_key, was))]
    lines += [_remark_line(now, "gone", each) for each in was if _key(each) not in set(map(_key, are))]
    return [*lines, stage_line(now)] if before.stage is not now.stage else lines


def watch_view(judgement: Judgement, told: Sequence[str], palette: Palette = PLAIN) -> str:
    """Return what a terminal shows while nothing has to be done: the stage, its end, and the last changes."""
    title = f"{safe(for_people(judgement.look.domain))}: {stage_name(judgement.stage)}"
    lines = [
        palette.paint(title, stage_style(judgement.stage, palette)),
        wrapped(safe(headline(judgement)), "  "),
    ]
    if judgement.timing is not None:
        end = judgement.timing.last_stale
        lines.append(f"  Last stale answer: {when(end)} ({distance_to(end.at, judgement.at)})")
    if judgement.resolvers:
        states = [f"{name} {state}" for name, state in _resolvers(judgement).items()]
        lines.append(wrapped(safe(f"Resolvers: {', '.join(states)}"), "  ", "    "))
    if judgement.findings:
        lines.append(f"  Findings: {severity_counts(judgement.findings)}")
    if judgement.doubts:
        subjects = dict.fromkeys(item.subject for item in judgement.doubts)
        lines.append(wrapped(safe(f"Not checked: {', '.join(subjects)}"), "  ", "    "))
    lines.append(f"  Seen {instant(judgement.at)}; Ctrl-C ends the watch.")
    if told:
        lines += ["", *(wrapped(line, "", "  ") for line in told[-SHOWN_CHANGES:])]
    return "\n".join(lines)


def _parents(judgement: Judgement) -> dict[str, str]:
    sets = Sets.of(judgement.look.expected, judgement.look.old)
    return {str(view.server): _listed(view, sets) for view in judgement.look.delegation.views}


def _listed(view: ParentView, sets: Sets) -> str:
    """Return what a server of the parent lists; where that is neither set, the names, since they may change."""
    listing = listing_of(view, sets)
    if listing not in {Listing.PART, Listing.OTHER}:
        return str(listing)
    return f"{listing} ({', '.join(name.rstrip('.') for name in (delegated_set(view) or '').split())})"


def _resolvers(judgement: Judgement) -> dict[str, str]:
    return {state.view.name: str(state.state) for state in judgement.resolvers}


def _grave(judgement: Judgement) -> list[Finding | Unchecked]:
    grave = [finding for finding in judgement.findings if finding.severity is not Severity.NOTICE]
    # Whom of the parent nobody could ask stands among the states of its servers.
    doubts = [item for item in judgement.doubts if item.check != "delegation.parent"]
    return [*grave, *doubts]


def _key(remark: Finding | Unchecked) -> tuple[bool, str, str]:
    return isinstance(remark, Unchecked), remark.check, remark.subject


def _remark_line(judgement: Judgement, word: str, remark: Finding | Unchecked) -> str:
    match remark:
        case Unchecked(reason=text):
            kind = "unchecked"
        case Finding(severity=kind, message=text):
            pass
    return safe(f"{instant(judgement.at)} {word}: {kind} {remark.check} {remark.subject}: {text}")
