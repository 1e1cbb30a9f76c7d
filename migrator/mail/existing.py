"""SPF terms that ask whether a name exists: they hold for everybody or for nobody (RFC 7208 section 5.7). No IO.

    @   TXT "v=spf1 exists:ok.example.org -all"
    ok  A   127.0.0.2          ; is gone: all mail that passed by it fails

What the A record says does not matter, and AAAA is not asked for.
"""

from collections.abc import Iterator
from itertools import dropwhile

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.dmarc import consequence
from migrator.mail.leanings import Leaning
from migrator.mail.senders import policies
from migrator.meaning.roles import Effect, Role
from migrator.meaning.served import ServedZone, Sides
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people


def existing_effects(sides: Sides, domain: Name, leaning: Leaning) -> Iterator[Effect]:
    """Yield what becomes of mail from a domain when the name that a term asks for comes, goes or moves away."""
    had, has = _state(sides.old, leaning.target), _state(sides.new, leaning.target)
    if had == has:
        return
    of = "" if folded(leaning.policy) == folded(domain) else f" by {for_people(leaning.policy)}"
    target = for_people(leaning.target)
    has_term = f"SPF of {for_people(domain)} has {leaning.term.removeprefix('+')}{of}, and {target}"
    if isinstance(had, Name) or isinstance(has, Name):
        where = f"is found at {for_people(has)} now" if isinstance(has, Name) else "is no longer found elsewhere"
        severity = Severity.WARNING if had is False else Severity.ERROR
        yield Effect(Role.SPF, severity, f"{has_term} {where}: whether mail passes by that is not known.")
    elif had:
        yield _gone(sides, domain, leaning, f"{has_term} has no A record any more")
    else:
        yield _new(sides, domain, leaning, f"{has_term} has an A record now")


def _state(zone: ServedZone, name: Name) -> bool | Name:
    """Tell whether a name has an A record, or return the name of which another zone decides."""
    left_to = zone.left_to(name, RdataType.A)
    if left_to is not None:
        return left_to.canonicalize()
    return any(rrset.rdtype == RdataType.A for rrset in zone.followed(name, RdataType.A))


def _gone(sides: Sides, domain: Name, leaning: Leaning, because: str) -> Effect:
    shown = for_people(domain)
    match leaning.qualifier:
        case "-":
            return _warning(f"{because}: mail that it refused is judged by what comes behind.")
        case "?" | "~":
            return _error(
                f"{because}: mail that it kept from failing is judged by what comes behind, and may fail."
            )
        case _ if _lets_nobody(sides, sides.new, domain) and not _lets_nobody(sides, sides.old, domain):
            return _error(f"{because}: no mail from {shown} passes SPF{consequence(sides, domain)}.", breaks=True)
        case _:
            return _error(f"{because}: mail that passed by that may fail it{consequence(sides, domain)}.")


def _new(sides: Sides, domain: Name, leaning: Leaning, because: str) -> Effect:
    if leaning.qualifier == "+":
        return _error(f"{because}: that lets anybody send as {for_people(domain)}.", breaks=True)
    terms = policies(sides.new, leaning.policy)[0].of(leaning.policy, domain).effective()
    behind = [*dropwhile(lambda term: term != leaning.term, terms)][1:]
    refuses = f"{because}: mail that no term before it decides of does not pass by a later one"
    if any(term[0] == "+" or term.startswith("redirect=") for term in behind):
        return _error(f"{refuses}{consequence(sides, domain)}.")
    return _warning(f"{refuses}.")


def _lets_nobody(sides: Sides, zone: ServedZone, domain: Name) -> bool:
    """Tell whether a policy surely lets no address pass."""
    from migrator.mail.permitted import Permitted

    own = policies(zone, domain)
    permitted = Permitted(sides, zone, domain, own[0]) if len(own) == 1 else None
    return permitted is not None and permitted.is_whole() and not permitted.passing()


def _warning(sentence: str) -> Effect:
    return Effect(Role.SPF, Severity.WARNING, sentence)


def _error(sentence: str, *, breaks: bool = False) -> Effect:
    return Effect(Role.SPF, Severity.ERROR, sentence, breaks)
