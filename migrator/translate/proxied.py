"""Records whose rdata the provider hides and answers its own addresses for, and CNAMEs it flattens. No IO here.

    www  A  198.51.100.7  ; proxied   ->   www  300  A  198.51.100.7    everybody sees it: origin-exposed
    go   A  192.0.2.1     ; proxied   ->   nothing: the proxy itself serves the name

The second has no origin. The proxy's redirects and programs need some address to hang on, and its vendor tells
people to take 192.0.2.1 or 100:: for it (https://developers.cloudflare.com/workers/configuration/routing/routes/,
2026-11-20). Copied, it would lead visitors nowhere. So would a CNAME to a tunnel of the proxy, whose name serves
records of its own account alone (https://developers.cloudflare.com/tunnel/routing/, 2026-11-22).

Where one address of a name is proxied, the proxy answers for all of them, A and AAAA, whatever the others say
(https://developers.cloudflare.com/dns/proxy-status/, "Mix proxied and unproxied", 2026-11-22).
"""

from ipaddress import IPv6Network, ip_address

from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from migrator.codec.rdata import to_text
from migrator.meaning.served import ADDRESS_TYPES, PROXIED_TYPES
from migrator.model.extras import Flattened, ForRecord, Proxied, plain
from migrator.model.names import absolute, is_within
from migrator.model.rrset import RRset
from migrator.translate import words
from migrator.translate.work import Draft, Work, with_rdatas, without

_PLACEHOLDERS = frozenset(map(ip_address, ("192.0.2.0", "192.0.2.1")))
_TUNNELS = absolute("cfargotunnel.com")
_DISCARD = IPv6Network("100::/64")
_SHOWN = 3


def expose(work: Work) -> None:
    """Make ordinary records of proxied ones, and leave out those that have no origin."""
    hidden = {draft.key.folded for draft in work.all() if _is_address(draft) and _origins(draft.rrset)}
    for draft in work.all():
        if draft.key.rdtype not in PROXIED_TYPES and _origins(draft.rrset):
            message = "Only addresses and CNAMEs can be proxied; that it is, is left out."
            work.change(draft, without(draft.rrset, Proxied), words.PROXY_UNMEANT, message)
            continue
        held = Proxied in work.target.extras and (Proxied in work.target.record_extras or not _is_mixed(draft))
        if held:
            continue
        behind = _is_address(draft) and draft.key.folded in hidden
        origins = draft.rrset.rdatas if behind else _origins(draft.rrset)
        placeholders = tuple(rdata for rdata in origins if _is_placeholder(rdata))
        exposed = tuple(rdata for rdata in origins if rdata not in placeholders)
        if not origins:
            continue
        kept = tuple(rdata for rdata in draft.rrset.rdatas if rdata not in placeholders)
        if placeholders and not kept:
            work.drop(draft, words.PLACEHOLDER, _nowhere(placeholders))
            continue
        if placeholders:
            work.lose(draft, words.PLACEHOLDER, _nowhere(placeholders))
        if exposed:
            work.lose(draft, words.ORIGIN_EXPOSED, _shown(work, exposed))
        work.swap(draft, without(with_rdatas(draft.rrset, kept), Proxied))


def unexposed(work: Work) -> None:
    """Take back that an origin comes to light where another rule left the set out."""
    standing = {key for draft in work.drafts.values() for key in draft.sources}
    for loss in tuple(work.losses):
        if loss.what == words.ORIGIN_EXPOSED.what and loss.key not in standing:
            work.losses.remove(loss)
            work.reasons[loss.key].remove(loss.message)


def unflatten(work: Work) -> None:
    """Answer a CNAME as such, where the target does not flatten it."""
    for draft in work.all():
        flattened = [extra for extra in map(plain, draft.rrset.extras) if isinstance(extra, Flattened)]
        # It cannot be set beside a proxy (cloudflare 5.9.0, types/dns/cname_record_param.py, 2026-11-22).
        held = Flattened in work.target.extras and not _origins(draft.rrset)
        if held or draft.key.rdtype != RdataType.CNAME or not any(extra.enabled for extra in flattened):
            continue
        rrset = without(draft.rrset, Flattened)
        if _origins(rrset) or work.is_apex(rrset.owner):
            which = "that it proxies" if _origins(rrset) else "at the apex"
            message = f"{work.there} flattens every CNAME {which}."
            work.change(draft, rrset, words.FLATTENED_ANYWAY, message)
        else:
            message = f"The source answered the addresses of the target; {work.there} answers the CNAME."
            work.change(draft, rrset, words.FLATTENING_LOST, message)


def _is_address(draft: Draft) -> bool:
    return draft.key.rdtype in ADDRESS_TYPES


def _is_mixed(draft: Draft) -> bool:
    return any(isinstance(e, ForRecord) and isinstance(e.extra, Proxied) for e in draft.rrset.extras)


def _origins(rrset: RRset) -> tuple[Rdata, ...]:
    """Return the rdatas that are proxied."""
    if any(isinstance(extra, Proxied) and extra.enabled for extra in rrset.extras):
        return rrset.rdatas
    texts = {
        extra.rdata
        for extra in rrset.extras
        if isinstance(extra, ForRecord) and isinstance(extra.extra, Proxied) and extra.extra.enabled
    }
    return tuple(rdata for rdata in rrset.rdatas if rdata.to_text() in texts)


def _is_placeholder(rdata: Rdata) -> bool:
    if isinstance(rdata, CNAME):
        return is_within(rdata.target, _TUNNELS)
    if not isinstance(rdata, A | AAAA):
        return False
    address = ip_address(rdata.address)
    return address in _PLACEHOLDERS or address in _DISCARD


def _nowhere(placeholders: tuple[Rdata, ...]) -> str:
    shown = ", ".join(map(to_text, placeholders))
    return f"{shown} leads nowhere: the source's proxy itself serves the name. It is left out."


def _shown(work: Work, exposed: tuple[Rdata, ...]) -> str:
    shown = ", ".join(map(to_text, exposed[:_SHOWN]))
    if len(exposed) > _SHOWN:
        shown += f" and {len(exposed) - _SHOWN} more"
    return f"The proxy hid {shown}; {work.there} answers it to everybody, without the proxy's protection."
