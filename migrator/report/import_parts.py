"""The parts that reports of imports and rollbacks share: changes, losses, what stands in the way. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from migrator.codec import changes as change_codec
from migrator.diff.equality import values
from migrator.model.change import Create, Delete, after, before, key_of
from migrator.model.finding import Severity
from migrator.model.loss import Loss
from migrator.model.phrases import counted, safe
from migrator.model.rrset import RRset
from migrator.plan.serials import Serial
from migrator.plan.steps import State, Step
from migrator.report.diff import title_of
from migrator.report.diff_values import readable, value_lines
from migrator.report.layout import Palette, columns, wrapped

_INDENT = "    "
_MOST_CREATED = 12
_MOST_NAMES = 8
_MOST_LOSSES = 5
_MOST_VALUES = 6
_WORDS = {
    State.DONE: "done",
    State.FAILED: "FAILED",
    State.UNKNOWN: "not known",
    State.OVERTAKEN: "left alone",
    State.PLANNED: "not done",
}


def changes_text(steps: Sequence[Step], palette: Palette, *, verbose: bool) -> Iterator[str]:
    """Yield the changes as they are planned: replacements and deletions all, of creations the first few."""
    shown = 0
    created = sum(isinstance(step.change, Create) for step in steps)
    for step in steps:
        if isinstance(step.change, Create):
            shown += 1
            if shown > _MOST_CREATED and not verbose:
                continue
        yield from _change(step, palette, verbose=verbose)
    if shown > _MOST_CREATED and not verbose:
        yield f"  and {created - _MOST_CREATED:,} more to create (--verbose shows them)"


def outcomes_text(steps: Iterable[Step], palette: Palette) -> Iterator[str]:
    """Yield a line for every change that is not done, with the reason."""
    previous = ""
    for step in steps:
        if step.state is State.DONE:
            continue
        style = palette.warning if step.state is State.PLANNED else palette.error
        word = palette.paint(f"{_WORDS[step.state]:<10}", style)
        yield f"  {word} {change_codec.action(step.change)} {title_of(key_of(step.change))}"
        if step.detail and step.detail != previous:
            yield wrapped(safe(step.detail), _INDENT, _INDENT)
        previous = step.detail


def losses_text(losses: Sequence[Loss], palette: Palette, *, verbose: bool) -> Iterator[str]:
    """Yield the losses by word, the gravest first; of notices only how many there are."""
    for group in by_word(losses):
        first = group[0]
        style = palette.of(first.severity)
        yield f"  {palette.paint(f'{first.severity:<7}', style)}  {first.what}  ({counted(len(group), 'set')})"
        if first.severity is Severity.NOTICE and not verbose:
            yield wrapped(names_text([title_of(loss.key) for loss in group]), _INDENT, _INDENT)
            continue
        shown = group if verbose else group[:_MOST_LOSSES]
        for loss in shown:
            yield wrapped(title_of(loss.key), _INDENT, _INDENT)
            yield wrapped(safe(loss.message), _INDENT + "  ", _INDENT + "  ")
        if len(shown) < len(group):
            yield f"{_INDENT}and {len(group) - len(shown):,} more (--verbose shows them)"
        for advice in dict.fromkeys(loss.advice for loss in shown if loss.advice):
            yield wrapped(safe(advice), f"{_INDENT}-> ", f"{_INDENT}   ")


def by_word(losses: Iterable[Loss]) -> list[list[Loss]]:
    """Return the losses by severity and word, errors first, in each group in the order of the zone."""
    groups: dict[tuple[int, str], list[Loss]] = {}
    for loss in losses:
        groups.setdefault((loss.severity.rank, loss.what), []).append(loss)
    return [groups[key] for key in sorted(groups)]


def names_text(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    """Return the first names in one line, and how many there are besides."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def counts_of(steps: Iterable[Step]) -> str:
    """Return `3 to create, 1 to replace, 2 to delete`, without what there is none of."""
    words = [change_codec.action(step.change) for step in steps]
    parts = [f"{words.count(word):,} to {word}" for word in ("create", "replace", "delete") if word in words]
    return ", ".join(parts) or "nothing to change"


def serial_text(serial: Serial, whose: str) -> str:
    """Return the serial before and after in a sentence; `whose` leads to that of the zone that comes in."""
    step = [*dict.fromkeys((serial.present, serial.planned))]
    other = "" if serial.incoming in {None, *step} else f" ({whose} {serial.incoming})"
    why = ": later, so that secondaries take the zone" if serial.goes_on else ""
    return f"{' -> '.join(map(str, step))}{other}{why}."


def _change(step: Step, palette: Palette, *, verbose: bool) -> Iterator[str]:
    change = step.change
    style = {Create: palette.good, Delete: palette.error}.get(type(change), palette.warning)
    word = palette.paint(f"{change_codec.action(change):<8}", style)
    old, new = before(change), after(change)
    yield f"  {word} {palette.paint(title_of(key_of(change)), palette.strong)}{_times(old, new)}"
    lost, gained = _values(old), _values(new)
    lines = list(
        value_lines(
            [text for text in lost if text not in gained],
            [text for text in gained if text not in lost],
            100_000 if verbose else columns() - len(_INDENT) - 4,
        )
    )
    shown = lines if verbose else lines[:_MOST_VALUES]
    for mark, value in shown:
        sign = " " if mark == "^" else mark
        yield palette.paint(f"{_INDENT}  {sign} {value}", {"-": palette.error, "+": palette.good}.get(mark, ""))
    if len(shown) < len(lines):
        yield f"{_INDENT}    and {len(lines) - len(shown):,} more (--verbose shows them)"
    if step.detail:
        yield palette.paint(wrapped(f"Cannot be written: {safe(step.detail)}", _INDENT, _INDENT), palette.error)


def _times(old: RRset | None, new: RRset | None) -> str:
    ttls = [rrset.ttl for rrset in (old, new) if rrset is not None and rrset.ttl is not None]
    unlike = list(dict.fromkeys(ttls))
    return f"  {' s, then '.join(map(str, unlike))} s" if unlike else ""


def _values(rrset: RRset | None) -> list[str]:
    return [] if rrset is None else readable(rrset.rdtype, [*values(rrset).values()])
