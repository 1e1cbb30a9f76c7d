"""The XML of a request that changes record sets: botocore's own serializer knows no field of tomorrow. No IO here.

What `answers.parse` made of an answer becomes the same XML again, so that a set can be deleted by exactly what was
read, as Route 53 asks.
"""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from providers.route53.native import ordered

_NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"
_ITEMS = {"ResourceRecords": "ResourceRecord"}
# XML turns a bare carriage return into a line feed.
_KEPT = {"\r": "&#13;"}


def change_batch(changes: Iterable[tuple[str, Mapping[str, object]]]) -> bytes:
    """Return the body of ChangeResourceRecordSets for these actions and record sets."""
    inner = "".join(
        f"<Change><Action>{action}</Action>{element('ResourceRecordSet', ordered(native))}</Change>"
        for action, native in changes
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ChangeResourceRecordSetsRequest xmlns="{_NAMESPACE}"><ChangeBatch><Changes>{inner}</Changes>'
        "</ChangeBatch></ChangeResourceRecordSetsRequest>"
    ).encode()


def element(tag: str, found: object) -> str:
    """Return a JSON value as an element."""
    match found:
        case Mapping():
            attributes = "".join(f" {name[1:]}={quoteattr(str(found[name]))}" for name in found if name[0] == "@")
            return f"<{tag}{attributes}>{''.join(_children(found))}</{tag}>"
        case bool():
            return f"<{tag}>{str(found).lower()}</{tag}>"
        case _:
            return f"<{tag}>{escape(str(found), _KEPT)}</{tag}>"


def _children(found: Mapping[str, object]) -> Iterator[str]:
    for tag, inner in found.items():
        if tag == "#text":
            yield escape(str(inner), _KEPT)
        elif tag in _ITEMS and isinstance(inner, list):
            yield f"<{tag}>{''.join(element(_ITEMS[tag], item) for item in inner)}</{tag}>"
        elif isinstance(inner, list):  # an element that stands several times
            yield from (element(tag, item) for item in inner)
        elif tag[0] != "@":
            yield element(tag, inner)
