"""Records that are legal and most likely not meant: the usual slips of zone files. No IO here.

Nothing is repaired; the file is read as every server reads it, and the slip is told.
"""

from collections.abc import Iterator

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.model.expression import expression
from migrator.model.finding import Severity
from migrator.model.names import text_of
from migrator.zonefile.rdata import Remark

# Which field of these types is a host or domain that people write.
TARGETS = {
    RdataType.NS: "target",
    RdataType.CNAME: "target",
    RdataType.PTR: "target",
    RdataType.DNAME: "target",
    RdataType.MX: "exchange",
    RdataType.SRV: "target",
    RdataType.SOA: "mname",
}
# Top-level domains that are hardly ever the label of a host inside a zone.
TOP_LEVEL = frozenset({b"com", b"net", b"org", b"info", b"biz", b"edu", b"gov", b"mil", b"arpa"})
_TAGGED_TEXT = expression(rb"(?i)v=(?:DKIM1|DMARC1|STSv1|TLSRPTv1|BIMI1|spf1)|k=(?:rsa|ed25519)$")
_TAG = expression(rb"(?i)\s*[a-z][a-z0-9_]*\s*=")


def doubled(name: Name, apex: Name) -> bool:
    """Tell whether the name has the apex in it twice: `ns1.example.com.example.com.`."""
    count = len(apex.labels) - 1
    if count < 2 or len(name.labels) < 2 * count + 1:  # noqa: PLR2004
        return False
    apex_labels = [label.lower() for label in apex.labels[:-1]]
    labels = [label.lower() for label in name.labels[:-1]]
    return labels[-count:] == apex_labels and labels[-2 * count : -count] == apex_labels


def dotless(name: Name, apex: Name) -> bool:
    """Tell whether the name looks like one outside the zone that lost its final dot: `mx.example.net` + apex."""
    count = len(apex.labels)
    if len(name.labels) < count + 2 or not name.is_subdomain(apex):
        return False
    return name.labels[-count - 1].lower() in TOP_LEVEL or doubled(name, apex)


def suspicious_target(rdata: Rdata, apex: Name) -> Name | None:
    """Return the target of the record where it looks as if its final dot had been forgotten."""
    target = getattr(rdata, TARGETS[rdata.rdtype], None)  # rdata that is kept octet by octet has no fields
    return target if isinstance(target, Name) and dotless(target, apex) else None


def target_remark(target: Name) -> Remark:
    """Return what to say of a target that lost its final dot."""
    return Remark(
        "zonefile.target-without-dot",
        Severity.WARNING,
        f"The target is {text_of(target)}, which the zone does not have: most likely the final dot is missing.",
        "End an absolute name in a zone file with a dot.",
    )


def owner_remark(owner: Name) -> Remark:
    """Return what to say of an owner that has the zone's name in it twice."""
    return Remark(
        "zonefile.owner-without-dot",
        Severity.WARNING,
        f"The owner is {text_of(owner)}, with the zone's name in it twice: most likely the final dot is missing.",
        "End an absolute name in a zone file with a dot, or write it relative to the zone.",
    )


def inherited_remark(owner: Name, elsewhere: Name, directive: str) -> Remark:
    """Return what to say of a line without an owner after $GENERATE or $INCLUDE, which readers give to two owners.

    So do BIND 9.18, Knot 3.2, NSD 4.6 and PowerDNS 4.7; of these, BIND and PowerDNS know $GENERATE.
    """
    some, others = ("BIND", "PowerDNS") if directive == "$GENERATE" else ("BIND and Knot", "NSD and PowerDNS")
    return Remark(
        "zonefile.owner-after-directive",
        Severity.WARNING,
        f"The line names no owner and stands after {directive}: it is read as one of {text_of(owner)}, the last "
        f"owner before that, as {some} would; {others} would read it as one of {text_of(elsewhere)}, the last "
        "owner that the directive brings.",
        "Name the owner on the line.",
    )


def at_remark(owner: Name) -> Remark:
    """Return what to say of an owner such as `_sip._tls.@`, whose `@` stands for nothing."""
    return Remark(
        "zonefile.at-in-owner",
        Severity.WARNING,
        f"The owner is {text_of(owner)}: an @ means the origin only where it stands alone, and is a letter like "
        "any other here, as for every server.",
        "Leave out the @ and the dot before it, if the origin is meant.",
    )


def is_tagged(text: bytes) -> bool:
    """Tell whether text without quotes begins as a policy or key does: there may be `text_remarks` on it."""
    return _TAGGED_TEXT.match(text) is not None


def text_remarks(tokens: list[bytes], comment: bytes) -> Iterator[Remark]:
    """Yield what to say of text without quotes: a semicolon begins a comment, blanks between words are lost."""
    if comment and _TAGGED_TEXT.match(tokens[0]) and _TAG.match(comment):
        yield Remark(
            "zonefile.text-cut-by-comment",
            Severity.WARNING,
            "The text is not in quotes, so all after the first semicolon is a comment and not served: "
            f"{comment.decode('ascii', 'backslashreplace').strip()[:60]!r}.",
            "Put the whole text in double quotes.",
        )
    elif len(tokens) > 1 and _TAGGED_TEXT.match(tokens[0]):
        yield Remark(
            "zonefile.text-without-quotes",
            Severity.WARNING,
            "The text is not in quotes, so its words are separate strings, which receivers join without blanks.",
            "Put the whole text in double quotes.",
        )


def unicode_remark(name: Name) -> Remark:
    """Return what to say of a name that is written beyond ASCII."""
    return Remark(
        "zonefile.unicode-name",
        Severity.WARNING,
        f"The name is written beyond ASCII and is read as {text_of(name)}; servers take the octets as they stand, "
        "for which nobody asks.",
        "Write the name in its IDNA form (xn--...).",
    )
