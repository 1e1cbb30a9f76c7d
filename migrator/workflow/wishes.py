"""What options ask for: the domain, the checks that run, an instant, and a recording to judge instead."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from dns.name import Name

from migrator.checkprofile import load_check_profile
from migrator.checks.catalogue import catalogue
from migrator.checks.check import Check
from migrator.checks.choice import chosen, one_of, skipped
from migrator.checks.facts import Settings, Strategy
from migrator.checks.verdict import Checklist, Policy, judge_all
from migrator.clock import instant
from migrator.codec.observation import parse_instant
from migrator.codec.recording import Recording, dumps, loads
from migrator.dnsclient.client import utc_now
from migrator.errors import InputError
from migrator.files.given import text_of
from migrator.model.domains import domain_named
from migrator.model.finding import Phase
from migrator.model.names import ROOT, folded, for_people
from migrator.model.values import dataclass
from migrator.workflow.sides import is_one_zone, side_of
from providers import parse_locator


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The options as they were given."""

    domain: str
    phase: Phase | None
    old: str
    new: str
    strategy: str
    only: list[str]
    skip: list[str]
    selectors: list[str]
    profile: Path | None
    ttl_lowered_at: str = ""
    frozen: bool
    backup: Path | None = None
    old_queries: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What the person wants to have checked, as the options say it."""

    domain: Name
    phase: Phase
    old: str
    new: str
    settings: Settings
    strategy: Strategy | None
    backup: Path | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The checks that run, and what the person has decided about them."""

    checks: tuple[Check, ...]
    policy: Policy


def order_of(wish: Wish) -> Order:
    """Return what is to be checked; raises InputError for what cannot be."""
    domain, phase = domain_of(wish.domain), _phase(wish)
    if not wish.new and phase is not Phase.PREPARE:
        zone = for_people(domain)
        raise InputError(
            f"The phase {phase} looks at the new side: name it with --to, such as --to route53:{zone}, or "
            f"dns:{zone}@ADDRESS for its live servers."
        )
    old, new = side_of(wish.old, domain), side_of(wish.new, domain)
    refuse_one_zone(old, new)
    settings = _settings(wish, load_check_profile(wish.profile).settings)
    refuse_to_come(settings.ttl_lowered_at)
    return Order(domain, phase, old, new, settings, strategy_of(wish.strategy), wish.backup)


def refuse_to_come(lowered_at: datetime | None) -> None:
    """Raise InputError where the TTLs are said to have been lowered at an instant that is yet to come."""
    if lowered_at is not None and lowered_at > utc_now():
        raise InputError(f"--ttl-lowered-at: {instant(lowered_at)} is yet to come; say when it was.")


def choice_of(wish: Wish) -> Choice:
    """Return the checks of the phase that the person chose; raises InputError for ids that there are not."""
    every = catalogue()
    profile = load_check_profile(wish.profile)
    severities = {one_of(every, id_).id: severity for id_, severity in profile.severities.items()}
    by_profile = {one_of(every, id_).id: reason for id_, reason in profile.skipped.items()}
    policy = Policy(severities, by_profile | dict(skipped(every, wish.skip)))
    return Choice(chosen(every, _phase(wish), wish.only), policy)


def recorded(checklist: Checklist, choice: Choice) -> str:
    """Return the recording of a run."""
    ids = tuple(check.id for check in choice.checks)
    return dumps(Recording(checklist.facts, ids, choice.policy.severities, choice.policy.skipped))


