"""The name servers of both sides, as the providers last told them: not every look asks a provider.

Name servers inside the domain may keep their names and move: the addresses that either zone has for them are told
as well. The old set is empty where the sets are the same.

A domain may wait for its switch for weeks, and thousands of domains side by side. Who asked both providers at
every look would use up their budgets; so they are asked a dozen times less often than the parent is.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dns.name import Name

from migrator.codec.shape import Shape
from migrator.confirm import Wanted
from migrator.cutover.look import Addresses
from migrator.errors import DnsError, InputError, ProviderError
from migrator.model.names import absolute, text_of
from migrator.model.values import dataclass
from migrator.state.documents import Document, Documents
from migrator.workflow.name_servers import wanted_of
from migrator.workflow.stages.job import Job
from migrator.workflow.targets import is_gone
from migrator.workflow.ttls import own_locator

SCHEMA = "dns-migrator/sides/1"
_LOOKS = 12


@dataclass(frozen=True, slots=True)
class SidesNow:
    """What the switch is to bring, and the registrar's name; `is_fresh` where the providers told it just now.

    `is_old_known` is false where the old zone went before anybody had asked for its name servers.
    """

    wanted: Wanted
    registrar: str
    is_fresh: bool
    is_old_known: bool = True

    def keep(self, job: Job, registrar: str) -> None:
        """Keep what is fresh for the next looks, with the registrar as RDAP names it."""
        if self.is_fresh and self.is_old_known:
            wanted = self.wanted
            sets = {"expected": _texts(wanted.expected), "old": _texts(wanted.old)}
            places = {"addresses": _places(wanted.addresses), "old_addresses": _places(wanted.old_addresses)}
            found = {"schema": SCHEMA, **sets, **places, "registrar": registrar}
            text = json.dumps(found, separators=(",", ":"))
            Documents(job.store).keep(job.domain, text)


def oldest_of(job: Job) -> datetime:
    """Return since when what a provider told is believed."""
    return job.now() - timedelta(seconds=_LOOKS * job.options.every)


def sides_now(job: Job) -> SidesNow:
    """Return both sets: asked for just now, or kept since a look that is not long ago.

    Of an old zone that is there no more, or that a person goes on without, the set that was kept last counts.
    """
    kept = Documents(job.store).last(job.domain, SCHEMA)
    if kept is not None and kept.at < job.told.migration.begun:
        kept = None
    if kept is not None and kept.at >= oldest_of(job):
        return _kept(job, kept)
    source, target = job.options.source, job.options.target
    try:
        return SidesNow(wanted_of(job.world, job.domain, source, target), "", is_fresh=True)
    except (InputError, ProviderError, DnsError):
        if job.override is None and not is_gone(job.world, own_locator(source, job.domain)):
            raise
    wanted = wanted_of(job.world, job.domain, "", target)
    if kept is None:
        return SidesNow(wanted, "", is_fresh=True, is_old_known=False)
    before = _kept(job, kept).wanted
    return SidesNow(replace(wanted, old=before.old, old_addresses=before.old_addresses), "", is_fresh=True)


def _kept(job: Job, kept: Document) -> SidesNow:
    shape = kept.shape()
    expected, old = (tuple(map(absolute, shape.texts(key))) for key in ("expected", "old"))
    addresses, old_addresses = (_addresses(shape, key) for key in ("addresses", "old_addresses"))
    wanted = Wanted(job.domain, expected, old, addresses, old_addresses)
    return SidesNow(wanted, shape.text("registrar", ""), is_fresh=False)


def _texts(names: Sequence[Name]) -> list[str]:
    return [text_of(name) for name in names]


def _places(addresses: Addresses) -> list[dict[str, object]]:
    return [{"name": text_of(name), "addresses": sorted(texts)} for name, texts in addresses]


def _addresses(shape: Shape, key: str) -> Addresses:
    return tuple((absolute(each.text("name")), frozenset(each.texts("addresses"))) for each in shape.shapes(key))
