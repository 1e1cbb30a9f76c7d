"""What is wrong with the text of a DMARC record by itself (RFC 9989 section 4.7). No IO here."""

import re
from collections.abc import Iterator

from dns.name import Name

from migrator.errors import InputError
from migrator.mail.policies import Dmarc, unknown_policies
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.model.values import dataclass

# RFC 9989 took these out: receivers that follow it apply a policy to all mail, and choose format and interval.
_REMOVED = ("pct", "rf", "ri")
_MAILBOX = re.compile(r"mailto:[^@\s!]+@(?P<host>[^@\s!]+?)(?:![0-9]+[kmgt]?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DmarcRemark:
    """How grave, and what, as a sentence without its subject's name."""

    severity: Severity
    text: str


def dmarc_remarks(policy: Dmarc) -> Iterator[DmarcRemark]:
    """Yield what is wrong with a policy, or worth knowing."""
    tags = policy.tags
    for tag in unknown_policies(tags):
        stated = f"{tag}={tags[tag]} is no policy; none, quarantine or reject was expected"
        then = "receivers take the whole record for p=none" if tags.get("rua") else "receivers apply nothing of it"
        yield DmarcRemark(Severity.ERROR, f"{stated}, and {then}")
    for tag in policy.repeated:
        text = f"{tag}= stands there twice, so that receivers may apply nothing of it (RFC 6376 section 3.2)"
        yield DmarcRemark(Severity.ERROR, text)
    if "p" not in tags:
        yield DmarcRemark(
            Severity.WARNING, "there is no p=; receivers take that for p=none, and older ones for nothing"
        )
    for tag in ("adkim", "aspf"):
        if tags.get(tag, "r").lower() not in {"r", "s"}:
            yield DmarcRemark(Severity.WARNING, f"{tag}={tags[tag]} is neither r nor s; r applies instead")
    yield from _removed(policy)
    yield from _reports(policy)


def report_hosts(policy: Dmarc) -> tuple[Name, ...]:
    """Return the domains to which reports go, each once."""
    found: dict[Name, None] = {}
    for tag in ("rua", "ruf"):
        for uri in _uris(policy, tag):
            match = _MAILBOX.fullmatch(uri)
            if match:
                try:
                    found.setdefault(absolute(f"{match['host'].rstrip('.')}."))
                except InputError:
                    continue
    return tuple(found)


def _removed(policy: Dmarc) -> Iterator[DmarcRemark]:
    for tag in _REMOVED:
        value = policy.tags.get(tag)
        if value is None:
            continue
        has_effect = tag == "pct" and value != "100"
        then = "; the policy applies to all mail now" if has_effect else ", and has no effect"
        text = f"{tag}={value} is no longer part of DMARC (RFC 9989){then}"
        yield DmarcRemark(Severity.WARNING if has_effect else Severity.NOTICE, text)


def _reports(policy: Dmarc) -> Iterator[DmarcRemark]:
    for tag in ("rua", "ruf"):
        for uri in _uris(policy, tag):
            if not _MAILBOX.fullmatch(uri):
                yield DmarcRemark(Severity.WARNING, f"{tag}={uri} is no mailto: address; no report is sent there")
    if policy.tags.get("p", "").lower() == "none":
        yield DmarcRemark(Severity.NOTICE, "p=none lets forged mail through and reports it")
    if not _uris(policy, "rua"):
        yield DmarcRemark(Severity.NOTICE, "it asks for no reports (rua=)")


def _uris(policy: Dmarc, tag: str) -> list[str]:
    return [uri.strip() for uri in policy.tags.get(tag, "").split(",") if uri.strip()]
