"""`dns-migrator confirm`: has the registrar's switch happened, everywhere, and when do old answers end."""

from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, Threshold, VerdictFormat
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.options import (
    DatabaseOption,
    FailOnOption,
    NetworkOption,
    NoColorOption,
    OutputOption,
    QuietOption,
    VerboseOption,
    VerdictFormatOption,
    is_given,
    words,
)
from migrator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dns.name import Name

    from migrator.confirm import Surroundings, Taken, Wanted
    from migrator.cutover.judge import Judgement
    from migrator.interfaces import Progress
    from migrator.report.layout import Palette
    from migrator.workflow.remembering import Remembering
    from migrator.workflow.world import World

_DOMAIN = "The domain whose name servers are switched."
_TO = "The new side: the name servers that it assigned, else its apex NS set, are expected."
_EXPECT = "A new name server (repeated, or several with commas)."
_FROM = "The old side; without it, the one that was named before, else what the parent first listed."
_WATCH = (
    "Look again and again until the switch has settled, and tell what changes, as text or json; another format "
    "has the end alone, and needs --output."
)
_INTERVAL = "Seconds between two looks of --watch; by default 30, and more while days have to pass."
# Who looks every half minute need not see every cache of a resolver each time.
WATCHED_SAMPLES = 5


def confirm(
    context: typer.Context,
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help=_DOMAIN)],
    *,
    to: Annotated[str, typer.Option("--to", metavar="LOCATOR", help=_TO)] = "",
    expect: Annotated[list[str] | None, typer.Option("--expect", metavar="NS", help=_EXPECT)] = None,
    from_: Annotated[str, typer.Option("--from", metavar="LOCATOR", help=_FROM)] = "",
    watch: Annotated[bool, typer.Option("--watch", help=_WATCH)] = False,
    interval: Annotated[float | None, typer.Option("--interval", min=1, metavar="SECONDS", help=_INTERVAL)] = None,
    format_: VerdictFormatOption = VerdictFormat.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = Threshold.ERROR,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Ask every name server of the parent whether the switch has happened, and say when old answers end."""
    from migrator.cli import screen
    from migrator.workflow.remembering import remembering
    from migrator.workflow.sides import side_of
    from migrator.workflow.wishes import domain_of, refuse_one_zone
    from migrator.workflow.world import open_world

    name = domain_of(domain)
    old, new = side_of(from_, name), side_of(to, name)
    refuse_one_zone(old, new)
    if watch and output is None and format_ in {VerdictFormat.MARKDOWN, VerdictFormat.JUNIT}:
        raise InputError(f"--watch prints changes: for a final report as {format_}, name a file with --output.")
    with screen.progress_bar(quiet=quiet or watch) as progress:
        world = open_world(network, progress=progress)
        wanted = _wanted(world, name, new, words(expect), old)
        with remembering(database, wanted.domain, screen.note) as memory:
            palette = screen.palette(no_color=no_color)
            if watch:
                # A file that is named x.json has the end as JSON, and the person who watches has words.
                as_json = format_ is VerdictFormat.JSON and is_given(context, "format_")
                judgement = _watched(world, wanted, memory, interval, palette, as_json=as_json)
            else:
                judgement = _taken(world, wanted, memory, progress).judgement
    code = gravest([exit_code(judgement, fail_on), CLEAN if memory.is_whole else UNCHECKED])
    silent = quiet and code == CLEAN and format_ is VerdictFormat.TEXT
    if output is not None or not (watch or silent):
        style = screen.palette(no_color=no_color, output=output)
        screen.emit(_rendered(judgement, format_, style, fail_on, verbose=verbose), output)
    raise typer.Exit(code)


def exit_code(judgement: "Judgement", fail_on: Threshold) -> int:
    """Return 0 where the switch is done and nothing is wrong, 1 where not, 3 where that could not be checked."""
    codes = [FINDINGS for finding in judgement.findings if fail_on.reached_by(finding.severity)]
    codes += [UNCHECKED for _ in judgement.doubts]
    if judgement.stage is None:
        codes.append(UNCHECKED)
    elif not judgement.stage.is_done:
        codes.append(FINDINGS)
    return gravest(codes)


def _wanted(world: "World", domain: "Name", to: str, expect: list[str], from_: str) -> "Wanted":
    """Return the domain and both sets; raises InputError where the new one is not given, or twice."""
    from migrator.workflow.name_servers import expected_names, wanted_of

    named = expected_names(expect)
    if not named and not to:
        raise InputError(
            "Which name servers are expected? Give --to route53:example.com, or each one with --expect "
            "ns1.example.net --expect ns2.example.net."
        )
    return wanted_of(world, domain, from_, to, named)


def _taken(world: "World", wanted: "Wanted", memory: "Remembering", progress: "Progress") -> "Taken":
    from migrator.codec.confirm import dumps
    from migrator.confirm import take_look

    taken = take_look(_surroundings(world), wanted, memory.recalled, progress)
    memory.keep_look(wanted, taken)
    memory.keep_document(dumps(taken.judgement))
    return taken


def _watched(
    world: "World",
    wanted: "Wanted",
    memory: "Remembering",
    interval: float | None,
    palette: "Palette",
    *,
    as_json: bool,
) -> "Judgement":
    import time

    from migrator.cli.watching import follow
    from migrator.codec.confirm import dumps
    from migrator.confirm import take_look
    from migrator.watch import watch

    surroundings = _surroundings(world, samples=WATCHED_SAMPLES)

    def judgements() -> "Iterator[Judgement]":
        looks = watch(lambda known: take_look(surroundings, wanted, known), memory.recalled, time.sleep, interval)
        last = None
        for taken in looks:
            memory.keep_look(wanted, taken)
            if last is None or _is_news(taken.judgement, last):
                memory.keep_document(dumps(taken.judgement))
            last = taken.judgement
            yield taken.judgement

    return follow(judgements(), palette, as_json=as_json)


def _is_news(judgement: "Judgement", last: "Judgement") -> bool:
    """Tell whether the stage is another one, or what stands against the deletion of the old zone."""
    was, now = [
        (each.stage, [(item.check, item.subject) for item in each.against_deletion]) for each in (last, judgement)
    ]
    return was != now


def _surroundings(world: "World", samples: int | None = None) -> "Surroundings":
    from migrator.confirm import Surroundings
    from migrator.dnsclient.client import utc_now
    from migrator.network.rdap import Registry
    from migrator.network.resolvers import SAMPLES

    ask_registry = Registry(world.profile).ask
    return Surroundings(
        world.client, world.profile, ask_registry, utc_now, SAMPLES if samples is None else samples
    )


def _rendered(
    judgement: "Judgement", format_: VerdictFormat, palette: "Palette", fail_on: Threshold, *, verbose: bool
) -> str:
    from migrator.codec.confirm import dumps
    from migrator.report.confirm import confirm_text
    from migrator.report.confirm_junit import confirm_junit
    from migrator.report.confirm_markdown import confirm_markdown

    writers: dict[VerdictFormat, Callable[[], str]] = {
        VerdictFormat.TEXT: lambda: confirm_text(judgement, palette, verbose=verbose),
        VerdictFormat.JSON: lambda: dumps(judgement),
        VerdictFormat.MARKDOWN: lambda: confirm_markdown(judgement),
        VerdictFormat.JUNIT: lambda: confirm_junit(judgement, fail_on.reached_by),
    }
    return writers[format_]()
