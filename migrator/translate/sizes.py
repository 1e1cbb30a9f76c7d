"""How many records a set may have, and how many sets and records a zone. No IO here."""

from dns.rdatatype import RdataType

from migrator.model.rrset import RRsetKey
from migrator.translate import words
from migrator.translate.work import Work, counted


def set_sizes(work: Work) -> None:
    """Take out the sets that are too large: which of the records could be spared, nobody here can say."""
    for draft in work.all():
        limit, size = work.target.records_limit(draft.key.rdtype), len(draft.rrset.rdatas)
        if draft.key.rdtype == RdataType.CNAME:
            continue  # DNS itself allows one (RFC 2181 section 10.1): neighbours.py sees to it
        if limit is not None and size > limit.bound:
            message = f"The set has {counted(size, 'record')}; {work.there} takes {limit.bound}. It is left out."
            work.drop(draft, words.SET_TOO_LARGE, message)


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
