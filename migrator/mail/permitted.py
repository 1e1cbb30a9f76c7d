"""Which addresses the terms of an SPF policy let send, as far as the zone itself says. No IO here.

    @     TXT "v=spf1 mx include:_spf.example.org include:_spf.example.net -all"
    @     MX  10 mail
    mail  A   192.0.2.1
    _spf  TXT "v=spf1 ip4:198.51.100.0/24 -all"

In this zone `mx` is 192.0.2.1 and the first `include:` is 198.51.100.0/24; of the second one another zone decides.
Two policies that let the same servers send may name them in quite different words.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.TXT import TXT

from migrator.mail.policies import Spf, spf_policies, term_domain
from migrator.mail.spf.addresses import EVERYBODY, NOBODY, Addresses, of_network, union
from migrator.mail.spf.evaluate import NoRecords, Result, evaluate
from migrator.mail.spf.record import Directive, Fault, read_record
from migrator.meaning.served import ServedZone, Sides
from migrator.model.extras import (
    AutomaticTTL,
    Extra,
    Flattened,
    Metadata,
    Note,
    Proxied,
    RecordTTL,
    Tags,
    plain,
)
from migrator.model.names import folded
from migrator.model.rrset import RRset
from migrator.model.values import dataclass

_WITHIN = frozenset({"a", "mx", "include", "exists"})
_MOST_REDIRECTS = 10
# They leave what is answered as it is; a flattened CNAME within the zone is answered as what it leads to.
_HARMLESS = (AutomaticTTL, Flattened, Metadata, Note, RecordTTL, Tags)


@dataclass(frozen=True, slots=True)
class Permitted:
    """A policy of a domain, on one side of a comparison."""

    sides: Sides
    zone: ServedZone
    domain: Name
    policy: Spf

    def let_by(self, *terms: str) -> Addresses:
        """Return the addresses that any of these terms lets pass."""
        return union(addresses for qualifier, addresses in self._shares(terms) if qualifier == "+")

    def held_by(self, term: str) -> Addresses | None:
        """Return the addresses that a term holds, whatever it says of them; None where that is not known."""
        shares = self._shares([term])
        return union(addresses for _, addresses in shares) if shares else None

    def is_whole(self) -> bool:
        """Tell whether the zone says of each term whom it holds; the rest is what is left for `all`."""
        terms = [term for term in self.policy.effective() if not term.startswith("exp=") and term[1:] != "all"]
        return all(self.held_by(term) is not None for term in terms)

    def by_qualifier(self) -> dict[str, Addresses]:
        """Return the addresses by what the first term that holds them says; not those left to another zone."""
        found: dict[str, Addresses] = {}
        permitted, left = self, EVERYBODY
        for _ in range(_MOST_REDIRECTS):
            terms = [term for term in permitted.policy.effective() if not term.startswith("redirect=")]
            for qualifier, addresses in _in_runs(permitted._shares(terms)):
                found[qualifier] = found.get(qualifier, NOBODY) | (left & addresses)
                left -= addresses
            target = _redirect(permitted.policy)
            if target is None:
                end = permitted.policy.all_qualifier()
                found[end] = found.get(end, NOBODY) | left
                break
            further = tuple(_redirected(self.zone, permitted.policy))
            if len(further) != 1:
                break
            permitted = Permitted(self.sides, self.zone, target, further[0])
        return found

    def passing(self) -> Addresses:
        """Return the addresses that the policy lets pass: of several terms that hold one the first decides."""
        passing = decided = NOBODY
        for qualifier, addresses in _in_runs(self._shares(self.policy.effective())):
            passing = passing | (addresses - decided) if qualifier == "+" else passing
            decided = decided | addresses
        return passing

    def covers(self, addresses: Addresses) -> bool:
        """Tell whether the policy lets all of the addresses pass, by whatever terms; it never does with none."""
        return bool(addresses) and not self.left_out(addresses)

    def left_out(self, addresses: Addresses) -> Addresses:
        """Return those of the addresses that no term lets pass, or of which one says anything else."""
        key = ("let by all", self.zone, self.domain.labels, self.policy)
        return addresses - self.sides.recall(key, self._let_by_all)

    def _let_by_all(self) -> Addresses:
        """Return the addresses that a term lets pass, and of which none says anything else."""
        shares = self._shares(self.policy.effective())
        others = union(found for qualifier, found in shares if qualifier != "+")
        return union(found for qualifier, found in shares if qualifier == "+") - others

    def refused(self, addresses: Addresses) -> Addresses:
        """Return those of the addresses that a term lets pass, behind one that does not."""
        return addresses & self.let_by(*self.policy.effective()) - self.passing()

    def end(self) -> str:
        """Return the qualifier of the last `all`; `redirect=` is followed as far as it stays in the zone."""
        policy = self.policy
        for _ in range(_MOST_REDIRECTS):
            further = tuple(_redirected(self.zone, policy))
            if len(further) != 1:
                break
            policy = further[0]
        return policy.all_qualifier()

    def records(self, name: Name, rdtype: RdataType) -> tuple[Rdata, ...] | NoRecords:
        """Return what the zone answers in the end; of what it does not know, that nobody has asked."""
        key = ("records", self.zone, name.labels, rdtype)
        return self.sides.recall(key, lambda: self._records(name, rdtype))

    def _records(self, name: Name, rdtype: RdataType) -> tuple[Rdata, ...] | NoRecords:
        rrsets = self.zone.known(name, rdtype)
        is_asked = self.zone is self.sides.old or self.sides.is_known_behind(name, rdtype)
        if rrsets is None or not is_asked or not all(map(_is_plain, self._behind(name, rdtype))):
            return NoRecords.NOT_ASKED
        return tuple(rdata for rrset in rrsets for rdata in rrset.rdatas) or NoRecords.VOID

    def _shares(self, terms: Iterable[str]) -> tuple[tuple[str, Addresses], ...]:
        """Return the qualifier of each term, and whom it holds; not `all`, nor terms where that is not known."""
        terms = tuple(terms)
        key = ("shares", self.zone, self.domain.labels, terms)
        return self.sides.recall(key, lambda: self._found_shares(terms))

    def _found_shares(self, terms: tuple[str, ...]) -> tuple[tuple[str, Addresses], ...]:
        record = read_record(" ".join(("v=spf1", *terms)))
        if isinstance(record, Fault):
            return ()
        found = [(each.qualifier, self._addresses(each)) for each in record.directives]
        if record.redirect is not None and not record.ends:
            found.append(("+", self._passing_by(record.redirect_text)))
        return tuple((qualifier, addresses) for qualifier, addresses in found if addresses is not None)

    def _addresses(self, term: Directive) -> Addresses | None:
        if term.network is not None:
            return of_network(term.network)
        return self._passing_by(term.text.lstrip("+?~-")) if term.name in _WITHIN else None

    def _passing_by(self, term: str) -> Addresses | None:
        found = evaluate(self.domain, _OneTerm(self, term).ask)
        if not found.is_complete or found.open_terms or found.permanent:
            return None
        return found.of(Result.PASS)

    def _behind(self, name: Name, rdtype: RdataType) -> Iterator[RRset]:
        for owner in self.zone.chain(name):
            yield from (rrset for rrset in self.zone.at(owner) if rrset.rdtype in {rdtype, RdataType.CNAME})


def _in_runs(shares: Iterable[tuple[str, Addresses]]) -> Iterator[tuple[str, Addresses]]:
    """Yield terms that follow one another and say the same as one: `ip4:` a hundred times is the usual case."""
    for qualifier, run in groupby(shares, key=itemgetter(0)):
        yield qualifier, union(addresses for _, addresses in run)


def _redirected(zone: ServedZone, policy: Spf) -> Iterator[Spf]:
    target = _redirect(policy)
    if target is not None:
        yield from spf_policies(zone.followed(target, RdataType.TXT))


def _redirect(policy: Spf) -> Name | None:
    targets = (term_domain(term) for term in policy.effective() if term.startswith("redirect="))
    return None if policy.ends() else next(targets, None)


@dataclass(frozen=True, slots=True)
class _OneTerm:
    """A term alone, as if it were the whole policy of its domain."""

    of: Permitted
    term: str

    def ask(self, name: Name, rdtype: RdataType) -> tuple[Rdata, ...] | NoRecords:
        """Return the records of a name."""
        if rdtype == RdataType.TXT and folded(name) == folded(self.of.domain):
            return (TXT(RdataClass.IN, RdataType.TXT, [f"v=spf1 {self.term}".encode("latin-1")]),)
        return self.of.records(name, rdtype)


def _is_plain(rrset: RRset) -> bool:
    """Tell whether the records of a set are what is answered: it is no alias, not routed, not proxied."""
    return not rrset.key.variant and all(map(_is_harmless, rrset.extras))


def _is_harmless(extra: Extra) -> bool:
    inner = plain(extra)
    return isinstance(inner, _HARMLESS) or (isinstance(inner, Proxied) and not inner.enabled)
