"""Where the terms of SPF policies lead within the zone: to policies, hosts, mail servers. No IO here."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.policies import term_domain, term_existing, term_host, term_mail_domain
from migrator.mail.senders import policies
from migrator.mail.spf.record import MOST_LOOKUPS
from migrator.meaning.served import ServedZone, Sides
from migrator.model.names import folded
from migrator.model.values import dataclass

Labels = tuple[bytes, ...]

# Receivers make ten look-ups and give up then; some count less strictly.
_MOST_FOLLOWED = 3 * MOST_LOOKUPS


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


def leanings(sides: Sides, domain: Name) -> tuple[Leaning, ...]:
    """Return where the terms lead that either side has, each once; included policies are gone into."""

    def find() -> tuple[Leaning, ...]:
        return tuple(chain.from_iterable(_of_terms(each, sides.new) for each in staying_terms(sides, domain)))

    return sides.recall(("leanings", domain.labels), find)


class Staying(NamedTuple):
    """The terms of a policy that both sides have, and the qualifier of the `include:` that leads to it."""

    policy: Name
    terms: tuple[str, ...]
    through: str = "+"


def staying_terms(sides: Sides, domain: Name) -> tuple[Staying, ...]:
    """Return the terms that stay of a domain's policy, and of those in the zone that receivers include with it."""
    return sides.recall(("staying", domain.labels), lambda: tuple(_staying(sides, domain)))


def _staying(sides: Sides, domain: Name) -> Iterator[Staying]:
    included = _included(sides, domain)
    waiting, passed = [(domain, "+")], {folded(domain)}
    while waiting:
        here, through = waiting.pop(0)
        staying = Staying(here, _terms(sides, here, domain), through)
        yield staying
        for leaning in _of_terms(staying, sides.new):
            labels = folded(leaning.target)
            if leaning.rdtype == RdataType.TXT and labels not in passed and labels in included:
                passed.add(labels)
                waiting.append((leaning.target, leaning.qualifier))


def _included(sides: Sides, domain: Name) -> set[Labels]:
    """Return the domains whose policies receivers go into before they have made too many look-ups.

    They take the terms in their order, and go into a policy when they come to it (RFC 7208 section 4.6.4).
    """
    found, lookups = {folded(domain)}, 0
    entered = [_asked(sides, domain, domain)]
    while entered and lookups < _MOST_FOLLOWED:
        leaning = next(entered[-1], None)
        if leaning is None:
            entered.pop()
            continue
        lookups += 1
        if leaning.rdtype == RdataType.TXT and folded(leaning.target) not in found:
            found.add(folded(leaning.target))
            entered.append(_asked(sides, leaning.target, domain))
    return found


def _asked(sides: Sides, policy: Name, start: Name) -> Iterator[Leaning]:
    return _of_terms(Staying(policy, _terms(sides, policy, start)), sides.new)


def _terms(sides: Sides, policy: Name, start: Name) -> tuple[str, ...]:
    """Return the terms of a policy that both sides have, none where receivers find no single one."""
    old, new = policies(sides.old, policy), policies(sides.new, policy)
    if len(old) != 1 or len(new) != 1:
        return ()
    stay = frozenset(old[0].of(policy, start).effective())
    is_read = not (old[0].ends() and new[0].ends())  # else `redirect=` counts for nothing
    return tuple(
        term
        for term in new[0].of(policy, start).effective()
        if term in stay and (is_read or not term.startswith("redirect="))
    )


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
