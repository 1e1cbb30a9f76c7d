"""What an SPF policy leans on within its zone: other policies, hosts, mail servers. No IO here.

    @     TXT "v=spf1 include:_spf.example.org -all"
    _spf  TXT "v=spf1 a:out.example.org mx:lists.example.org -all"
    out   A   192.0.2.1        ; differs: mail from it fails the SPF of the apex, whose own text stays

Receivers take over what an included policy says, and what that one includes, however deep it goes.
"""

from collections.abc import Iterator
from ipaddress import ip_address
from itertools import product
from typing import TYPE_CHECKING

from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from migrator.mail.dmarc import consequence
from migrator.mail.exchanges import addresses, exchanges, unknown_exchanges
from migrator.mail.existing import existing_effects
from migrator.mail.leanings import Leaning, leanings
from migrator.mail.policies import Spf, strictness, term_host, term_mail_domain
from migrator.mail.senders import policies
from migrator.meaning.roles import Effect, Role
from migrator.meaning.served import ADDRESS_TYPES, Reach, ServedZone, Sides
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people, text_of

if TYPE_CHECKING:
    from migrator.mail.spf.addresses import Addresses

_MOST_SHOWN = 3


def dependency_effects(sides: Sides, domain: Name) -> Iterator[Effect]:
    """Yield what becomes of the SPF terms of a domain that stay, when what they lead to changes in the zone."""
    found: dict[Effect, None] = {}
    for leaning in leanings(sides, domain):
        match leaning.rdtype:
            case RdataType.TXT:
                found |= dict.fromkeys(_other_policy(sides, domain, leaning.target))
            case _ if leaning.of_existence:
                found |= dict.fromkeys(existing_effects(sides, domain, leaning))
            case _ if leaning.qualifier != "+":
                found |= dict.fromkeys(_held_otherwise(sides, domain, leaning))
            case RdataType.MX:
                found |= dict.fromkeys(_other_exchanges(sides, domain, leaning))
            case _:
                found |= dict.fromkeys(_other_addresses(sides, domain, leaning))
    yield from found
    yield from refusal_effects(sides, domain)


def refusing_effects(sides: Sides, domain: Name) -> Iterator[Effect]:
    """Yield what becomes of terms that stay and let nobody pass (`-a:host`), when they hold other addresses."""
    for leaning in leanings(sides, domain):
        if leaning.qualifier != "+" and leaning.rdtype != RdataType.TXT and not leaning.of_existence:
            yield from _held_otherwise(sides, domain, leaning)


def existence_effects(sides: Sides, domain: Name) -> Iterator[Effect]:
    """Yield what becomes of terms that stay and ask whether a name exists."""
    for leaning in leanings(sides, domain):
        if leaning.of_existence:
            yield from existing_effects(sides, domain, leaning)


def refusal_effects(sides: Sides, domain: Name) -> Iterator[Effect]:
    """Yield whom the terms of a policy that stays keep from passing by a later one, now that they hold more.

    @     TXT "v=spf1 ?a:web.example.org mx ~all"
    web   A   192.0.2.25       ; is new: mail from it passed, being the address of the mail server too
    """
    refusing = [each for each in _leaned_on(sides, domain) if _may_refuse(sides, each)]
    if not refusing or not _is_single(sides, domain):
        return
    from migrator.mail.permitted import Permitted

    def permitted(zone: ServedZone, name: Name) -> Permitted:
        return Permitted(sides, zone, name, policies(zone, name)[0])

    lost = permitted(sides.old, domain).passing() - permitted(sides.new, domain).passing()
    for each in refusing:
        refused = permitted(sides.new, each).refused(permitted(sides.old, each).passing()) & lost
        if refused:
            includes = "" if each is domain else f"includes {for_people(each)}, which "
            yield _error(
                f"SPF of {for_people(domain)} {includes}has a term that refuses {_some(refused)} before the one "
                f"that lets them send: mail sent from there fails it{consequence(sides, domain)}."
            )


def _held_otherwise(sides: Sides, domain: Name, leaning: Leaning) -> Iterator[Effect]:
    """Yield of whom a policy says something else, now that a term that lets nobody pass holds others.

    @     TXT "v=spf1 ?a:out.example.org -all"
    out   A   192.0.2.25       ; is gone: mail from it was neutral, and fails now

    Whom `-` no longer refuses can only gain. Who passed before is told by `refusal_effects`.
    """
    from migrator.mail.permitted import Permitted

    def permitted(zone: ServedZone, name: Name) -> Permitted:
        return Permitted(sides, zone, name, policies(zone, name)[0])

    zones = sides.old, sides.new
    had, has = (permitted(zone, leaning.policy).held_by(leaning.term) for zone in zones)
    if had is None or has is None:
        yield from _may_hold_otherwise(sides, domain, leaning)
        return
    if had == has:
        return
    former, latter = (permitted(zone, domain) for zone in zones)
    said, says = former.by_qualifier(), latter.by_qualifier()
    verb = "says" if former.is_whole() and latter.is_whole() else "may say"
    for before, after in product(said, says):
        is_stricter = strictness(after) > strictness(before)
        so_far = f"and said '{_RESULTS[before]}' so far: {_shown(domain, leaning)}"
        told = f"SPF of {for_people(domain)} {verb} '{_RESULTS[after]}' of mail from"
        left, joined = (moved & said[before] & says[after] for moved in (had - has, has - had))
        if left and before != after:
            sentence = f"{told} {_some(left)}, {so_far} no longer holds it."
            yield _error(sentence) if is_stricter else _warning(sentence)
        if joined and is_stricter and before != "+":
            yield _warning(f"{told} {_some(joined)}, {so_far} holds it now.")


