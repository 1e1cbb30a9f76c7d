"""`dns-migrator run`: the whole journey of one domain, gone on with by the same command after any interruption."""

from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, StatusFormat
from migrator.cli.completing import checks_to_skip
from migrator.cli.options import (
    DatabaseOption,
    NetworkOption,
    NoColorOption,
    QuietOption,
    StatusFormatOption,
    usable_ttl,
    words,
)

_DOMAIN = "The domain that moves."
_FROM = "The old side: route53:example.com, azure:..., cloudflare:..., a zone file, axfr:..."
_TO = "The new side, in the same forms. Both are needed the first time only."
_YES = "Write what has to be written without asking again: the import, the TTLs."
_ACCEPT = "Accept a loss, by the word that the plan names (repeated)."
_ALLOW = "Take a risk, by the word that the plan names after --allow- (repeated)."
_DELETE = "Delete sets of the new zone that the old one lacks."
_CONFLICTING = "Delete sets of the new zone that exclude one of the old zone."
_IDENTIFIER = "What a health check is called at the target (repeated)."
_STRATEGY = "How signatures survive: unsigned, go-insecure, multi-signer or same-keys; by default found out."
_LOWERED = "The TTL in seconds to which the old zone's TTLs are lowered."
_SELECTOR = "A DKIM selector that is used (repeated, or several with commas)."
_SKIP = "Leave a check out, with the reason that the report shows (repeated)."
_PROFILE = "Severities, skipped checks and numbers of your own (TOML)."
_FROZEN = "Nobody changes the old zone until the end, or both zones are kept equal."
_EVERY = "Look again at least so often, in seconds, while nobody knows when something changes."
_ANEW = "Begin once more, though the domain has moved between these sides already."
_NO_WAIT = "Do what can be done now, say what is waited for, and stop: for cron, or to go on elsewhere."

AcceptOption = Annotated[list[str] | None, typer.Option("--accept", metavar="WORD", help=_ACCEPT)]
AllowOption = Annotated[list[str] | None, typer.Option("--allow", metavar="RISK", help=_ALLOW)]
DeleteOption = Annotated[bool, typer.Option("--delete", help=_DELETE)]
ConflictingOption = Annotated[bool, typer.Option("--delete-conflicting", help=_CONFLICTING)]
IdentifierOption = Annotated[list[str] | None, typer.Option("--identifier", metavar="OLD=NEW", help=_IDENTIFIER)]
LoweredOption = Annotated[
    int | None, typer.Option("--lowered-ttl", callback=usable_ttl, metavar="SECONDS", help=_LOWERED)
]
EveryOption = Annotated[int | None, typer.Option("--every", min=1, metavar="SECONDS", help=_EVERY)]
StrategyOption = Annotated[str, typer.Option("--strategy", metavar="STRATEGY", help=_STRATEGY)]
SelectorOption = Annotated[list[str] | None, typer.Option("--selector", metavar="NAME", help=_SELECTOR)]
SkipOption = Annotated[
    list[str] | None, typer.Option("--skip", metavar="ID=REASON", help=_SKIP, autocompletion=checks_to_skip)
]
ProfileOption = Annotated[Path | None, typer.Option("--profile", metavar="FILE", help=_PROFILE)]
FrozenOption = Annotated[bool, typer.Option("--frozen", help=_FROZEN)]
AllYesOption = Annotated[bool, typer.Option("--yes", "-y", help=_YES)]


def run(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help=_DOMAIN)],
    *,
    from_: Annotated[str, typer.Option("--from", metavar="LOCATOR", help=_FROM)] = "",
    to: Annotated[str, typer.Option("--to", metavar="LOCATOR", help=_TO)] = "",
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
    anew: Annotated[bool, typer.Option("--anew", help=_ANEW)] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help=_NO_WAIT)] = False,
    format_: StatusFormatOption = StatusFormat.TEXT,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Take a domain through its whole journey: backup, import, checks, TTLs, switch, until the old zone may go."""
    from migrator.cli.deciding import Decisions
    from migrator.cli.running import Manner, run_one
    from migrator.workflow.sides import side_of
    from migrator.workflow.wishes import domain_of

    name = domain_of(domain)
    decided = Decisions(
        source=side_of(from_, name),
        target=side_of(to, name),
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
    run_one(name, decided, Manner(database, format_, quiet, no_color, waits=not no_wait), anew=anew)