def replayed(wish: Wish, file: Path) -> Checklist:
    """Return what the checks say of a recording; the options of this run win over those of the recorded one."""
    recording = loads(text_of(file), file=str(file))
    facts = recording.facts
    if folded(domain_of(wish.domain)) != folded(facts.domain):
        raise InputError(f"{file}: recorded of {for_people(facts.domain)}, not of {wish.domain}.")
    if wish.phase not in {None, facts.phase}:
        raise InputError(
            f"{file}: recorded in the phase {facts.phase}; {wish.phase} asks other questions, so record it anew."
        )
    choice = choice_of(replace(wish, phase=facts.phase))
    known = {check.id for check in catalogue()}
    checks = [check for check in choice.checks if check.id in recording.checks or wish.only]
    gone = [id_ for id_ in recording.checks if id_ not in known]
    if gone:
        raise InputError(f"{file}: recorded for checks that this version has not: {', '.join(gone)}.")
    usual = facts.settings if wish.profile is None else load_check_profile(wish.profile).settings
    facts = replace(facts, settings=_settings(wish, usual), strategy=strategy_of(wish.strategy) or facts.strategy)
    severities = {**recording.severities, **choice.policy.severities}
    return judge_all(checks, facts, Policy(severities, {**recording.skipped, **choice.policy.skipped}))


def with_left_out(checklist: Checklist) -> Checklist:
    """Return the checklist with how many checks of its phase it left out."""
    run = {result.check.id for result in checklist.results}
    others = (check for check in catalogue() if checklist.facts.phase in check.phases and check.id not in run)
    return replace(checklist, left_out=sum(1 for _ in others))


def refuse_one_zone(old: str, new: str, *, named: str = "--from and --to") -> None:
    """Raise InputError where both locators are one; an empty one is none. `named` is how they were given."""
    if not old.strip() or not new.strip():
        return
    one, other = parse_locator(old), parse_locator(new)
    if one.text == other.text:
        raise InputError(f"{named} both name '{one.text}'.")
    if is_one_zone(one, other):
        raise InputError(f"{named} both name one zone: '{one.text}' is '{other.text}'.")


def _settings(wish: Wish, usual: Settings) -> Settings:
    """Return the settings with what the options say of them."""
    return replace(
        usual,
        selectors=tuple(wish.selectors) or usual.selectors,
        frozen=wish.frozen or usual.frozen,
        old_queries=wish.old_queries if wish.old_queries is not None else usual.old_queries,
        ttl_lowered_at=instant_of("--ttl-lowered-at", wish.ttl_lowered_at) or usual.ttl_lowered_at,
    )


def _phase(wish: Wish) -> Phase:
    if wish.phase is None:
        raise InputError(f"--phase is missing: one of {', '.join(Phase)}.")
    return wish.phase


def strategy_of(text: str) -> Strategy | None:
    """Return the strategy that --strategy names, None for none; raises InputError for an unknown one."""
    if text and text not in tuple(Strategy):
        raise InputError(f"--strategy {text}: one of {', '.join(Strategy)} was expected.")
    return Strategy(text) if text else None


def instant_of(option: str, text: str) -> datetime | None:
    """Return the instant of an option, None for none; raises InputError where it is no time."""
    try:
        return parse_instant(text) if text else None
    except InputError as exc:
        raise InputError(f"{option}: {exc}") from exc


def domain_of(text: str) -> Name:
    """Return the domain; raises InputError for what is none, and for the root, which has no parent."""
    # Case means nothing in DNS, and reports are read beside other lists.
    domain = domain_named(text.lower())
    if domain == ROOT:
        raise InputError("The root has no parent that could be asked: name a domain.")
    return domain


def wished_instant(text: str) -> datetime | None:
    """Return the instant of --switch-at; raises InputError for what is none, is past, or is a century away."""
    moment = instant_of("--switch-at", text)
    if moment is None:
        return None
    now = utc_now()
    if moment < now:
        raise InputError(f"--switch-at {text} is past: name an instant to come.")
    if moment > now + _FARTHEST:
        raise InputError(f"--switch-at {text} is more than a century ahead: is the year right?")
    return moment


def lowered_instant(text: str) -> datetime | None:
    """Return the instant of --ttl-lowered-at; raises InputError for what is none, or is yet to come."""
    moment = instant_of("--ttl-lowered-at", text)
    refuse_to_come(moment)
    return moment


_FARTHEST = timedelta(days=36525)
