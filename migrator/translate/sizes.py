"""How many records and characters a set may have, and how many sets and records a zone. No IO here."""

from dns.rdatatype import RdataType

from migrator.codec.rdata import to_text
from migrator.meaning.roles import TEXT_TYPES
from migrator.model.rrset import RRset, RRsetKey
from migrator.translate import words
from migrator.translate.work import Draft, Work, counted


def set_sizes(work: Work) -> None:
    """Take out the sets that are too large: which of the records could be spared, nobody here can say."""
    for draft in work.all():
        limit, size = work.target.records_limit(draft.key.rdtype), len(draft.rrset.rdatas)
        if draft.key.rdtype == RdataType.CNAME:
            continue  # DNS itself allows one (RFC 2181 section 10.1): neighbours.py sees to it
        if limit is not None and size > limit.bound:
            message = f"The set has {counted(size, 'record')}; {work.there} takes {limit.bound}. It is left out."
            work.drop(draft, words.SET_TOO_LARGE, message)
        else:
            _characters(work, draft)


def _characters(work: Work, draft: Draft) -> None:
    """Take out a set whose records are too long together."""
    limit, rdatas = work.target.characters_in.get(draft.key.rdtype), draft.rrset.rdatas
    longest = work.target.value_length
    if limit is None or (longest is not None and len(rdatas) * longest.bound <= limit.bound):
        return  # nearly every set
    total = characters(draft.rrset)
    if total > limit.bound:
        word = words.TEXT_TOO_LONG if draft.key.rdtype in TEXT_TYPES else words.SET_TOO_LARGE
        message = (
            f"The records of the set have {total:,} characters together, quotes and escapes included; "
            f"{work.there} takes {limit.bound:,}. It is left out."
        )
        work.drop(draft, word, message)


def characters(rrset: RRset) -> int:
    """Return the characters of all records of a set in presentation form."""
    return sum(len(to_text(rdata)) for rdata in rrset.rdatas)


def zone_size(work: Work) -> None:
    """Say that the zone is larger than the target takes, without taking anything out."""
    own = {RdataType.SOA, RdataType.NS}
    sets = [d.rrset for d in work.drafts.values() if d.key.rdtype not in own or not work.is_apex(d.rrset.owner)]
    records = sum(len(rrset.rdatas) or 1 for rrset in sets)
    key = RRsetKey(work.origin, RdataType.SOA)
    for found, limit, noun in (
        (len(work.drafts), work.target.rrsets_in_zone, "RRset"),
        (records, work.target.records_in_zone, "record"),
    ):
        if limit is not None and found > limit.bound:
            message = f"The zone has {counted(found, noun)}; {work.there} takes {limit.bound}."
            work.lose_at(key, words.ZONE_TOO_LARGE, message)
