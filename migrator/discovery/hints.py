"""Names in what a person has at hand: messages, DMARC reports, lists of hosts. Reads octets; no IO here.

Mail is the best source of DKIM selectors: each signature names the one that is really used.
"""

import gzip
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import Message
from xml.etree import ElementTree as ET

from dns.name import Name

from migrator.errors import InputError
from migrator.model.names import ROOT, absolute, is_within
from migrator.model.values import dataclass

MOST_OCTETS = 64 * 1024 * 1024
_TAG = re.compile(r"\s*([A-Za-z]+)\s*=\s*([^;]*)")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})")
_MAIL_HEADERS = ("Received", "Return-Path", "From", "Sender", "Reply-To", "List-Unsubscribe", "Message-ID")
_KNOWN_HEADER = re.compile(rb"(?mi)^(received|dkim-signature|from|return-path|delivered-to):")


@dataclass(frozen=True, slots=True)
class Hint:
    """A name of the zone, and where it was read."""

    name: Name
    how: str


def hints_in(content: bytes, file: str, domain: Name) -> tuple[Hint, ...]:
    """Return the names of the domain in a file: a DMARC report (also .gz, .zip), mail, or a list of hosts.

    Raises InputError where the file is broken, or larger than it may be.
    """
    found: dict[Name, Hint] = {}
    for part in _unpacked(content, file):
        for hint in _in_part(part, file, domain):
            found.setdefault(hint.name, hint)
    return tuple(found.values())


def _in_part(content: bytes, file: str, domain: Name) -> Iterable[Hint]:
    start = content.lstrip()[:512]
    if start.startswith(b"<") and b"feedback" in content[:4096]:
        return _in_report(content, file, domain)
    if start.startswith(b"From ") or _KNOWN_HEADER.search(content[:65536]):
        return _in_mail(content, file, domain)
    return _in_list(content, file, domain)


def _unpacked(content: bytes, file: str) -> Iterator[bytes]:
    try:
        if content.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                yield _limited(packed.read(MOST_OCTETS + 1), file)
        elif content.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.infolist():
                    with archive.open(member) as packed:
                        yield _limited(packed.read(MOST_OCTETS + 1), file)
        else:
            yield _limited(content, file)
    except (OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as exc:
        raise InputError(f"{file}: cannot be unpacked: {exc}.") from exc


def _limited(content: bytes, file: str) -> bytes:
    if len(content) > MOST_OCTETS:
        raise InputError(f"{file}: more than {MOST_OCTETS // 1024 // 1024} MiB; split it.")
    return content


def _in_report(content: bytes, file: str, domain: Name) -> Iterator[Hint]:
    """Yield the selectors and sub-domains of an aggregate report (RFC 9990; RFC 7489 appendix C before it)."""
    try:
        root = ET.fromstring(content)  # noqa: S314 expat refuses entities that blow up since 2.4.1
    except ET.ParseError as exc:
        raise InputError(f"{file}: the report is not XML: {exc}.") from exc
    how = f"found by the DMARC report {file}"
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "dkim" and len(element):
            members = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element}
            yield from _selector(members.get("selector", ""), members.get("domain", ""), domain, how)
        elif tag in {"header_from", "envelope_from", "domain"}:
            yield from _within((element.text or "").strip(), domain, how)


def _in_mail(content: bytes, file: str, domain: Name) -> Iterator[Hint]:
    """Yield the selectors, hosts and sender domains of one message, or of a file of messages (mbox)."""
    how = f"found by the mail in {file}"
    for part in re.split(rb"(?m)^From .*\r?\n", content) if content.lstrip().startswith(b"From ") else [content]:
        if not part.strip():
            continue
        # The old policy takes what real mail has, broken headers included.
        message: Message = message_from_bytes(part, policy=policy.compat32)
        for header in message.get_all("DKIM-Signature", []):
            tags = {name.lower(): "".join(text.split()) for name, text in _TAG.findall(str(header))}
            yield from _selector(tags.get("s", ""), tags.get("d", ""), domain, how)
        for name in _MAIL_HEADERS:
            for header in message.get_all(name, []):
                for text in _HOST.findall(str(header)):
                    yield from _within(text, domain, how)


def _in_list(content: bytes, file: str, domain: Name) -> Iterator[Hint]:
    """Yield the names of a list: one a line, also as in /etc/hosts; a name without a dot is below the domain."""
    how = f"found by the list {file}"
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1):
        words = line.partition("#")[0].split()
        for text in words:
            if len(words) == 1 and "." not in text:
                try:
                    yield Hint(absolute(text, domain), how)
                except InputError as exc:
                    raise InputError(f"{file}:{number}: {exc}") from exc
            else:
                yield from _within(text, domain, how)


def _selector(selector: str, signer: str, domain: Name, how: str) -> Iterator[Hint]:
    if selector and signer:
        yield from _within(f"{selector}._domainkey.{signer}", domain, how)


def _within(text: str, domain: Name, how: str) -> Iterator[Hint]:
    """Yield the name where it is one of the domain."""
    text = text.strip("<>.,;:()[]\"'").rpartition("@")[2]
    try:
        name = absolute(text, ROOT)
    except InputError:
        return
    if name not in (ROOT, domain) and is_within(name, domain):
        yield Hint(name, how)
