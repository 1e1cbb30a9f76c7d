"""Where the terms of SPF policies lead within the zone: to policies, hosts, mail servers. No IO here."""

from collections.abc import Iterator
from typing import NamedTuple

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.policies import term_domain, term_existing, term_host, term_mail_domain
from migrator.mail.senders import policies
from migrator.model.names import folded
from migrator.model.values import dataclass
from migrator.served import ServedZone, Sides


@dataclass(frozen=True, slots=True)
class Leaning:
    """A term that leads to a name of the zone: to its policy (TXT), its mail servers (MX) or its addresses (A).

    With `of_existence` it asks for an A record alone, and holds for everybody or for nobody.

    `prefix` is how much of the networks around these addresses it takes in, as it says that (`/24//64`). The term
    stands in `policy`; `qualifier` is its own, or that of the first `include:` on the way that lets nobody pass.
    """

    target: Name
    rdtype: RdataType
    policy: Name
    term: str
    qualifier: str = "+"
    prefix: str = ""
    of_existence: bool = False


def leanings(sides: Sides, domain: Name) -> Iterator[Leaning]:
    """Yield where the terms lead that either side has, each once; included policies are gone into."""
    for staying in staying_terms(sides, domain):
        yield from _of_terms(staying, sides.new)


class Staying(NamedTuple):
    """The terms of a policy that both sides have, and the qualifier of the `include:` that leads to it."""

    policy: Name
    terms: tuple[str, ...]
    through: str = "+"


def staying_terms(sides: Sides, domain: Name) -> Iterator[Staying]:
    """Yield the terms that stay of a domain's policy, and of those that it includes in the zone."""
    waiting, passed = [(domain, "+")], {folded(domain)}
    while waiting:
        here, through = waiting.pop(0)
        old, new = policies(sides.old, here), policies(sides.new, here)
        if len(old) != 1 or len(new) != 1:
            continue
        stay = frozenset(old[0].of(here, domain).effective())
        is_read = not (old[0].ends() and new[0].ends())  # else `redirect=` counts for nothing
        terms = tuple(
            term
            for term in new[0].of(here, domain).effective()
            if term in stay and (is_read or not term.startswith("redirect="))
        )
        staying = Staying(here, terms, through)
        yield staying
        for leaning in _of_terms(staying, sides.new):
            if leaning.rdtype == RdataType.TXT and folded(leaning.target) not in passed:
                passed.add(folded(leaning.target))
                waiting.append((leaning.target, leaning.qualifier))


def _of_terms(staying: Staying, zone: ServedZone) -> Iterator[Leaning]:
    domain = staying.policy
    for term in staying.terms:
        own = term[0] if term[0] in "?~-" else "+"
        qualifier = own if staying.through == "+" else staying.through
        leaning = _of_term(domain, term, qualifier)
        if leaning is not None and zone.within(leaning.target):
            yield leaning


def _of_term(domain: Name, term: str, qualifier: str) -> Leaning | None:
    target = term_domain(term)
    prefix = "".join(term.partition("/")[1:])
    if target is not None and term.lstrip("+?~-").startswith(("include:", "redirect=")):
        return Leaning(target, RdataType.TXT, domain, term, qualifier)
    if (host := term_host(term, domain)) is not None:
        return Leaning(host, RdataType.A, domain, term, qualifier, prefix)
    if (mail_domain := term_mail_domain(term, domain)) is not None:
        return Leaning(mail_domain, RdataType.MX, domain, term, qualifier, prefix)
    if (existing := term_existing(term)) is not None:
        return Leaning(existing, RdataType.A, domain, term, qualifier, of_existence=True)
    return None
