"""DS sets that the parent has no more, and that validating resolvers hold for a while yet. No IO here.

A resolver that holds one expects the keys that it fits, at the new servers too: without them it answers SERVFAIL
until the DS has left its cache, and the keys that it found good by it (`migrator.clock` says how long).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DS import DS

from migrator.clock import RESOLVER_CAP, Measure, insecure, instant
from migrator.codec import rdata
from migrator.cutover.look import Look, Side, explained, leaves_open, served
from migrator.cutover.memory import Memory, Run
from migrator.cutover.servers import Remark, serves
from migrator.cutover.signing import can_be_validated, mismatch, tags
from migrator.cutover.stage import Stage
from migrator.model.delegation import Delegation
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.names import text_of
from migrator.model.values import dataclass

_LEADS_TO_NEW = frozenset({Stage.MIXED, Stage.SWITCHED, Stage.SETTLED})


@dataclass(frozen=True, slots=True)
class Gone:
    """A DS set that a server of the parent had with this TTL, until a look at `at` saw another one, or none."""

    signers: tuple[DS, ...]
    ttl: int
    at: datetime


def gone_signers(memory: Memory, delegation: Delegation, now: datetime) -> tuple[Gone, ...]:
    """Return the DS sets that caches may hold, or the keys that they fit, and that no server of the parent has."""
    asked = {view.server.address for view in delegation.views}
    found: list[tuple[Run, Run]] = []
    current: set[str] = set()
    for address in asked:
        history = [run for run in memory.signers if run.address == address]
        current.update(run.shown for run in history[-1:])
        found += [(run, later) for run, later in pairwise(history) if run.shown]
    oldest = now - timedelta(seconds=RESOLVER_CAP)
    return tuple(
        Gone(_parsed(run.shown), run.ttl or 0, later.first)
        for run, later in found
        if run.shown not in current and later.first > oldest
    )


def cached_signer_remarks(
    look: Look, stage: Stage | None, gone: tuple[Gone, ...], now: datetime
) -> Iterator[Remark]:
    """Yield until when resolvers fail that hold a DS which no key of the new servers fits."""
    if stage not in _LEADS_TO_NEW:
        return
    ttls = [rrset.ttl or 0 for view in look.servers if view.dnskey is not None and (rrset := served(view.dnskey))]
    keys = Measure("DNSKEY TTL", max(ttls, default=0))
    waits = [(insecure(each.at, Measure("DS TTL", each.ttl), keys), each) for each in gone]
    new = [view for view in look.servers if view.side is Side.NEW and serves(view) and view.dnskey is not None]
    for moment, each in sorted(waits, key=lambda wait: wait[0].at, reverse=True):
        if now >= moment.at or not can_be_validated(each.signers):
            continue
        silent = [view for view in new if view.dnskey is not None and leaves_open(view.dnskey)]
        wrong = [view for view in new if view not in silent and mismatch(each.signers, view, look.domain)]
        if wrong:
            yield Finding(
                "dnssec.ds-cached",
                Severity.ERROR,
                f"{text_of(look.domain)} DS",
                f"DS {tags(each.signers)} has left the parent, and {wrong[0].server} has no key that fits it: "
                "validating resolvers that hold it, or keys that it fits, answer SERVFAIL for the whole domain "
                f"until {moment}.",
                remedy=f"Only time takes it out of caches: keep the old zone, signed as it is, until "
                f"{instant(moment.at)}.",
                evidence=tuple(ds.to_text() for ds in each.signers),
            )
            return
        for view in silent:
            assert view.dnskey is not None
            reason = f"no answer for the keys of the zone: {explained(view.dnskey)}"
            yield Unchecked("dnssec.ds-fits", str(view.server), reason)
        if silent:
            return


def _parsed(shown: str) -> tuple[DS, ...]:
    found = (rdata.from_text(RdataType.DS, line) for line in shown.splitlines())
    return tuple(each for each in found if isinstance(each, DS))
