"""What a person decides about a migration, from options: checked before anything is begun, and kept with it."""

import getpass
from dataclasses import replace
from pathlib import Path

from dns.name import Name

from migrator.checkprofile import load_check_profile
from migrator.checks.catalogue import catalogue
from migrator.checks.choice import skipped
from migrator.errors import InputError
from migrator.journey.options import Options
from migrator.model.locator import Locator
from migrator.model.names import folded, for_people
from migrator.model.values import dataclass
from migrator.network.profile import load_profile
from migrator.workflow.choices import choices_of
from migrator.workflow.targets import expect_new_file
from migrator.workflow.wishes import refuse_one_zone, strategy_of
from providers import LIVE_SCHEME, parse_locator
from providers.localfiles import meant_instead


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """The options as they were given; None or empty where an option was not given."""

    source: str = ""
    target: str = ""
    yes: bool = False
    accepts: list[str] | None = None
    allows: list[str] | None = None
    delete: bool = False
    delete_conflicting: bool = False
    identifiers: list[str] | None = None
    strategy: str = ""
    lowered_ttl: int | None = None
    selectors: list[str] | None = None
    skips: list[str] | None = None
    profile: Path | None = None
    network: Path | None = None
    frozen: bool = False
    old_queries: int | None = None
    every: int | None = None

    def over(self, known: Options) -> Options:
        """Return the decisions that a migration has, with those that were given now."""
        return replace(
            known,
            source=self.source or known.source,
            target=self.target or known.target,
            yes=self.yes or known.yes,
            accepts=_more(known.accepts, self.accepts),
            allows=_more(known.allows, self.allows),
            delete=self.delete or known.delete,
            delete_conflicting=self.delete_conflicting or known.delete_conflicting,
            identifiers=_more(known.identifiers, self.identifiers),
            strategy=self.strategy or known.strategy,
            lowered_ttl=self.lowered_ttl or known.lowered_ttl,
            selectors=_more(known.selectors, self.selectors),
            skips=_more(known.skips, self.skips),
            profile=str(self.profile.absolute()) if self.profile else known.profile,
            network=str(self.network.absolute()) if self.network else known.network,
            frozen=self.frozen or known.frozen,
            old_queries=known.old_queries if self.old_queries is None else self.old_queries,
            every=self.every or known.every,
        )

    def usable_over(self, known: Options) -> Options:
        """Return the same; raises InputError for words without a meaning, and for files that cannot be used."""
        found = self.over(known)
        _refuse_unusable(found)
        return found


def sides_of(domain: Name, options: Options) -> None:
    """Raise InputError where the two sides are not two zones of this domain that can be listed and written."""
    zone = for_people(domain)
    if not options.source or not options.target:
        raise InputError(
            f"{zone} has no migration yet: name both sides, as in 'dns-migrator run {zone} --from "
            f"route53:{zone} --to cloudflare:{zone}'."
        )
    old, new = parse_locator(options.source), parse_locator(options.target)
    for side, locator in (("--from", old), ("--to", new)):
        if locator.has_secret:
            raise InputError(
                f"{side} '{locator.text}': a migration keeps its locators for days, and a secret is not kept: "
                "name the environment variable that holds it, as in ?tsig-env=TRANSFER_KEY."
            )
        if locator.zone is not None and folded(locator.zone) != folded(domain):
            raise InputError(f"{side} '{locator.text}' is not the zone {zone}: the same domain was expected.")
    if old.scheme == LIVE_SCHEME:
        raise InputError(
            f"--from '{old.text}': live servers answer, but do not list their zone, so that nothing can be backed "
            "up: name the provider, axfr:... or a zone file."
        )
    if old.scheme == "file" and not Path(old.path).exists():
        raise InputError(
            f"--from '{old.text}': there is no such zone file or backup: name what has the zone of today."
            f"{meant_instead(old.text)}"
        )
    if not _can_be_written(new):
        raise InputError(f"--to '{new.text}' cannot be written to: name a provider, or a zone file.")
    if new.scheme == "file" and not Path(new.path).exists():
        expect_new_file(new, domain)
        raise InputError(
            f"--to '{new.text}': there is no such zone file. Write one with the SOA and the NS records that the "
            "new provider gives the zone: these name servers are what the parent is to list."
        )
    refuse_one_zone(options.source, options.target)


def person() -> str:
    """Return who sits there, as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _can_be_written(locator: Locator) -> bool:
    return locator.scheme not in {LIVE_SCHEME, "axfr"}


def _refuse_unusable(options: Options) -> None:
    choices_of(
        options.accepts,
        options.allows,
        options.identifiers,
        delete=options.delete,
        conflicting=options.delete_conflicting,
    )
    strategy_of(options.strategy)
    skipped(catalogue(), options.skips)
    load_check_profile(Path(options.profile) if options.profile else None)
    if options.network:
        load_profile(Path(options.network))


def _more(known: tuple[str, ...], given: list[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*known, *(given or ())]))
