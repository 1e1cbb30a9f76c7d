"""All record sets of a hosted zone, page by page."""

from collections.abc import Mapping

from migrator.errors import ProviderError
from migrator.interfaces import Progress
from migrator.model.values import dataclass
from providers.route53.answers import Native
from providers.route53.service import Reply, Service

# The most that ListResourceRecordSets gives at once; without it a page has 100.
_RECORD_SETS_PER_PAGE = "300"
# From the fields of an answer that say where the next page begins to the parameters that ask for it.
_POSITION = {
    "NextRecordName": ("StartRecordName", "Name"),
    "NextRecordType": ("StartRecordType", "Type"),
    "NextRecordIdentifier": ("StartRecordIdentifier", "SetIdentifier"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """Every record set as JSON, and the octets of each page; `seamless`: each page began where it should."""

    record_sets: tuple[object, ...]
    pages: tuple[bytes, ...]
    seamless: bool


def list_record_sets(service: Service, identifier: str, expected: int | None, progress: Progress) -> Listing:
    """Return the record sets of a zone; the next page is named by owner, type and identifier together."""
    found: list[object] = []
    pages: list[bytes] = []
    seamless = True
    position: Native = {}
    asked: set[tuple[str, ...]] = set()
    while True:
        start = {
            parameter: str(position[field]) for field, (parameter, _) in _POSITION.items() if field in position
        }
        if tuple(start.values()) in asked:
            raise ProviderError(
                "Route 53: the service sends the same page again and again. Run the command again."
            )
        asked.add(tuple(start.values()))
        parameters = {"HostedZoneId": identifier, "MaxItems": _RECORD_SETS_PER_PAGE, **start}
        reply = service.ask("ListResourceRecordSets", parameters)
        record_sets = record_sets_of(reply)
        seamless = seamless and _begins_at(record_sets, position)
        found += record_sets
        pages.append(reply.body)
        progress("record sets", len(found), expected)
        if reply.native.get("IsTruncated") is not True:
            return Listing(tuple(found), tuple(pages), seamless)
        position = {field: reply.native[field] for field in _POSITION if field in reply.native}


def record_sets_of(reply: Reply) -> list[object]:
    """Return the record sets of one answer."""
    record_sets = reply.native.get("ResourceRecordSets")
    if not isinstance(record_sets, list):
        raise ProviderError("Route 53: the answer to route53:ListResourceRecordSets has no list in it.")
    return record_sets


def _begins_at(record_sets: list[object], position: Native) -> bool:
    """Tell whether a page begins with the record set that the page before announced."""
    if not position:
        return True
    first = record_sets[0] if record_sets else None
    if not isinstance(first, Mapping):
        return False
    return all(first.get(_POSITION[field][1]) == announced for field, announced in position.items())
