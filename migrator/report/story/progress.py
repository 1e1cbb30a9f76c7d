"""The parts of a report that say how far the move has come. Pure."""

from migrator.clock import instant
from migrator.journey.events import Event, Kind
from migrator.model.phrases import counted
from migrator.report.story.values import Cell, Item, Section, table, when
from migrator.story.account import Account, Lowered, Open, OpenKind, Progress, StageLine

_OPEN_WORDS = {
    OpenKind.ASKED: ("ask", "asked"),
    OpenKind.FAILING: ("fail", "failing"),
    OpenKind.UNCHECKED: ("warn", "not checked"),
    OpenKind.WAITING: ("wait", "waiting"),
    OpenKind.NOTED: ("note", "to note"),
}
_PROGRESS = {
    Progress.PASSED: ("good", "passed"),
    Progress.CURRENT: ("wait", "here now"),
    Progress.AHEAD: ("note", "ahead"),
    Progress.UNSEEN: ("note", "not seen"),
}
_KINDS = {
    Kind.BEGUN: "begun",
    Kind.DONE: "done",
    Kind.WAITS: "waits",
    Kind.ASKS: "asks",
    Kind.FAILED: "failed",
    Kind.APPROVED: "approved",
    Kind.PAUSED: "paused",
    Kind.RESUMED: "resumed",
    Kind.ABORTED: "aborted",
    Kind.AGAIN: "back to this stage",
}
_MARKS = {
    Kind.DONE: "good",
    Kind.FAILED: "fail",
    Kind.ASKS: "ask",
    Kind.WAITS: "wait",
    Kind.ABORTED: "fail",
    Kind.PAUSED: "warn",
}
# What stands in the way is read one by one; hundreds of it are not.
_MOST_OPEN = 60


def open_section(account: Account) -> Section:
    """Return what is open."""
    shown = account.open[:_MOST_OPEN]
    says = [] if shown else ["Nothing that was looked at is open."]
    if len(account.open) > len(shown):
        says.append(f"{counted(len(account.open), 'open item')}; the gravest {len(shown)} stand here.")
    return Section("open", "What is open", tuple(says), tuple(map(_open, shown)))


def stages_section(account: Account) -> Section:
    """Return the stages."""
    says = (
        ()
        if account.is_run
        else ("The commands were run by hand: a stage counts as passed where what they kept shows it.",)
    )
    rows = [_stage(line) for line in account.stages]
    heads = ("Stage", "State", "From", "Until", "What shows it")
    return Section("stages", "How far it has come", says, (), table("The stages in their order", heads, rows))


def ttls_section(account: Account) -> Section:
    """Return the TTLs that were lowered."""
    heads = ("Zone", "Lowered", "RRsets", "From at most", "To", "Caches let go", "Put back")
    rows = [_lowered(each) for each in account.lowered]
    return Section("ttls", "TTLs", (), (), table("TTLs that were lowered for the move", heads, rows))


def events_section(account: Account) -> Section:
    """Return what happened, one line an event."""
    heads = ("Time", "Stage", "What", "Words", "By")
    rows = [
        (
            when(event.at),
            Cell(str(event.stage)),
            Cell(_KINDS[event.kind], _MARKS.get(event.kind, "")),
            Cell(event.text or event.because or "-", lines=_again(event)),
            Cell(event.by or "-"),
        )
        for event in account.events
    ]
    found = table("Everything that happened", heads, rows, ", in report --format json")
    return Section("events", "What happened", (), (), found)


def decisions_section(account: Account) -> Section:
    """Return what persons decided, and the losses that an import took with it."""
    rows = [_decision(event) for event in account.decisions]
    decided = table("What persons decided", ("Time", "Stage", "Decision", "Because", "By"), rows)
    last = account.imported
    losses = (
        []
        if last is None
        else [
            (
                Cell(f"{lost.owner} {lost.rdtype}"),
                Cell(lost.what, is_code=True),
                Cell(lost.severity, {"error": "fail", "warning": "warn"}.get(lost.severity, "note")),
                Cell(lost.message, lines=(lost.advice,)),
                Cell("accepted" if lost.accepted else "not decided", "" if lost.accepted else "ask"),
            )
            for lost in last.losses
        ]
    )
    heads = ("RRset", "Loss", "Severity", "What it means", "Decision")
    says = []
    if last is not None:
        says.append(f"Import of {instant(last.at)}: {_ledger(dict(last.ledger))}")
        if not losses:
            says.append("Nothing was lost in translation.")
    caption = "What the new provider cannot hold as the old one did"
    return Section(
        "decisions", "Losses and decisions", tuple(says), (), (*table(caption, heads, losses), *decided)
    )


def _open(each: Open) -> Item:
    mark, word = _OPEN_WORDS[each.kind]
    lines = [each.message]
    if each.remedy:
        lines.append(f"To mend: {each.remedy}")
    if each.not_before is not None:
        lines.append(f"Not before {instant(each.not_before)}")
    if each.again is not None:
        lines.append(f"Looked at again {instant(each.again)}")
    return Item(mark, word, each.subject, tuple(filter(None, lines)), each.commands, each.source)


def _stage(line: StageLine) -> tuple[Cell, ...]:
    mark, word = _PROGRESS[line.progress]
    return (
        Cell(f"{line.stage.number}. {line.stage.purpose}"),
        Cell(word, mark),
        when(line.since),
        when(line.at),
        Cell(line.text or "-"),
    )


def _lowered(each: Lowered) -> tuple[Cell, ...]:
    back = "all" if not each.still else "none" if each.still == each.sets else f"{each.sets - each.still}"
    return (
        Cell(each.zone, is_code=True),
        when(each.at),
        Cell(str(each.sets)),
        Cell(f"{each.longest} s"),
        Cell(f"{each.lowest} s"),
        Cell(instant(each.let_go)),
        Cell(
            back,
            "good" if not each.still else "",
            () if each.restored_at is None else (instant(each.restored_at),),
        ),
    )


def _decision(event: Event) -> tuple[Cell, ...]:
    words = (f"decided: {', '.join(event.words)}",) if event.words else ()
    return (
        when(event.at),
        Cell(str(event.stage)),
        Cell(_KINDS[event.kind], _MARKS.get(event.kind, ""), words),
        Cell(event.because or "-"),
        Cell(event.by or "-"),
    )


def _again(event: Event) -> tuple[str, ...]:
    """Return how often attempts ended just so one after another, where that was more than once."""
    return () if event.latest is None else (f"{event.times} times, last {instant(event.latest)}",)


def _ledger(counts: dict[str, int]) -> str:
    parts = [f"{counts.get(key, 0)} {key}" for key in ("copied", "translated", "dropped")]
    missing = counts.get("unaccounted", 0)
    return f"{counts.get('read', 0)} RRsets read = {' + '.join(parts)}; {missing} unaccounted for."
