"""Rdata that is too long for the target, and texts that fit once they are cut elsewhere. No IO here.

A TXT record is a row of strings of at most 255 octets each, and programs join them before they read (RFC 7208
section 3.3). Each string costs the text form two quotes and a blank, so a text cut into many small strings may be
too long where the same text in few strings is not.
"""

from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdtypes.ANY.SPF import SPF
from dns.rdtypes.ANY.TXT import TXT

from migrator.codec.rdata import to_text
from migrator.meaning.roles import TEXT_TYPES, octets
from migrator.model.capabilities import Capabilities
from migrator.model.rrset import canonical_wire, make
from migrator.translate import words
from migrator.translate.work import Draft, Work, counted, type_text

_LONGEST_STRING = 255
# The octets of a character of UTF-8 after its first (RFC 3629 section 3).
_CONTINUES, _CONTINUATION = 0xC0, 0x80


def lengths(work: Work) -> None:
    """Cut texts anew where that helps, and take out the records that are too long."""
    for draft in work.all():
        if draft.rrset.rdtype in TEXT_TYPES:
            _text(work, draft)
        else:
            _value(work, draft)


def _text(work: Work, draft: Draft) -> None:
    draft = _recut(work, draft)
    target = work.target
    for acceptable, word, why in (
        (_is_held_text, words.BINARY_TEXT, "octets that are no UTF-8"),
        (_fits, words.TEXT_TOO_LONG, "more octets than one record takes"),
    ):
        kept = tuple(rdata for rdata in draft.rrset.rdatas if acceptable(target, rdata))
        if len(kept) < len(draft.rrset.rdatas):
            count = counted(len(draft.rrset.rdatas) - len(kept), "text")
            work.keep_rdatas(draft, kept, word, f"{count} with {why} at {work.there}; left out.")
        if not kept:
            return
        draft = work.drafts[draft.key]
    total, limit = sum(len(octets(rdata)) for rdata in draft.rrset.rdatas), target.text_in_rrset
    if limit is not None and total > limit.bound:
        message = f"The texts have {total} octets together; {work.there} takes {limit.bound} in a set. Left out."
        work.drop(draft, words.TEXT_TOO_LONG, message)


def _recut(work: Work, draft: Draft) -> Draft:
    """Cut the texts anew that are refused as they are, and would not be."""
    rrset, target = draft.rrset, work.target
    cut = tuple(
        _cut(rdata) if not _is_taken(target, rdata) and _is_taken(target, _cut(rdata)) else rdata
        for rdata in rrset.rdatas
    )
    if cut == rrset.rdatas:
        return draft
    message = f"{work.there} would refuse a text as it is cut into strings; it is cut after 255 octets."
    return work.change(draft, make(rrset.key, rrset.ttl, cut, rrset.extras), words.TEXT_RECHUNKED, message)


def _value(work: Work, draft: Draft) -> None:
    rrset = draft.rrset
    kept = tuple(rdata for rdata in rrset.rdatas if _is_short(work.target, rdata))
    if len(kept) < len(rrset.rdatas):
        count = counted(len(rrset.rdatas) - len(kept), f"{type_text(rrset.key)} record")
        work.keep_rdatas(draft, kept, words.VALUE_TOO_LONG, f"{count} longer than {work.there} takes; left out.")


def _is_taken(target: Capabilities, rdata: Rdata) -> bool:
    return _is_held_text(target, rdata) and _fits(target, rdata) and _has_held_strings(target, rdata)


def _is_held_text(target: Capabilities, rdata: Rdata) -> bool:
    return target.binary_text.holds or all(_is_utf8(string) for string in getattr(rdata, "strings", ()))


def _has_held_strings(target: Capabilities, rdata: Rdata) -> bool:
    """Tell whether no string is empty, where a text must not be: it adds nothing to what programs read."""
    return target.empty_text.holds or all(getattr(rdata, "strings", ()))


def _fits(target: Capabilities, rdata: Rdata) -> bool:
    limit = target.text_in_record
    return _is_short(target, rdata) and (limit is None or len(octets(rdata)) <= limit.bound)


def _is_short(target: Capabilities, rdata: Rdata) -> bool:
    limit, wire = target.value_length, target.wire_in_record
    if wire is not None and len(canonical_wire(rdata)) > wire.bound:
        return False
    if limit is None:
        return True
    strings = getattr(rdata, "strings", ())
    # At most four characters an octet, two quotes and a blank: nearly every text is short by that alone.
    if strings and sum(4 * len(string) + 3 for string in strings) <= limit.bound:
        return True
    return len(to_text(rdata)) <= limit.bound


def _is_utf8(string: bytes) -> bool:
    try:
        string.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cut(rdata: Rdata) -> Rdata:
    """Return the text in strings of up to 255 octets, cut between the characters where it has any."""
    text = octets(rdata)
    strings: list[bytes] = []
    whole = _is_utf8(text)
    while text or not strings:
        end = min(len(text), _LONGEST_STRING)
        while whole and end < len(text) and text[end] & _CONTINUES == _CONTINUATION:
            end -= 1
        strings.append(text[:end])
        text = text[end:]
    made = SPF if isinstance(rdata, SPF) else TXT
    return made(RdataClass.IN, rdata.rdtype, tuple(strings))
