"""What a person says to a migration: `approve`, `again`, `pause`, `resume` and `abort`."""

from typing import Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE
from migrator.cli.completing import stages
from migrator.cli.options import DatabaseOption, QuietOption, words
from migrator.cli.run import AcceptOption, AllowOption, ConflictingOption, DeleteOption, IdentifierOption

_DOMAIN = "The domain whose migration is meant."
_STAGE = "The stage that asks, as 'status' names it."
_EARLIER = "The stage to go back to: the one where the migration stands, or one behind it."
_BECAUSE = "Why the migration may go on although a check says no, or cannot say."
_QUERIES = "How many questions a day the old provider still counts for the zone (stage close)."
_REGISTRAR = "Let the registrar's API make the switch: route53domains (stage switch)."
_YES = "End it without asking, at a terminal too."
_REASON = "Why, for those who read the report."
DomainArgument = Annotated[str, typer.Argument(metavar="DOMAIN", help=_DOMAIN)]
StageArgument = Annotated[str, typer.Argument(metavar="STAGE", help=_STAGE, autocompletion=stages)]
EarlierArgument = Annotated[str, typer.Argument(metavar="STAGE", help=_EARLIER, autocompletion=stages)]
ReasonOption = Annotated[str, typer.Option("--because", metavar="TEXT", help=_REASON)]


def approve(
    domain: DomainArgument,
    stage: StageArgument,
    *,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help=_BECAUSE)] = "",
    accept: AcceptOption = None,
    allow: AllowOption = None,
    delete: DeleteOption = False,
    delete_conflicting: ConflictingOption = False,
    identifier: IdentifierOption = None,
    old_queries: Annotated[int | None, typer.Option("--old-queries", min=0, metavar="N", help=_QUERIES)] = None,
    at_registrar: Annotated[str, typer.Option("--at-registrar", metavar="API", help=_REGISTRAR)] = "",
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
) -> None:
    """Open a gate that waits for a person: the import, the TTLs, a check that says no."""
    from migrator.cli.deciding import Decisions
    from migrator.cli.saying import approved

    decided = Decisions(
        accepts=words(accept),
        allows=words(allow),
        delete=delete,
        delete_conflicting=delete_conflicting,
        identifiers=identifier or [],
        old_queries=old_queries,
    )
    approved(database, domain, stage, decided, because, at_registrar, quiet=quiet)


def again(
    domain: DomainArgument,
    stage: EarlierArgument,
    *,
    because: ReasonOption = "",
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
) -> None:
    """Go back to an earlier stage of a migration, and on from there."""
    from migrator.cli.saying import gone_back

    gone_back(database, domain, stage, because, quiet=quiet)


def pause(
    domain: DomainArgument,
    *,
    because: ReasonOption = "",
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
) -> None:
    """Let nothing more be done in a migration until it is resumed; what is being done now comes to its end."""
    from migrator.cli.saying import said
    from migrator.journey.events import Kind

    said(database, domain, Kind.PAUSED, because, quiet=quiet)


def resume(
    domain: DomainArgument,
    *,
    because: ReasonOption = "",
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
) -> None:
    """Go on with a migration that was paused."""
    from migrator.cli.saying import said
    from migrator.journey.events import Kind

    said(database, domain, Kind.RESUMED, because, quiet=quiet)


def abort(
    domain: DomainArgument,
    *,
    because: ReasonOption = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_YES)] = False,
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
) -> None:
    """End a migration where it stands, for good; nothing is undone, and the way back is said."""
    from migrator.cli.saying import ended

    ended(database, domain, because, yes=yes, quiet=quiet)
