"""What happens to the mail that goes out: SPF says who may send for a domain. No IO here."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.dmarc import consequence
from migrator.mail.policies import Spf, spf_policies, strictness, term_domain
from migrator.meaning import services
from migrator.meaning.roles import Effect, Role, is_spf
from migrator.meaning.served import ServedZone, Sides
from migrator.model.finding import Severity
from migrator.model.names import for_people, text_of

if TYPE_CHECKING:
    from migrator.mail.permitted import Permitted

_MOST_SHOWN = 3
_OWN_DOMAIN = re.compile(r"([+?~-](?:a|mx))((?:/.*)?)")


def policies(zone: ServedZone, domain: Name) -> tuple[Spf, ...]:
    """Return the SPF policies that receivers find for a domain."""
    return spf_policies(zone.followed(domain, RdataType.TXT))


def spf_effects(sides: Sides, domain: Name) -> Iterator[Effect]:
    """Yield what becomes of mail from a domain when its SPF changes."""
    old, new = policies(sides.old, domain), policies(sides.new, domain)
    shown = for_people(domain)
    if len(new) > 1 and len(old) <= 1:
        yield _error(
            f"{shown} has {len(new)} SPF policies; receivers take that for a permanent error, and no mail from it "
            f"passes SPF{consequence(sides, domain)}.",
            breaks=True,
        )
    elif old and not new:
        yield _error(f"{_lost(old[0], shown, sides, domain)}.", breaks=True)
    elif new and not old:
        sentence = f"Receivers apply an SPF policy to mail from {shown}, which had none: {' '.join(new[0].terms)}."
        yield _warning(sentence)
    elif len(old) == 1 and (fault := new[0].fault()) and not old[0].fault():
        yield _error(
            f"SPF of {shown} {fault}: receivers take that for a permanent error, and no mail from it passes "
            f"SPF{consequence(sides, domain)}.",
            breaks=True,
        )
    elif len(old) == 1 and old != new:
        yield from _other_terms(sides, domain, old[0], new[0])


def _lost(old: Spf, shown: str, sides: Sides, domain: Name) -> str:
    senders = _senders(old.terms)
    by = f"; so far it allowed {senders}" if senders else ""
    if any(is_spf(rdata) for rrset in sides.new.sets(domain, RdataType.SPF) for rdata in rrset.rdatas):
        by = ": it stands in the type SPF alone, which receivers no longer read (RFC 7208)"
    elif any(is_spf(rdata) for rrset in sides.new.answer(domain, RdataType.TXT) for rdata in rrset.rdatas):
        by = ": 'v=spf1' is not followed by a blank, so receivers do not take the text for a policy"
    if not by and all(term == "-all" or term.startswith("exp=") for term in old.effective()):
        nobody = "which said that nobody sends for it: forged mail in its name is no longer refused by that"
        return f"Receivers find no SPF for {shown}, {nobody}"
    then = consequence(sides, domain)
    return f"Receivers find no SPF for {shown}, and mail from it no longer passes{by}{then}"


def _other_terms(sides: Sides, domain: Name, old: Spf, new: Spf) -> Iterator[Effect]:
    from migrator.mail.permitted import Permitted

    shown = for_people(domain)
    had, has = Counter(_deciding(old)), Counter(_deciding(new))
    before, after = Permitted(sides, sides.old, domain, old), Permitted(sides, sides.new, domain, new)
    left, added = _unlike(had, has, domain), _unlike(has, had, domain)
    lost = [
        term
        for term in left
        if not _is_all(term) and not after.covers(before.let_by(term)) and not _is_said_still(term, before, after)
    ]
    gained = [term for term in added if not _is_all(term) and not before.covers(after.let_by(term))]
    covering = [term for term in lost if term[0] != "-"]
    if covering:
        yield _error(
            f"SPF of {shown} no longer covers {_left_out(covering, before, after)}: mail sent from there fails "
            f"it{consequence(sides, domain)}."
        )
    if refused := after.refused(before.passing() - before.let_by(*covering)):
        networks = [str(network) for network in refused.networks()]
        yield _error(
            f"SPF of {shown} has a term that refuses {_listed(networks)} before the one that lets them send: mail "
            f"sent from there fails it{consequence(sides, domain)}."
        )
    if passing := [term for term in gained if term[0] not in "-~?"]:
        also = "lets" if not covering else "now lets"
        yield _warning(f"SPF of {shown} {also} {_listed(passing)} send for it as well.")
    if others := [term for term in gained if term[0] in "-~?"]:
        yield _warning(f"SPF of {shown} has {_listed(others)} as well: mail sent from there does not pass it.")
    if shut_out := [term for term in lost if term[0] == "-"]:
        yield _warning(f"SPF of {shown} no longer has {_listed(shut_out)}: mail sent from there may pass it.")
    if before.end() != after.end():
        yield _other_end(shown, before.end(), after.end())
    elif not lost and not gained and not refused:
        what = "lets the same servers send"
        if Counter(old.effective()) == Counter(new.effective()):
            what = "has the same terms in another order or spelling"
        elif before.passing() != after.passing():
            what = "names its servers by other terms"
        yield _warning(f"SPF of {shown} {what}.")


def _is_said_still(term: str, before: "Permitted", after: "Permitted") -> bool:
    """Tell whether all that a term says by `?` or `~` the new policy says as well, by whatever terms."""
    held = before.held_by(term) if term[0] in "?~" else None
    if held is None or not before.is_whole() or not after.is_whole():
        return False
    says = after.by_qualifier()
    return all(
        not held & found - says.get(qualifier, held - held) for qualifier, found in before.by_qualifier().items()
    )


def _unlike(terms: Counter[str], others: Counter[str], domain: Name) -> Counter[str]:
    """Return the terms that the others lack, be it with the own domain of `a` and `mx` written out."""
    known = {_written_out(term, domain) for term in others}
    return Counter(
        {term: times for term, times in (terms - others).items() if _written_out(term, domain) not in known}
    )


def _written_out(term: str, domain: Name) -> str:
    """Return a term about the policy's own domain with its name, any other without its last dot."""
    own = _OWN_DOMAIN.fullmatch(term)
    return term.rstrip(".") if own is None else f"{own[1]}:{text_of(domain).lower().rstrip('.')}{own[2]}"


