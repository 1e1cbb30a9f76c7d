"""What happens to the mail that goes out: SPF says who may send for a domain. No IO here."""

from collections import Counter
from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator import services
from migrator.mail.dmarc import consequence
from migrator.mail.policies import Spf, spf_policies, strictness, term_domain
from migrator.mail.spf.addresses import Addresses, of_network, union
from migrator.mail.spf.record import Fault, read_record
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.roles import Effect, Role, is_spf
from migrator.served import ServedZone, Sides


def policies(zone: ServedZone, domain: Name) -> tuple[Spf, ...]:
    """Return the SPF policies that receivers find for a domain."""
    return spf_policies(zone.answer(domain, RdataType.TXT))


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
        yield _error(f"{_lost(old[0], shown, sides, domain)}{consequence(sides, domain)}.", breaks=True)
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
    return f"Receivers find no SPF for {shown}, and mail from it no longer passes{by}"


def _other_terms(sides: Sides, domain: Name, old: Spf, new: Spf) -> Iterator[Effect]:
    shown = for_people(domain)
    had, has = Counter(_deciding(old)), Counter(_deciding(new))
    lost = [term for term in had - has if not _is_all(term) and not _is_covered(term, new)]
    gained = [term for term in has - had if not _is_all(term) and not _is_covered(term, old)]
    covering = [term for term in lost if term[0] != "-"]
    if covering:
        yield _error(
            f"SPF of {shown} no longer covers {_listed(covering)}: mail sent from there fails "
            f"it{consequence(sides, domain)}."
        )
    if passing := [term for term in gained if term[0] not in "-~?"]:
        also = "lets" if not covering else "now lets"
        yield _warning(f"SPF of {shown} {also} {_listed(passing)} send for it as well.")
    if others := [term for term in gained if term[0] in "-~?"]:
        yield _warning(f"SPF of {shown} has {_listed(others)} as well: mail sent from there does not pass it.")
    if shut_out := [term for term in lost if term[0] == "-"]:
        yield _warning(f"SPF of {shown} no longer has {_listed(shut_out)}: mail sent from there may pass it.")
    before, after = old.all_qualifier(), new.all_qualifier()
    if before != after:
        yield _other_end(shown, before, after)
    elif not lost and not gained:
        is_alike = Counter(old.effective()) == Counter(new.effective())
        what = "has the same terms in another order or spelling" if is_alike else "lets the same servers send"
        yield _warning(f"SPF of {shown} {what}.")


def _deciding(policy: Spf) -> Iterator[str]:
    """Yield the terms that decide who may send: of modifiers that is `redirect=`, where there is no `all`."""
    terms = policy.effective()
    ends = any(_is_all(term) for term in terms)
    for term in terms:
        is_modifier = "=" in term.partition(":")[0]
        if not is_modifier or (term.startswith("redirect=") and not ends):
            yield term


def _is_covered(term: str, policy: Spf) -> bool:
    """Tell whether networks that a policy names let all addresses of a term pass, however they are divided."""
    wanted, _ = _networks((term,))
    passing, others = _networks(policy.effective())
    return bool(wanted) and not wanted - passing and not wanted & others


def _networks(terms: Iterable[str]) -> tuple[Addresses, Addresses]:
    """Return the addresses that `ip4` and `ip6` terms let pass, and those of which they say anything else."""
    record = read_record(" ".join(("v=spf1", *terms)))
    directives = () if isinstance(record, Fault) else record.directives
    named = [(each.qualifier == "+", of_network(each.network)) for each in directives if each.network]
    return (
        union(network for passes, network in named if passes),
        union(network for passes, network in named if not passes),
    )


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
