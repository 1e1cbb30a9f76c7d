"""The name servers of both sides, as the providers last told them: not every look asks a provider.

Where both sets have the same names, those inside the domain may keep them and move: of these, the addresses that
either zone has for them are told as well.

A domain may wait for its switch for weeks, and thousands of domains side by side. Who asked both providers at
every look would use up their budgets; so they are asked a dozen times less often than the parent is.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from dns.name import Name

from migrator.codec.shape import Shape
from migrator.cutover.look import Addresses, names_of
from migrator.model.names import absolute, text_of
from migrator.model.values import dataclass
from migrator.state.documents import Documents
from migrator.workflow.name_servers import addresses_inside, name_servers_of
from migrator.workflow.stages.job import Job

SCHEMA = "dns-migrator/sides/1"
_LOOKS = 12


@dataclass(frozen=True, slots=True)
class SidesNow:
    """Both sets as the providers told them, and the registrar's name; `is_fresh` where that was just now.

    `old` is empty where the sets are the same: then `addresses` are those that the new zone has for its name
    servers inside the domain, and `old_addresses` those of the old zone.
    """

    expected: tuple[Name, ...]
    old: tuple[Name, ...]
    registrar: str
    is_fresh: bool
    addresses: Addresses = ()
    old_addresses: Addresses = ()

    def keep(self, job: Job, registrar: str) -> None:
        """Keep what is fresh for the next looks, with the registrar as RDAP names it."""
        if self.is_fresh:
            sets = {"expected": _texts(self.expected), "old": _texts(self.old)}
            places = {"addresses": _places(self.addresses), "old_addresses": _places(self.old_addresses)}
            found = {"schema": SCHEMA, **sets, **places, "registrar": registrar}
            text = json.dumps(found, separators=(",", ":"))
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
        addresses, old_addresses = (_addresses(shape, key) for key in ("addresses", "old_addresses"))
        registrar = shape.text("registrar", "")
        return SidesNow(expected, old, registrar, is_fresh=False, addresses=addresses, old_addresses=old_addresses)
    expected = name_servers_of(job.world, job.options.target, job.domain)
    old = name_servers_of(job.world, job.options.source, job.domain)
    if names_of(old) != names_of(expected):
        return SidesNow(expected, old, "", is_fresh=True)
    # A zone that lists the new set already does not say where it was served before, but for hosts of its own.
    addresses = addresses_inside(job.world, job.options.target, job.domain, expected)
    old_addresses = addresses_inside(job.world, job.options.source, job.domain, expected) if addresses else ()
    return SidesNow(expected, (), "", is_fresh=True, addresses=addresses, old_addresses=old_addresses)


def _texts(names: Sequence[Name]) -> list[str]:
    return [text_of(name) for name in names]


def _places(addresses: Addresses) -> list[dict[str, object]]:
    return [{"name": text_of(name), "addresses": sorted(texts)} for name, texts in addresses]


def _addresses(shape: Shape, key: str) -> Addresses:
    return tuple((absolute(each.text("name")), frozenset(each.texts("addresses"))) for each in shape.shapes(key))
