"""What the registry says of a domain in RDAP (RFC 9083), tolerant of what is missing. No IO here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from dns.name import Name

from migrator.errors import InputError
from migrator.model.names import absolute, text_of
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class SignerDigest:
    """The numbers and the digest of a DS record; the digest in upper-case hexadecimal."""

    key_tag: int
    algorithm: int
    digest_type: int
    digest: str

    def __str__(self) -> str:
        """Return the presentation form of a DS record."""
        return f"{self.key_tag} {self.algorithm} {self.digest_type} {self.digest}"


@dataclass(frozen=True, slots=True)
class Registrar:
    """The registry's view: None where its answer does not say.

    `source` is the URL that was asked; `answer` the registry's JSON as it came. `related` is where it refers to
    for the registrar's own answer, `registrar_answer` that one's JSON, `registrar_trouble` why there is none.
    """

    source: str
    registrar: str | None = None
    name_servers: tuple[Name, ...] | None = None
    statuses: tuple[str, ...] = ()
    delegation_signed: bool | None = None
    ds: tuple[SignerDigest, ...] | None = None
    expires: datetime | None = None
    unread: tuple[str, ...] = ()
    answer: str = ""
    related: str = ""
    registrar_answer: str = ""
    registrar_trouble: str = ""


def with_registrars_own(registry: Registrar, own: Registrar) -> Registrar:
    """Return the registry's view with what only the registrar says: who it is, until when, and its own locks.

    Of what both say the registry's word counts: it is the one that is published.
    """
    known = {status.lower() for status in registry.statuses}
    return replace(
        registry,
        registrar=registry.registrar or own.registrar,
        expires=registry.expires or own.expires,
        statuses=(*registry.statuses, *(status for status in own.statuses if status.lower() not in known)),
        registrar_answer=own.answer,
    )


def read_registrar(document: Mapping[str, object], source: str, answer: str = "") -> Registrar:
    """Return the registry's view; what is not understood is named in `unread`.

    Raises InputError where the document is no RDAP answer about a domain.
    """
    if document.get("objectClassName") != "domain":
        raise InputError(f"{source}: the answer is not about a domain.")
    unread: list[str] = []
    signed = document.get("secureDNS")
    return Registrar(
        source,
        _registrar_name(document),
        _name_servers(document, unread),
        tuple(item for item in _items(document, "status") if isinstance(item, str)),
        _delegation_signed(signed),
        _digests(signed, unread),
        _expires(document, unread),
        tuple(unread),
        answer,
        _related(document, source),
    )


def _name_servers(document: Mapping[str, object], unread: list[str]) -> tuple[Name, ...] | None:
    if not isinstance(document.get("nameservers"), list):
        return None
    names: dict[str, Name] = {}
    for item in _objects(document, "nameservers"):
        text = item.get("ldhName", item.get("unicodeName"))
        if not isinstance(text, str):
            unread.append("a name server without a name")
            continue
        try:
            # Many registries write capitals, which mean nothing.
            name = absolute(text.rstrip(".").lower())
        except InputError:
            unread.append(f"the name server '{text}'")
            continue
        names[text_of(name)] = name
    return tuple(names[text] for text in sorted(names))


def _registrar_name(document: Mapping[str, object]) -> str | None:
    for entity in _objects(document, "entities"):
        if "registrar" not in _items(entity, "roles"):
            continue
        card = _items(entity, "vcardArray")
        lines = card[1] if len(card) > 1 and isinstance(card[1], list) else []
        for line in lines:
            if isinstance(line, list) and len(line) > _VCARD_TEXT and line[0] == "fn":
                return str(line[_VCARD_TEXT])
        handle = entity.get("handle")
        return handle if isinstance(handle, str) else None
    return None


def _related(document: Mapping[str, object], source: str) -> str:
    """Return where the registrar's own answer is (RFC 9083 section 4.2), empty where the registry names none."""
    for link in _objects(document, "links"):
        href = link.get("href")
        is_rdap = link.get("type") == "application/rdap+json"
        if link.get("rel") == "related" and is_rdap and isinstance(href, str) and href != source:
            return href
    return ""


def _delegation_signed(signed: object) -> bool | None:
    found = signed.get("delegationSigned") if isinstance(signed, dict) else None
    return found if isinstance(found, bool) else None


def _digests(signed: object, unread: list[str]) -> tuple[SignerDigest, ...] | None:
    if not isinstance(signed, dict) or not isinstance(signed.get("dsData"), list):
        return None
    digests = []
    for item in _objects(signed, "dsData"):
        try:
            digests.append(
                SignerDigest(
                    int(str(item["keyTag"])),
                    int(str(item["algorithm"])),
                    int(str(item["digestType"])),
                    bytes.fromhex(str(item["digest"])).hex().upper(),
                )
            )
        except (KeyError, ValueError):
            unread.append("a DS record")
    return tuple(digests)


def _expires(document: Mapping[str, object], unread: list[str]) -> datetime | None:
    for event in _objects(document, "events"):
        if event.get("eventAction") != "expiration":
            continue
        text = str(event.get("eventDate"))
        try:
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            unread.append(f"the date of expiry '{text}'")
            return None
    return None


def _items(document: Mapping[str, object], key: str) -> Sequence[object]:
    found = document.get(key)
    return found if isinstance(found, list) else []


def _objects(document: Mapping[str, object], key: str) -> Iterator[Mapping[str, object]]:
    return (item for item in _items(document, key) if isinstance(item, dict))


# A line of a jCard: name, parameters, type, text (RFC 7095 section 3.3).
_VCARD_TEXT = 3
