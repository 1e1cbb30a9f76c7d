"""Migrations as text for a terminal: a line a domain, the journey of one, and each event as it happens. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from dns.name import Name

from migrator.clock import instant
from migrator.journey.events import Event, Kind
from migrator.journey.migration import Migration, Told
from migrator.journey.stages import STAGES
from migrator.journey.state import Status
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.model.phrases import counted, safe
from migrator.report.layout import PLAIN, WIDTH, Palette, columns, folded, wrapped

_STAGE_WIDTH = 12
_WORDS = {
    Kind.BEGUN: "begun",
    Kind.DONE: "done",
    Kind.WAITS: "waits",
    Kind.ASKS: "asks you",
    Kind.FAILED: "failed",
    Kind.APPROVED: "approved",
    Kind.PAUSED: "paused",
    Kind.RESUMED: "goes on",
    Kind.ABORTED: "aborted",
    Kind.AGAIN: "again from here",
}


def event_text(event: Event, palette: Palette = PLAIN) -> str:
    """Return an event as a block: when, at which stage, what, and what a person can type."""
    head = f"{event.at:%H:%M:%S}Z  {event.stage:<{_STAGE_WIDTH}}  "
    word = palette.paint(_WORDS[event.kind], _style(event, palette))
    margin = " " * (len(head) if columns() == WIDTH else 4)
    lines = [wrapped(f"{_WORDS[event.kind]}{_said(event)}", head, margin)]
    lines[0] = lines[0].replace(_WORDS[event.kind], word, 1)
    lines += [folded(safe(command), f"{margin}$ ", f"{margin}    ") for command in event.commands]
    return "\n".join(lines)


def event_line(domain: Name, event: Event, palette: Palette = PLAIN) -> str:
    """Return an event of one of many migrations as one line."""
    word = palette.paint(_WORDS[event.kind], _style(event, palette))
    return f"{event.at:%H:%M:%S}Z  {safe(for_people(domain))}  {event.stage}  {word}{_said(event)}"


def fleet_counts(migrations: Iterable[Migration], palette: Palette = PLAIN) -> str:
    """Return how many domains stand at which stage, and what they need there."""
    counts = Counter((each.stage, each.status, _state(each)) for each in migrations)
    complete = sum(number for (_, status, _), number in counts.items() if status is Status.COMPLETE)
    lines = [palette.paint(f"{counted(counts.total(), 'domain')}, {complete:,} complete", palette.strong)]
    for stage in STAGES:
        here = [(state, status, number) for (where, status, state), number in counts.items() if where is stage]
        parts = [
            palette.paint(f"{number:,} {state}", _status_style(status, palette))
            for state, status, number in sorted(here)
            if status is not Status.COMPLETE
        ]
        if parts:
            lines.append(f"  {stage.number:>2} {stage:<{_STAGE_WIDTH}}  {', '.join(parts)}")
    return "\n".join(lines)


def _said(event: Event) -> str:
    text = safe(event.text)
    if event.words:
        text = f"{text} {safe(', '.join(event.words))}".strip()
    if event.because:
        text = f"{text} because: {safe(event.because)}".strip()
    if event.times > 1 and event.latest is not None:
        text = f"{text} ({event.times:,} times, last at {instant(event.latest)})"
    if event.kind is Kind.FAILED and event.until is not None:
        text = f"{text} (tried again at {instant(event.until)})"
    return f": {text}" if text else ""


def _style(event: Event, palette: Palette) -> str:
    match event.kind:
        case Kind.DONE:
            return palette.good
        case Kind.FAILED | Kind.ABORTED:
            return palette.error
        case Kind.ASKS:
            return palette.warning
        case _:
            return palette.quiet


def standing_text(migration: Migration, palette: Palette = PLAIN, naming: str = "", old_zone: str = "") -> str:
    """Return where a migration stands, and how it goes on; `naming` is what commands have to name besides.

    `old_zone` says of one that is complete what becomes of the old zone.
    """
    return palette.paint(wrapped(_standing(migration, naming, old_zone)), palette.strong)


def _standing(migration: Migration, naming: str, old_zone: str) -> str:
    zone, stage = for_people(migration.domain), migration.stage
    match migration.status:
        case Status.COMPLETE:
            return f"{zone} has moved. {old_zone}".rstrip()
        case Status.ABORTED:
            anew = f"'dns-migrator run {zone} --anew{naming}' begins another."
            return f"{zone}: this migration was ended at {stage}; that undid nothing. {anew}"
        case _:
            return f"{zone} is at stage {stage.number} of {len(STAGES)}, {stage}: {_needs(migration, naming)}"


def _needs(migration: Migration, naming: str) -> str:
    goes_on = f"'dns-migrator run {for_people(migration.domain)}{naming}'"
    match migration.status:
        case Status.WAITING if migration.until is not None:
            return f"it waits until {instant(migration.until)}. {goes_on} goes on then."
        case Status.ASKING:
            return "it waits for a person, as said above."
        case Status.FAILED:
            again = f"what failed is tried again by {goes_on}."
            # Nothing has been done yet: perhaps the domain or a side is misspelt.
            ends = f" 'dns-migrator abort {for_people(migration.domain)}{naming}' ends this migration."
            return again + ends if migration.stage is STAGES[0] else again
        case Status.RUNNING if not migration.worker:
            return f"nobody works on it now; {goes_on} goes on."
        case Status.PAUSED:
            return f"it is paused; 'dns-migrator resume {for_people(migration.domain)}{naming}' goes on."
        case _:
            return f"it is {migration.status}."


def status_table(
    migrations: Sequence[Migration], palette: Palette = PLAIN, width: int = WIDTH, naming: str = ""
) -> str:
    """Return one line a domain: its stage, the next gate with its instant, and what is worst there."""
    if not migrations:
        begins = f"'dns-migrator run DOMAIN --from ... --to ...{naming}'"
        return f"No domain has a migration here: {begins} begins one."
    names = [safe(for_people(each.domain)) for each in migrations]
    if width < WIDTH:
        return "\n".join(_below_one_another(each, palette) for each in migrations)
    longest = min(max(map(len, [*names, "DOMAIN"])), max(width - _REST, _SHORTEST_NAME))
    head = f"{'DOMAIN':<{longest}}  {'STAGE':<15}  {'STATE':<8}  {'NEXT':<12}  WORST"
    lines = [palette.paint(head, palette.strong)]
    for name, each in zip(names, migrations, strict=True):
        line = f"{_cut(name, longest):<{longest}}  {each.stage.number:>2} {each.stage:<12}  {_state(each):<8}  "
        gate = f"{_next_gate(each):<12}  "
        worst = _cut(_worst(each), width - len(line) - len(gate))
        lines.append(f"{palette.paint(line, _status_style(each.status, palette))}{gate}{worst}".rstrip())
    return "\n".join(lines)


def _below_one_another(migration: Migration, palette: Palette) -> str:
    """Return what the table says of a domain as a block: a terminal is too narrow for its columns."""
    state = f"  {migration.stage.number:>2} {migration.stage}  {_state(migration)}"
    name = safe(for_people(migration.domain))
    lines = [name, f"{palette.paint(state, _status_style(migration.status, palette))}  {_next_gate(migration)}"]
    worst = _worst(migration)
    return "\n".join([*lines, wrapped(worst, "     ")] if worst else lines)


# What stands beside the name in a line of the table, with room for a few words of the worst.
_REST, _SHORTEST_NAME = 60, 16


def _state(migration: Migration) -> str:
    """Return what a migration does; what nobody works on does nothing, though nothing keeps it from going on."""
    idle = migration.status is Status.RUNNING and not migration.worker
    return "to do" if idle else str(migration.status)


def _next_gate(migration: Migration) -> str:
    """Return when something is to be done, or that a person does it."""
    if migration.worker:
        return "now"
    if migration.status in {Status.WAITING, Status.FAILED} and migration.until is not None:
        return f"{migration.until:%m-%d %H:%MZ}"
    return "you" if migration.status in {Status.ASKING, Status.PAUSED} else "-"


def _worst(migration: Migration) -> str:
    """Return the gravest finding, or what is asked or wrong where there is none."""
    if migration.status is Status.COMPLETE:
        return "the old zone may go"
    if migration.worst is not None:
        return f"{migration.worst.severity}: {safe(migration.worst.message)}"
    return safe(migration.text) if migration.status in {Status.ASKING, Status.FAILED} else ""


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}\N{HORIZONTAL ELLIPSIS}"


def _status_style(status: Status, palette: Palette) -> str:
    match status:
        case Status.COMPLETE:
            return palette.good
        case Status.FAILED:
            return palette.of(Severity.ERROR)
        case Status.ASKING:
            return palette.of(Severity.WARNING)
        case _:
            return ""


def status_text(told: Told, palette: Palette = PLAIN, naming: str = "", old_zone: str = "") -> str:
    """Return the journey of one domain: its sides, every stage, what happened, and where it stands."""
    return "\n".join(_status_lines(told, palette, naming, old_zone))


def _status_lines(told: Told, palette: Palette, naming: str, old_zone: str) -> Iterator[str]:
    migration, state = told.migration, told.state
    yield palette.paint(safe(for_people(migration.domain)), palette.strong)
    yield wrapped(safe(migration.options.source), "  from   ", "         ")
    yield wrapped(safe(migration.options.target), "  to     ", "         ")
    yield f"  begun  {instant(migration.begun)}"
    yield ""
    done = {event.stage: event for event in state.done}
    for stage in STAGES:
        if stage in done:
            mark, style = "x", palette.good
        elif stage is state.stage and not state.is_over:
            mark, style = ">", palette.strong
        else:
            mark, style = " ", palette.quiet
        when = f"  {instant(done[stage].at)}" if stage in done else ""
        line = f"  [{mark}] {stage:<{_STAGE_WIDTH}}  "
        if columns() == WIDTH:
            yield palette.paint(f"{line}{stage.purpose}", style) + when
        else:
            yield palette.paint(wrapped(f"{stage.purpose}{when}", line, "        "), style)
    yield ""
    day = ""
    for event in told.events:
        if f"{event.at:%Y-%m-%d}" != day:
            day = f"{event.at:%Y-%m-%d}"
            yield palette.paint(day, palette.quiet)
        yield event_text(event, palette)
    yield ""
    yield standing_text(migration, palette, naming, old_zone)