def _left_out(terms: list[str], before: "Permitted", after: "Permitted") -> str:
    """Return the terms in words; of one that is covered in part, the addresses that are not."""
    shown = []
    for term in terms:
        had = before.let_by(term)
        left_out = after.left_out(had)
        some = [str(each).removesuffix(f"/{each.max_prefixlen}") for each in left_out.networks()]
        more = f" and {len(some) - _MOST_SHOWN} more" if len(some) > _MOST_SHOWN else ""
        part = f"{', '.join(some[:_MOST_SHOWN])}{more} of " if left_out != had else ""
        shown.append(part + _listed([term]))
    return ", ".join(shown)


def _deciding(policy: Spf) -> Iterator[str]:
    """Yield the terms that decide who may send: of modifiers that is `redirect=`, where there is no `all`."""
    terms = policy.effective()
    ends = any(_is_all(term) for term in terms)
    for term in terms:
        is_modifier = "=" in term.partition(":")[0]
        if not is_modifier or (term.startswith("redirect=") and not ends):
            yield term


def _other_end(shown: str, before: str, after: str) -> Effect:
    change = f"('{before}all' became '{after}all')"
    if after == "+":
        return _error(f"SPF of {shown} lets anybody send as {shown} {change}.", breaks=True)
    if strictness(after) < strictness(before):
        return _warning(f"SPF of {shown} is weaker against forged mail {change}.")
    return _warning(f"SPF of {shown} is stricter with servers it does not list {change}.")


def unread_effect(sides: Sides, domain: Name, rdtype: RdataType) -> Effect:
    """Return the effect of a difference in SPF records that makes no difference to receivers."""
    shown = for_people(domain)
    if rdtype == RdataType.SPF:
        sentence = f"The SPF of {shown} in the type SPF differs; receivers read the one in TXT alone (RFC 7208)."
    elif len(policies(sides.old, domain)) > 1:
        sentence = f"{shown} had several SPF policies before, of which receivers use none; they differ."
    else:
        sentence = f"SPF of {shown} is spelt otherwise; receivers read the same."
    return Effect(Role.SPF, Severity.WARNING, sentence)


def sending_services(zone: ServedZone, domain: Name) -> list[str]:
    """Return the services that a domain's SPF lets send."""
    found = [services.of_spf_domain(target) for spf in policies(zone, domain) for target in spf.domains()]
    return sorted({service for service in found if service})


def _senders(terms: tuple[str, ...]) -> str:
    """Return who may send, in a few words: services by name, the rest counted."""
    named, others = [], 0
    for term in terms:
        target = term_domain(term)
        service = None if target is None else services.of_spf_domain(target)
        if service and service not in named:
            named.append(service)
        elif not service and not _is_all(term):
            others += 1
    if others and named:
        named.append(f"{others} more")
    return ", ".join(named)


def _listed(terms: list[str]) -> str:
    shown = []
    for term in terms:
        text = term.removeprefix("+")
        target = term_domain(term)
        service = None if target is None else services.of_spf_domain(target)
        shown.append(f"{service} ({text})" if service else text)
    return ", ".join(shown)


def _is_all(term: str) -> bool:
    return term.lstrip("+?~-") == "all"


def _warning(sentence: str) -> Effect:
    return Effect(Role.SPF, Severity.WARNING, sentence)


def _error(sentence: str, *, breaks: bool = False) -> Effect:
    return Effect(Role.SPF, Severity.ERROR, sentence, breaks)
