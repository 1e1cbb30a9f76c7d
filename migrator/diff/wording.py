"""The few forms of words that the sentences of several effects share. No IO here."""

from collections.abc import Iterable

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.codec.rdata import to_text
from migrator.meaning import services
from migrator.meaning.targets import target_of
from migrator.model.names import ROOT, for_people, is_wildcard
from migrator.model.phrases import shortened
from migrator.model.rrset import RRset, alias_of

MOST_SHOWN = 3
_LONGEST = 60
# Where the target says all that matters; others have more to say.
_POINTERS = frozenset({RdataType.CNAME, RdataType.DNAME, RdataType.NS, RdataType.PTR, RdataType.MX, RdataType.SRV})


def listed(rdatas: Iterable[Rdata]) -> str:
    """Return rdatas in words: hosts as people write them, with the service they belong to; three at most."""
    return _some([_one(rdata) for rdata in rdatas])


def answered(rrset: RRset | None) -> str:
    """Return what a set answers: its rdatas, or the target of its alias."""
    if rrset is None:
        return "nothing"
    alias = alias_of(rrset)
    if alias is None:
        return listed(rrset.rdatas)
    # An alias to a resource that has no name in DNS.
    return f"the alias {for_people(alias.target) if alias.target != ROOT else alias.scope or '.'}"


def named(names: Iterable[Name]) -> str:
    """Return names in words, three at most."""
    return _some([for_people(name) for name in dict.fromkeys(names)])


def below(wildcard: Name) -> str:
    """Return the names that a wildcard answers for, or the name itself where it is none."""
    if not is_wildcard(wildcard):
        return for_people(wildcard)
    return f"names below {for_people(wildcard.parent())} without records of their own"


def capital(sentence: str) -> str:
    """Return a sentence that begins with a capital, but for a name: names stay as they are."""
    return sentence[:1].upper() + sentence[1:]


def _some(texts: list[str]) -> str:
    shown = texts[:MOST_SHOWN]
    more = len(texts) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def _one(rdata: Rdata) -> str:
    target = target_of(rdata) if rdata.rdtype in _POINTERS else None
    if target is None or not target.labels[0]:
        return shortened(to_text(rdata), _LONGEST)
    service = services.of_cname(target) if rdata.rdtype == RdataType.CNAME else None
    return services.shown_host(target, service.service if service else None)
