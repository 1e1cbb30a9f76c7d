"""The name servers of both sides, as the providers last told them: not every look asks a provider.

A domain may wait for its switch for weeks, and thousands of domains side by side. Who asked both providers at
every look would use up their budgets; so they are asked a dozen times less often than the parent is.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from dns.name import Name

from migrator.cutover.look import names_of
from migrator.model.names import absolute, text_of
from migrator.model.values import dataclass
from migrator.state.documents import Documents
from migrator.workflow.name_servers import name_servers_of
from migrator.workflow.stages.job import Job

SCHEMA = "dns-migrator/sides/1"
_LOOKS = 12


@dataclass(frozen=True, slots=True)
class SidesNow:
    """Both sets as the providers told them, and the registrar's name; `is_fresh` where that was just now."""

    expected: tuple[Name, ...]
    old: tuple[Name, ...]
    registrar: str
    is_fresh: bool

    def keep(self, job: Job, registrar: str) -> None:
        """Keep what is fresh for the next looks, with the registrar as RDAP names it."""
        if self.is_fresh:
            sets = {"expected": _texts(self.expected), "old": _texts(self.old)}
            text = json.dumps({"schema": SCHEMA, **sets, "registrar": registrar}, separators=(",", ":"))
            Documents(job.store).keep(job.domain, text)


def oldest_of(job: Job) -> datetime:
    """Return since when what a provider told is believed."""
    return job.now() - timedelta(seconds=_LOOKS * job.options.every)


def sides_now(job: Job) -> SidesNow:
    """Return both sets: asked for just now, or kept since a look that is not long ago."""
    kept = Documents(job.store).last(job.domain, SCHEMA)
    oldest = max(job.told.migration.begun, oldest_of(job))
    if kept is not None and kept.at >= oldest:
        shape = kept.shape()
        expected, old = (tuple(map(absolute, shape.texts(key))) for key in ("expected", "old"))
        return SidesNow(expected, old, shape.text("registrar", ""), is_fresh=False)
    expected = name_servers_of(job.world, job.options.target, job.domain)
    old = name_servers_of(job.world, job.options.source, job.domain)
    # A zone that lists the new set already does not say where it was served before.
    return SidesNow(expected, () if names_of(old) == names_of(expected) else old, "", is_fresh=True)


def _texts(names: Sequence[Name]) -> list[str]:
    return [text_of(name) for name in names]
