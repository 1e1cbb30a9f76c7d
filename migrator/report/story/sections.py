"""A report as sections in the order in which they are read: what matters now first, the evidence last. Pure."""

from migrator.clock import instant
from migrator.model.names import for_people
from migrator.report.story.findings import compared_section, mail_section, switch_section
from migrator.report.story.progress import (
    decisions_section,
    events_section,
    open_section,
    stages_section,
    ttls_section,
)
from migrator.report.story.records import backups_section, evidence_section, writes_section
from migrator.report.story.values import Section
from migrator.story.account import Account


def sections(account: Account) -> tuple[Section, ...]:
    """Return the sections that have something in them."""
    found = (
        open_section(account),
        stages_section(account),
        compared_section(account),
        mail_section(account),
        decisions_section(account),
        switch_section(account),
        ttls_section(account),
        evidence_section(account),
        writes_section(account),
        backups_section(account),
        events_section(account),
    )
    return tuple(section for section in found if not section.is_empty)


def title(account: Account) -> str:
    """Return the heading."""
    return f"{for_people(account.domain)}: report on the move"


def facts(account: Account) -> tuple[tuple[str, str], ...]:
    """Return what stands at the top: the sides, and what comes next."""
    following = account.next
    found = [("From", account.old or "not known"), ("To", account.new or "not known")]
    if account.fleet:
        found.append(("Fleet", account.fleet))
    if following is not None:
        found.append(("Next", f"{following.text}{'' if following.at is None else f', {instant(following.at)}'}"))
    return tuple(found)


def made_by(account: Account) -> str:
    """Return which versions of the program found what stands here."""
    tools = ", ".join(account.tools) or "not known"
    return f"Made from {account.database}. What stands here was found by dns-migrator {tools}."
