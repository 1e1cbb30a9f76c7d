"""`dns-migrator fleet`: many domains, in waves, on this machine or with workers on others."""

from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, StatusFormat
from migrator.cli.examples import examples_of
from migrator.cli.group import PlainCommand, PlainGroup
from migrator.cli.options import (
    DatabaseOption,
    NetworkOption,
    NoColorOption,
    OutputOption,
    QuietOption,
    StatusFormatOption,
    VerboseOption,
    words,
)
from migrator.cli.run import (
    AcceptOption,
    AllowOption,
    AllYesOption,
    ConflictingOption,
    DeleteOption,
    EveryOption,
    FrozenOption,
    IdentifierOption,
    LoweredOption,
    ProfileOption,
    SelectorOption,
    SkipOption,
    StrategyOption,
)
from migrator.journey.waves import MOST_WAVES

_FILE = "A list: CSV with the columns domain, from, to, wave, accept ..., a YAML list, or one domain a line."
_FROM = "The old side of a row that names none: route53:, axfr:{domain}@192.0.2.1, zones/{domain}.zone."
_TO = "The new side, in the same forms."
_NAME = "The fleet's name, where there are several."
_WAVE = "Only the domains of this wave."
_FAILING = "Only domains that failed or ask."
_CONCURRENCY = "How many domains are worked on at a time, in this process."
_NO_WAIT = "Do what can be done now, and stop."
_BECAUSE = "Why, for those who read the report."
_DEFAULT = "fleet"
NameOption = Annotated[str, typer.Option("--fleet", metavar="NAME", help=_NAME)]
WaveOption = Annotated[int | None, typer.Option("--wave", min=0, max=MOST_WAVES, metavar="N", help=_WAVE)]
FailingOption = Annotated[bool, typer.Option("--only-failing", help=_FAILING)]
ConcurrencyOption = Annotated[
    int, typer.Option("--concurrency", "-j", min=1, max=64, metavar="N", help=_CONCURRENCY)
]
ReasonOption = Annotated[str, typer.Option("--because", metavar="TEXT", help=_BECAUSE)]

app = typer.Typer(
    cls=PlainGroup,
    help="Migrate many domains: added from a list, run in waves, resumed at any time.",
    no_args_is_help=True,
)


@app.command(cls=PlainCommand, epilog=examples_of("fleet add"))
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_FILE)],
    *,
    from_: Annotated[str, typer.Option("--from", metavar="LOCATOR", help=_FROM)] = "",
    to: Annotated[str, typer.Option("--to", metavar="LOCATOR", help=_TO)] = "",
    fleet: NameOption = _DEFAULT,
    yes: AllYesOption = False,
    accept: AcceptOption = None,
    allow: AllowOption = None,
    delete: DeleteOption = False,
    delete_conflicting: ConflictingOption = False,
    identifier: IdentifierOption = None,
    strategy: StrategyOption = "",
    lowered_ttl: LoweredOption = None,
    selector: SelectorOption = None,
    skip: SkipOption = None,
    profile: ProfileOption = None,
    frozen: FrozenOption = False,
    every: EveryOption = None,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
) -> None:
    """Add the domains of a list; one that is under way, has moved or was aborted is told, and left as it is."""
    from migrator.cli.deciding import Decisions
    from migrator.cli.fleeting import added

    decided = Decisions(
        source=from_,
        target=to,
        yes=yes,
        accepts=words(accept),
        allows=words(allow),
        delete=delete,
        delete_conflicting=delete_conflicting,
        identifiers=identifier or [],
        strategy=strategy,
        lowered_ttl=lowered_ttl,
        selectors=words(selector),
        skips=skip or [],
        profile=profile,
        network=network,
        frozen=frozen,
        every=every,
    )
    added(database, file, fleet, decided, quiet=quiet)


@app.command(cls=PlainCommand, epilog=examples_of("fleet run"))
def run(
    *,
    concurrency: ConcurrencyOption = 4,
    fleet: NameOption = "",
    wave: WaveOption = None,
    only_failing: FailingOption = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help=_NO_WAIT)] = False,
    format_: StatusFormatOption = StatusFormat.TEXT,
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Carry the migrations of a fleet out, here, until all are over; run it again after any interruption."""
    from migrator.cli.fleeting import Manner, carried_out, selection

    which = selection(fleet, wave, only_failing=only_failing)
    manner = Manner(database, format_, quiet, verbose, no_color)
    carried_out(which, manner, concurrency, waits=not no_wait, ends=True)


@app.command(cls=PlainCommand, epilog=examples_of("fleet status"))
def status(
    *,
    fleet: NameOption = "",
    wave: WaveOption = None,
    only_failing: FailingOption = False,
    format_: StatusFormatOption = StatusFormat.TEXT,
    output: OutputOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    no_color: NoColorOption = False,
) -> None:
    """Say where the domains of a fleet stand: counts by stage, then a line for each."""
    from migrator.cli.fleeting import selection, shown

    which = selection(fleet, wave, only_failing=only_failing)
    shown(which, database, format_, output, no_color=no_color)


@app.command(cls=PlainCommand, epilog=examples_of("fleet pause"))
def pause(
    *,
    fleet: NameOption = "",
    wave: WaveOption = None,
    because: ReasonOption = "",
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
) -> None:
    """Let nothing more be done in these migrations; what is being done now comes to its end."""
    from migrator.cli.fleeting import said_to_all, selection
    from migrator.journey.events import Kind

    said_to_all(selection(fleet, wave, only_failing=False), database, Kind.PAUSED, because, quiet=quiet)


@app.command(cls=PlainCommand, epilog=examples_of("fleet resume"))
def resume(
    *,
    fleet: NameOption = "",
    wave: WaveOption = None,
    because: ReasonOption = "",
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
) -> None:
    """Go on with migrations that were paused."""
    from migrator.cli.fleeting import said_to_all, selection
    from migrator.journey.events import Kind

    said_to_all(selection(fleet, wave, only_failing=False), database, Kind.RESUMED, because, quiet=quiet)


def worker(
    *,
    concurrency: ConcurrencyOption = 4,
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Carry out what any fleet of the database has to do, until stopped: on as many machines as wanted."""
    from migrator.cli.fleeting import Manner, carried_out, selection

    manner = Manner(database, StatusFormat.TEXT, quiet, verbose, no_color)
    carried_out(selection("", None, only_failing=False), manner, concurrency, waits=True, ends=False)
