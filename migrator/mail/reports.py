"""The texts of TLS-RPT (RFC 8460 section 3) and of BIMI, each by itself. No IO here."""

import re
from collections.abc import Iterator

from migrator.mail.policies import tag_list

_TLS_REPORTS = re.compile(r"v=TLSRPTv1\s*(;|$)")
_LOGO = re.compile(r"v=BIMI1\s*(;|$)", re.IGNORECASE)
_REPORTS_TO = re.compile(r"mailto:[^@\s]+@[^@\s]+|https://\S+", re.IGNORECASE)


def is_tls_reports(text: str) -> bool:
    """Tell whether senders take a text for a request of reports."""
    return _TLS_REPORTS.match(text) is not None


def is_logo(text: str) -> bool:
    """Tell whether receivers take a text for a logo."""
    return _LOGO.match(text) is not None


def tls_report_faults(text: str) -> Iterator[str]:
    """Yield why senders send no reports for a record, as the end of a sentence."""
    addresses = [part.strip() for part in tag_list(text).get("rua", "").split(",") if part.strip()]
    if not addresses:
        yield "it names no address (rua=)"
    for address in addresses:
        if not _REPORTS_TO.fullmatch(address):
            yield f"rua={address} is neither a mailto: nor an https: address"


def logo_faults(text: str) -> Iterator[str]:
    """Yield why receivers show no logo for a record; an empty l= is the statement that there is none."""
    tags = tag_list(text)
    if "l" not in tags and "a" not in tags:
        yield "it names no logo (l=)"
    for tag in ("l", "a"):
        value = tags.get(tag, "")
        if value and not value.lower().startswith("https://"):
            yield f"{tag}={value} is no https: address"
