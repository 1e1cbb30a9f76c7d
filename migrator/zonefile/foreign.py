"""What a text is of which no record could be read: other programs keep zones in other forms. No IO here.

Only a guess for a refusal that is certain: a zone file may have such lines too.
"""

from migrator.model.expression import expression

_LOOKED_AT = 4096
_LINES = 5
_ELSEWHERE = (
    "Name the zone where it is served (route53:, azure:, cloudflare:, or axfr: for a zone transfer), or a zone "
    "file that the program which keeps it writes."
)
_FORMS = (
    (
        "YAML, as octoDNS keeps zones",
        expression(rb"---.*|\s*(?:- +)?(?:[\w.@*-]+|'[^']*'|\"[^\"]*\"):(?:\s.*)?|\s*- .*"),
    ),
    ("data of tinydns", expression(rb"[.&=+@'^CZ:-][^:\s]*:.*")),
    ("a table with commas (CSV)", expression(rb"[^,\s]*,[^,]*,.*")),
)


def foreign(text: bytes) -> str:
    """Return what to say of a text that is most likely of another form; empty where nothing speaks for one."""
    lines = [line for line in text[:_LOOKED_AT].split(b"\n") if line.strip() and line[:1] not in _COMMENTS]
    for word, form in _FORMS:
        if lines and all(form.fullmatch(line) for line in lines[:_LINES]):
            return f"It looks like {word}, and no zone file. {_ELSEWHERE}"
    return ""


_COMMENTS = (b"#", b";")
