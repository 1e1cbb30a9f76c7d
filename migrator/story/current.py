"""Which documents are of the present move, and not of an earlier one of the same domain. No IO here.

A domain that moved away and comes back has two moves in one database. That the first one was settled, and its old
zone might go, must never be said of the second: its old zone is the one that is in use.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from migrator.codec.checklist import SCHEMA
from migrator.codec.shape import parse_object
from migrator.journey.migration import Told
from migrator.model.finding import Phase
from migrator.past import Past
from migrator.story.account import Papers
from migrator.story.given import Paper
from migrator.story.stages import standing_writes

# By how much the clocks of two machines may differ without a word.
_SKEW = timedelta(minutes=2)


def of_this_move(papers: Papers, journey: Told | None, past: Past) -> Papers:
    """Return the documents since the migration was begun; by hand, since the first import into the present target.

    What is done before an import (a plan, the checklist of phase prepare, a backup) counts by hand all the same.
    """
    begun = _first_import(past) if journey is None else journey.events[0].at
    if begun is None:
        return papers
    by_hand = journey is None
    compared, switch, plan = papers.comparison, papers.switch, papers.plan
    return replace(
        papers,
        comparison=compared if compared is not None and compared.at >= begun else None,
        checklists=tuple(
            each for each in papers.checklists if each.at >= begun or (by_hand and each.phase == Phase.PREPARE)
        ),
        switch=switch if switch is not None and switch.at >= begun else None,
        plan=plan if plan is not None and (by_hand or plan.at >= begun) else None,
        imports=tuple(each for each in papers.imports if by_hand or each.at >= begun),
    )


def with_clock(papers: Papers, kept: Sequence[Paper], now: datetime) -> Papers:
    """Return the documents with a word on the clock by which the checklist of phase close was judged.

    One that was ahead took caches for empty that were not, and later looks for earlier ones.
    """
    after = [now]
    for paper in reversed(kept):
        if paper.schema == SCHEMA and parse_object(paper.text, paper.schema).text("phase", "") == Phase.CLOSE:
            break
        after.append(paper.at)
    return replace(
        papers,
        checklists=tuple(
            replace(each, is_ahead=each.phase == Phase.CLOSE and each.at > min(after) + _SKEW)
            for each in papers.checklists
        ),
    )


def _first_import(past: Past) -> datetime | None:
    """Return when the first of the last imports into one and the same target was begun."""
    found: datetime | None = None
    standing = standing_writes(past)
    for write in reversed(standing):
        if write.locator != standing[-1].locator:
            break
        found = write.begun
    return found