_RESULTS = {"+": "pass", "?": "neutral", "~": "softfail", "-": "fail"}


def _may_hold_otherwise(sides: Sides, domain: Name, leaning: Leaning) -> Iterator[Effect]:
    """Yield the same where the zone does not say whom the term holds on either side."""
    host, of = leaning.target, _senders if leaning.rdtype == RdataType.MX else _answered
    was_elsewhere = sides.old.reach(host) is Reach.ELSEWHERE and sides.new.reach(host) is Reach.NO
    if was_elsewhere or of(sides.old, host) - of(sides.new, host):
        sentence = f"SPF of {for_people(domain)} leans on {_shown(domain, leaning)}, which leads elsewhere"
        if leaning.qualifier == "-":
            yield _warning(f"{sentence}: mail from an address that is left out is no longer refused by that.")
        else:
            yield _error(f"{sentence}: mail from an address that is left out may fail it.")


def _shown(domain: Name, leaning: Leaning) -> str:
    """Return a term as people read it, with the included domain that has it."""
    where = "" if folded(leaning.policy) == folded(domain) else f" of {for_people(leaning.policy)}"
    return f"{leaning.term.removeprefix('+')}{where}"


def _some(found: "Addresses") -> str:
    """Return addresses in words, three at most."""
    networks = [str(network).removesuffix(f"/{network.max_prefixlen}") for network in found.networks()]
    more = len(networks) - _MOST_SHOWN
    return ", ".join(networks[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _leaned_on(sides: Sides, domain: Name) -> Iterator[Name]:
    """Yield a domain, and the domains of the zone whose policies it takes over, however deep."""
    yield domain
    found = {folded(each.target): each.target for each in leanings(sides, domain) if each.rdtype == RdataType.TXT}
    yield from (target for labels, target in found.items() if labels != folded(domain))


def _may_refuse(sides: Sides, domain: Name) -> bool:
    """Tell whether a policy stays, and has a term that lets nobody pass and leads to a name."""
    if not _is_single(sides, domain) or policies(sides.old, domain) != policies(sides.new, domain):
        return False  # where it differs its own terms are told
    refusing = [term for term in policies(sides.new, domain)[0].effective() if term[0] in "?~-"]
    return any(not term[1:].startswith(("all", "ip4:", "ip6:")) for term in refusing)


def _is_single(sides: Sides, domain: Name) -> bool:
    return len(policies(sides.old, domain)) == len(policies(sides.new, domain)) == 1


def unknown_dependencies(sides: Sides, domain: Name) -> Iterator[Name]:
    """Yield the names that the SPF of a domain leads to whose answers are not known on the new side."""
    if not sides.unchecked:
        return
    for leaning in leanings(sides, domain):
        is_host = leaning.rdtype == RdataType.A and not leaning.of_existence
        asked = ADDRESS_TYPES if is_host else (leaning.rdtype,)
        if not sides.is_known_behind(leaning.target, *asked):
            yield leaning.target
        elif leaning.rdtype == RdataType.MX:
            yield from unknown_exchanges(sides, leaning.target)


def _other_addresses(sides: Sides, domain: Name, leaning: Leaning) -> Iterator[Effect]:
    host = leaning.target
    was_elsewhere = sides.old.reach(host) is Reach.ELSEWHERE and sides.new.reach(host) is Reach.NO
    had = frozenset() if sides.old.is_proxied(host) else addresses(sides.old, host)  # no mail comes from a proxy
    gone = had - _answered(sides.new, host)
    if was_elsewhere or (gone and not _are_let_by_others(sides, domain, gone, leaning)):
        yield _error(
            f"SPF of {for_people(domain)} allows the addresses of {for_people(host)}, which differ; mail "
            "from an address that is left out fails it."
        )


def _answered(zone: ServedZone, host: Name) -> frozenset[bytes]:
    """Return the addresses of a host as it sends mail; behind a proxy, nobody is told them."""
    return _PROXIED if zone.is_proxied(host) else addresses(zone, host)


_PROXIED = frozenset({b"(proxied)"})


def _other_exchanges(sides: Sides, domain: Name, leaning: Leaning) -> Iterator[Effect]:
    mail_domain = leaning.target
    gone = _senders(sides.old, mail_domain) - _senders(sides.new, mail_domain)
    if gone and not _are_let_by_others(sides, domain, gone, leaning):
        yield _error(
            f"SPF of {for_people(domain)} allows the mail servers of {for_people(mail_domain)}, which differ; "
            "mail from one that is left out fails it."
        )


def proxied_sender_effect(zone: ServedZone, domain: Name, host: Name) -> Effect | None:
    """Return what becomes of mail from a host that SPF names and a proxy answers for; None if others let it."""
    own = policies(zone, domain)
    sending = addresses(zone, host)
    if len(own) != 1 or (sending and sending <= _let_by_hosts(zone, domain, own[0])):
        return None
    from migrator.mail.permitted import Permitted
    from migrator.mail.spf.addresses import single, union

    found = [rdata for rdtype in ADDRESS_TYPES for rrset in zone.followed(host, rdtype) for rdata in rrset.rdatas]
    hosts = union(single(ip_address(rdata.address)) for rdata in found if isinstance(rdata, A | AAAA))
    if Permitted(Sides(zone, zone), zone, domain, own[0]).covers(hosts):
        return None
    return _error(
        f"SPF of {for_people(domain)} allows {for_people(host)}, which is behind a proxy: receivers find the "
        f"addresses of the proxy, and mail from its own fails it{consequence(Sides(zone, zone), domain)}."
    )


def _are_let_by_others(sides: Sides, domain: Name, gone: frozenset[bytes], leaning: Leaning) -> bool:
    """Tell whether the new policy lets all of a term's old addresses pass, by whatever terms; `gone` are some."""
    old, new = policies(sides.old, domain), policies(sides.new, domain)
    if len(old) != 1 or len(new) != 1:
        return False
    terms = new[0].effective()
    by_hosts = not leaning.prefix and gone <= _let_by_hosts(sides.new, domain, new[0])
    if not leaning.prefix and not any(each.lstrip("+?~-").startswith(_OF_NETWORKS) for each in terms):
        return by_hosts
    if by_hosts and not any(each[0] in "?~-" and each[1:] != "all" for each in terms):
        return True
    from migrator.mail.permitted import Permitted

    before, after = Permitted(sides, sides.old, domain, old[0]), Permitted(sides, sides.new, domain, new[0])
    kind = "mx" if leaning.rdtype == RdataType.MX else "a"
    return after.covers(before.let_by(f"{kind}:{text_of(leaning.target)}{leaning.prefix}"))


# Only what these may let pass takes more than a look at hosts.
_OF_NETWORKS = ("ip4:", "ip6:", "include:", "redirect=")


def _let_by_hosts(zone: ServedZone, domain: Name, policy: Spf) -> frozenset[bytes]:
    """Return the addresses of the hosts that a policy lets pass; none where it refuses any."""
    found: set[bytes] = set()
    for term in policy.effective():
        host, mail_domain = term_host(term, domain), term_mail_domain(term, domain)
        if (host or mail_domain) and term[0] in "?~-":
            return frozenset()
        found |= _answered(zone, host) if host else _senders(zone, mail_domain) if mail_domain else set()
    return frozenset(found)


def _senders(zone: ServedZone, mail_domain: Name) -> frozenset[bytes]:
    """Return the addresses of the mail servers of a domain; of those in other zones, their names."""
    found: set[bytes] = set()
    for host in exchanges(zone, mail_domain):
        found |= addresses(zone, host) if zone.within(host) else {b".".join(folded(host))}
    return frozenset(found)


def _other_policy(sides: Sides, domain: Name, target: Name) -> Iterator[Effect]:
    had, has = _included(sides.old, target), _included(sides.new, target)
    if had in (has, ()):
        return
    what = f"SPF of {for_people(domain)} includes {for_people(target)}, which"
    if isinstance(has, Name):
        yield _error(f"{what} is found at {for_people(has)} now.")
    elif len(has) != 1:
        yield _error(
            f"{what} has no single SPF policy any more; receivers take that for a permanent error"
            f"{consequence(sides, domain)}.",
            breaks=True,
        )
    else:
        yield _error(f"{what} says something else now.")


def _included(zone: ServedZone, target: Name) -> tuple[Spf, ...] | Name:
    """Return the policies of an included domain, or the name of which another zone decides."""
    left_to = zone.left_to(target, RdataType.TXT)
    return policies(zone, target) if left_to is None else left_to.canonicalize()


def _warning(sentence: str) -> Effect:
    return Effect(Role.SPF, Severity.WARNING, sentence)


def _error(sentence: str, *, breaks: bool = False) -> Effect:
    return Effect(Role.SPF, Severity.ERROR, sentence, breaks)
