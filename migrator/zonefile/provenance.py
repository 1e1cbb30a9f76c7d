"""What the first and the last comment of a zone file say of how it was made. No IO here."""

import re

from migrator.model.expression import expression

# How the zone file of a search (`discover`) begins: whoever reads it knows that nothing proves it to be whole.
GUESSED = "dns-migrator discover:"
_BEGINNING = f"; {GUESSED}".encode()


def is_guessed(content: bytes) -> bool:
    """Tell whether the zone file was made by asking and guessing."""
    return content.startswith(_BEGINNING)


# How dig ends what it prints of a transfer that broke off; its exit code may be 0 all the same (9.18, 2026-11-22).
_BROKEN_OFF = expression(
    rb"""\n(?:;\ Transfer\ failed\. | ;;\ (?:connection\ timed\ out;\ )?no\ servers\ could\ be\ reached)
    [\ \t\r]* (?:\n[\ \t\r]*(?:;[^\n]*)?)* \Z""",
    re.VERBOSE,
)
# More than all that dig writes behind the last record.
_LONGEST_END = 4096


def broken_off(content: bytes) -> int:
    """Return the line on which dig says that the transfer broke off, where no record follows it; else 0."""
    begin = max(0, len(content) - _LONGEST_END)
    if content.find(b"\n;", begin) < 0:
        return 0
    end = _BROKEN_OFF.search(content, begin)
    return 0 if end is None else content.count(b"\n", 0, end.start() + 1) + 1
