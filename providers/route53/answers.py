"""The XML of Route 53 as plain JSON values, nothing left out. No IO here.

The names and types are those that botocore gives for the fields it knows. botocore drops the elements that it
does not know; here they stay, so that a field of tomorrow reaches the backup.
"""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

_LISTS = frozenset({"HostedZones", "NameServers", "ResourceRecords", "ResourceRecordSets", "VPCs"})
_INTEGERS = frozenset({"Bias", "ResourceRecordSetCount", "TTL", "Weight"})
_BOOLEANS = frozenset({"EvaluateTargetHealth", "IsTruncated", "MultiValueAnswer", "PrivateZone"})
_DEEPEST = 50

Native = Mapping[str, object]


class NotRoute53Error(ValueError):
    """The body is not what Route 53 answers to this operation."""


def parse(body: bytes, operation: str) -> Native:
    """Return the answer to an operation as JSON values; raises NotRoute53Error for anything else."""
    root = _root(body)
    if _tag(root) != f"{operation}Response":
        raise NotRoute53Error(f"<{_tag(root)}> where <{operation}Response> was expected")
    found = _json(root, 0)
    return found if isinstance(found, Mapping) else {}


def error_code(body: bytes) -> str:
    """Return the code of an error body in either documented form, or an empty text.

    `<ErrorResponse><Error><Code>` is the usual form; `<InvalidChangeBatch><Messages>` is its own code, and
    botocore gives an empty one for it.
    """
    try:
        root = _root(body)
    except NotRoute53Error:
        return ""
    for element in root.iter():
        if _tag(element) == "Code":
            return element.text or ""
    # A gateway's HTML page is no code.
    return "" if _tag(root).lower() in {"html", "errorresponse"} else _tag(root)


def error_messages(body: bytes) -> tuple[str, ...]:
    """Return the messages of an error body; the usual form has one text, the other one for each defect."""
    try:
        root = _root(body)
    except NotRoute53Error:
        return ()
    found = ((element.text or "").strip() for element in root.iter() if _tag(element) in {"Message", "message"})
    return tuple(filter(None, found))


def _root(body: bytes) -> ET.Element:
    try:
        return ET.fromstring(body)  # noqa: S314 - botocore has parsed the same answer the same way just before
    except (ET.ParseError, ValueError) as exc:
        raise NotRoute53Error(f"no XML: {exc}") from exc


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _json(element: ET.Element, depth: int) -> object:
    if depth > _DEEPEST:
        raise NotRoute53Error("elements nested too deep")
    tag = _tag(element)
    children = list(element)
    if tag in _LISTS:
        return [_item(tag, child, depth + 1) for child in children]
    if children or element.attrib:
        return _mapping(element, depth)
    return _scalar(tag, element.text or "")


def _item(list_tag: str, child: ET.Element, depth: int) -> object:
    """Return an item of a list; one whose name is not the list's singular keeps its name."""
    found = _json(child, depth)
    return found if f"{_tag(child)}s" == list_tag else {_tag(child): found}


def _mapping(element: ET.Element, depth: int) -> dict[str, object]:
    found: dict[str, object] = {f"@{name}": text for name, text in element.attrib.items()}
    if element.text and element.text.strip():
        found["#text"] = element.text
    repeated: dict[str, list[object]] = {}
    for child in element:
        repeated.setdefault(_tag(child), []).append(_json(child, depth + 1))
    for tag, values in repeated.items():
        found[tag] = values[0] if len(values) == 1 else values
    return found


def _scalar(tag: str, text: str) -> object:
    if tag in _INTEGERS and text.removeprefix("-").isdecimal() and len(text) < 20:  # noqa: PLR2004 - 64 bits
        return int(text)
    if tag in _BOOLEANS and text in {"true", "false"}:
        return text == "true"
    return text
