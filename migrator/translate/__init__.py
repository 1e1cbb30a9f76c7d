"""Turns a zone into what another provider can hold, and accounts for every set of it. No IO here.

Everything is a draft at first: the set as it was read, and where it came from. Then the rules go over the drafts,
one subject each, in the order of the table `RULES` below. A rule asks nothing but what the target can hold
(`model/capabilities.py`); no rule knows a provider by name. What it changes or takes out it must say, with one of
the words of `words.py`; a set that is not copied and of which nothing was said stops the translation.

From Route 53 to Cloudflare, say:

    @    A      alias to d1.cloudfront.net      @    300  CNAME  d1.cloudfront.net.   alias-flattened
    @    MX     10 mail                         @    300  MX     10 mail
    www  A      192.0.2.1   weight 90           www  300  A      192.0.2.1            weights-merged, to be decided
    www  A      192.0.2.2   weight 10     ->                     192.0.2.2
    api  A      alias to www                    api  300  CNAME  www                  alias-as-cname
    dyn  30  A  198.51.100.7                    dyn  60   A      198.51.100.7         ttl-raised
    @    NS     ns-1.awsdns-01.org.             (its own)

Seven sets were read: one is copied, six are translated, none is dropped, and nothing is unaccounted for. The
merged weights change what visitors get, so nothing may be written until somebody says `--accept weights-merged`.
Where a loss has several ways out, `desired` shows the one that its word stands for, and the advice names others.

The order matters where one rule makes what another looks at: routed sets become one before aliases to them are
copied; the retired SPF joins TXT before texts are measured; aliases become CNAMEs before neighbours are judged;
TTLs come last, since copies bring their own.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from dns.name import Name

from migrator.model.capabilities import Capabilities
from migrator.model.loss import Fate, LedgerEntry
from migrator.model.rrset import RRset, RRsetKey, canonical_order
from migrator.model.zone import ZoneSnapshot
from migrator.translate.aliases import dangling, place
from migrator.translate.apex import apex, is_given_by_target
from migrator.translate.apex_cname import replace_apex_cname
from migrator.translate.followers import followers
from migrator.translate.forms import forms
from migrator.translate.health import follow_identifiers
from migrator.translate.ledger import ledger
from migrator.translate.names import names
from migrator.translate.neighbours import neighbours
from migrator.translate.notes import notes
from migrator.translate.own_servers import addresses_that_stay, own_servers
from migrator.translate.proxied import expose, unexposed, unflatten
from migrator.translate.result import Counts, Translation
from migrator.translate.routing import route
from migrator.translate.sizes import set_sizes, zone_size
from migrator.translate.texts import lengths
from migrator.translate.ttls import automatic, clamp, of_proxied, of_records
from migrator.translate.types import types
from migrator.translate.unknown import leftovers, managed, outside, unknown_fields, unreadable
from migrator.translate.words import BY_WHAT, WORDS, Word, is_acceptable
from migrator.translate.work import Draft, Relation, Work

__all__ = [
    "BY_WHAT",
    "RULES",
    "WORDS",
    "Counts",
    "Relation",
    "Translation",
    "Word",
    "addresses_that_stay",
    "is_acceptable",
    "scheme_of",
    "translate",
]

RULES: tuple[Callable[[Work], None], ...] = (
    outside,  # records that are no part of the zone
    own_servers,  # addresses of the target's own name servers
    unreadable,  # sets and rdata that nobody could read
    managed,  # sets that another product owns or made
    unknown_fields,  # settings that nobody here knows
    expose,  # proxied records
    route,  # weighted, latency, geography, failover, multi-value
    follow_identifiers,  # health checks, client networks
    names,  # owners that the target cannot spell
    types,  # types that the target does not have
    forms,  # null MX, empty texts, empty sets
    lengths,  # texts and rdata that are too long
    set_sizes,  # sets that are too large
    place,  # aliases
    replace_apex_cname,  # a CNAME at the apex
    set_sizes,  # what looked-up addresses have made too large
    neighbours,  # CNAME beside other data, NS, DS
    dangling,  # aliases to what has gone since
    unexposed,  # proxied records that were left out
    followers,  # names that lead to what is left out
    unflatten,  # CNAMEs answered as addresses
    automatic,  # TTLs that the provider chose
    of_records,  # TTLs of single records
    of_proxied,  # TTLs of what a proxy answers
    clamp,  # TTLs out of range
    notes,  # comments, tags, metadata
    leftovers,  # any extra that no rule spoke of
    apex,  # SOA and apex NS
    zone_size,  # quotas of the zone
)

_NO_ADDRESSES: Mapping[RRsetKey, RRset] = MappingProxyType({})
_NO_IDENTIFIERS: Mapping[str, str] = MappingProxyType({})


def translate(
    snapshot: ZoneSnapshot,
    target: Capabilities,
    *,
    assigned: tuple[Name, ...] = (),
    target_apex: tuple[RRset, ...] = (),
    own_addresses: tuple[RRset, ...] = (),
    standing: tuple[RRset, ...] = (),
    accepts: frozenset[str] = frozenset(),
    addresses: Mapping[RRsetKey, RRset] = _NO_ADDRESSES,
    identifiers: Mapping[str, str] = _NO_IDENTIFIERS,
    relation: Relation = Relation.FOREIGN,
    source_scheme: str = "",
) -> Translation:
    """Return the zone as it shall stand at the target, what is lost by it, and the fate of every set.

    `assigned` are the name servers that the target gave to the zone, `target_apex` its SOA and apex NS set as they
    are now; both empty while there is no zone. `own_addresses` are sets of the target that stay in the place
    of the source's, `standing` those that the source does not have, `accepts` the words that the user accepted,
    `addresses` present answers for `Translation.unresolved`, empty ones included. `relation` says whether what is
    bound to an account or a zone comes along, and `identifiers` what health checks and client networks of the old
    account are called in the new one. `source_scheme` is the provider that the extras are of, where the snapshot's
    source does not say it.

    A zone that goes back to where it was read from needs no translation: what it held it can hold.
    """
    scheme = source_scheme or scheme_of(snapshot)
    if relation is Relation.SAME_ZONE and scheme == target.scheme:
        copied = tuple(LedgerEntry(rrset.key, Fate.COPIED) for rrset in snapshot.rrsets)
        return Translation(snapshot, copied, (), (), (), len(snapshot.rrsets))
    work = Work(
        *(snapshot, target, scheme, relation, accepts, addresses, identifiers, assigned),
        target_apex=target_apex,
        own_addresses=own_addresses,
        standing=standing,
    )
    for rrset in snapshot.rrsets:
        if not is_given_by_target(work, rrset.key):
            work.drafts[rrset.key] = Draft(rrset, (rrset.key,))
    for rule in RULES:
        rule(work)
    entries = ledger(work)
    assert len(entries) == len(snapshot.rrsets)
    losses = tuple(sorted(work.losses, key=lambda loss: canonical_order(loss.key)))
    undecided = tuple(loss for loss in losses if work.is_undecided(loss))
    return Translation(
        work.snapshot_of_drafts(), entries, losses, undecided, tuple(work.unresolved), len(snapshot.rrsets)
    )


def scheme_of(snapshot: ZoneSnapshot) -> str:
    """Return the provider that a snapshot was read from, as locators name it: `file` for a path."""
    scheme, colon, _ = snapshot.source.partition(":")
    return scheme if colon and scheme.isalnum() and scheme.islower() else "file"
