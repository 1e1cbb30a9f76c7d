"""What `ttl` tells a person: what is lowered or put back, what stays and why, what every server shows. Pure."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from dns.rdatatype import RdataType

from migrator.clock import instant
from migrator.codec.ttls import TtlResult, before_and_after
from migrator.model.names import for_people
from migrator.model.phrases import counted, safe
from migrator.model.rrset import RRsetKey
from migrator.plan.steps import Step
from migrator.report.diff import title_of
from migrator.report.import_parts import outcomes_text
from migrator.report.layout import PLAIN, Palette, wrapped
from migrator.ttls import Lowering, Restoring
from migrator.ttls.originals import longest_ttl
from migrator.ttls.proof import Shown, Sight, is_answered_otherwise

_MOST = 20


def ttl_plan_text(result: TtlResult, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return what would be done to one zone, for a terminal of 80 columns."""
    return "\n\n".join(filter(None, _plan_blocks(result, palette, verbose=verbose)))


def ttl_outcome_text(result: TtlResult, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return what came of it, at the provider and at the name servers."""
    lines = []
    if result.work.backup:
        lines.append(wrapped(f"The zone as it was: {safe(result.work.backup)}"))
    lines += outcomes_text(result.work.steps, palette) if not result.by_hand else ()
    lines += _servers(result, palette, verbose=verbose)
    style = palette.good if result.shown and not result.work.error else palette.warning
    lines += [palette.paint(wrapped(safe(line)), style) for line in verdict(result)]
    return "\n".join(lines)


def ttl_markdown(results: Sequence[TtlResult]) -> str:
    """Return plan and outcome of all zones as Markdown."""
    lines: list[str] = []
    for result in results:
        lines += [f"# {safe(result.zone)}: TTLs", "", *(f"**{safe(line)}**" for line in verdict(result)), ""]
        lines += ["| set | from | to | outcome |", "|---|---|---|---|"]
        for step in result.work.steps:
            before, after = _from_to(step)
            outcome = "by hand" if result.by_hand else str(step.state)
            lines.append(f"| {title_of(_key(step))} | {before} | {after} | {outcome} |")
        notes = [f"- {line.strip()}" for line in _notes(result.plan)]
        lines += ["", *notes, ""] if notes else [""]
        lines += ["| server | set | TTL | state |", "|---|---|---|---|"] if result.sights else []
        for sight in result.sights:
            lines.append(f"| {sight.server} | {_asked(sight)} | {_ttl(sight)} | {sight.state} |")
        lines.append("")
    return "\n".join(lines)


def verdict(result: TtlResult) -> list[str]:
    """Return the sentences that say what is so now."""
    work, found = result.work, []
    if work.error:
        found.append(work.error)
    elif result.by_hand and (work.steps or any(sight.state is Shown.NOT_YET for sight in result.sights)):
        found.append("This program does not write to this zone: change these TTLs where the zone is kept.")
    elif work.applied and work.steps:
        found.append(f"{counted(len(work.steps), 'set')} written and read again ({_calls(result)}).")
    elif not work.steps:
        found.append("Nothing to change.")
    if result.unasked:
        found.append(
            f"Not verified at the name servers: {result.unasked}. Run the command again when there is one."
        )
    elif result.sights:
        found.append(_shown(result))
    hidden = sum(is_answered_otherwise(before_and_after(step)[1]) for step in work.steps)
    if hidden:
        found.append(f"{counted(hidden, 'set')} answered as addresses (flattened): not asked at the name servers.")
    if result.let_go is not None:
        found.append(
            f"Caches may hold the longer TTLs until {instant(result.let_go)}; `check --phase ready` says when all "
            "have let go."
        )
    return found


def _key(step: Step) -> RRsetKey:
    return before_and_after(step)[1].key


def _calls(result: TtlResult) -> str:
    calls = result.work.calls
    return f"{counted(calls.reads, 'read')}, {counted(calls.writes, 'write')}"


def _shown(result: TtlResult) -> str:
    servers = len({sight.server for sight in result.sights})
    late = [sight for sight in result.sights if sight.state is Shown.NOT_YET]
    silent = [sight for sight in result.sights if sight.state is Shown.UNKNOWN]
    if not late and not silent:
        return f"All {servers} addresses of the name servers show them."
    parts = []
    if late:
        parts.append(f"{len({s.server for s in late})} of {servers} addresses still show another TTL")
    if silent:
        parts.append(f"{len({s.server for s in silent})} of {servers} do not show all of them")
    return f"{' and '.join(parts)}: run the command again to ask again."


def _plan_blocks(result: TtlResult, palette: Palette, *, verbose: bool) -> Iterator[str]:
    plan, steps = result.plan, result.work.steps
    what = f"lower the TTLs to {plan.to} s" if isinstance(plan, Lowering) else "put the TTLs back"
    head = palette.paint(f"{safe(for_people(plan.zone.origin))}: {what}", palette.strong)
    yield f"{head}\n{wrapped(safe(result.zone), '  at ', '     ')}"
    if steps:
        word = "To change by hand" if result.by_hand else "Plan"
        title = palette.paint(f"{word}: {counted(len(steps), 'set')}", palette.strong)
        shown = steps if verbose else steps[:_MOST]
        rows = [f"  {title_of(_key(step))}  {' -> '.join(_from_to(step))} s" for step in shown]
        more = f"  and {len(steps) - len(shown):,} more (--verbose shows them)"
        yield "\n".join([title, *(rows if len(shown) == len(steps) else [*rows, more])])
    notes = list(_notes(plan))
    if notes:
        title = palette.paint("Left as they are", palette.warning)
        yield "\n".join([title, *(wrapped(note, "  ", "    ") for note in notes)])
    if isinstance(plan, Lowering) and plan.low:
        yield f"Low already: {counted(plan.low, 'set')}."


def _from_to(step: Step) -> tuple[str, str]:
    existing, desired = before_and_after(step)
    return str(longest_ttl(existing)), str(longest_ttl(desired))


def _notes(plan: Lowering | Restoring) -> Iterator[str]:
    """Yield what is left alone, with the reason."""
    match plan:
        case Lowering():
            by_reason = sorted(plan.kept, key=lambda kept: kept.reason)
            for reason, group in groupby(by_reason, lambda kept: kept.reason):
                yield f"{', '.join(f'{title_of(kept.key)} ({kept.ttl} s)' for kept in group)}: {reason}"
        case Restoring():
            for changed in plan.changed:
                original = changed.original
                yield (
                    f"{title_of(original.key)}: somebody has set {changed.present} s since; it was "
                    f"{original.longest} s, and was lowered to {original.lowered} s"
                )
            for key in plan.gone:
                yield f"{title_of(key)}: not there any more"
            if plan.back:
                yield f"{counted(len(plan.back), 'set')} as before already"


def _servers(result: TtlResult, palette: Palette, *, verbose: bool) -> Iterator[str]:
    """Yield the servers that do not show what is wanted, or all of them."""
    rows = [sight for sight in result.sights if verbose or sight.state is not Shown.YES]
    for sight in rows if verbose else rows[:_MOST]:
        style = palette.good if sight.state is Shown.YES else palette.warning
        line = f"{sight.state:<8} {_asked(sight)} at {safe(str(sight.server))}: {_ttl(sight)}"
        yield palette.paint(wrapped(line, "  ", " " * 11), style)
    if not verbose and len(rows) > _MOST:
        yield f"  and {len(rows) - _MOST:,} more (--verbose shows them)"


def _asked(sight: Sight) -> str:
    return f"{safe(for_people(sight.wish.owner))} {RdataType.to_text(sight.wish.rdtype)}"


def _ttl(sight: Sight) -> str:
    return safe(sight.trouble) if sight.ttl is None else f"TTL {sight.ttl} s"
