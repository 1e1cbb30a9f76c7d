"""Text on a page: commands are shown as code, and what must not be parted stays on its line. Pure.

Browsers break a line at every hyphen: an instant, a host name or an option would stand on two lines, and be read
as something else. The style of a page makes an element of class `whole` a block in its line, which goes to the
next line as a whole, and breaks only where it is wider than the page.
"""

import re

from markupsafe import Markup, escape

# What stands between backquotes, and a command of this program behind a colon, up to the end of its clause.
_CODE = re.compile(r"`([^`]+)`|(?<=: )(dns-migrator .+?)(?=, or add\b|\.?$)")
_BLANKS = re.compile(r"(\s+)")
_HYPHENED = re.compile(r"\w-\w|--\w")


def prose(text: str) -> Markup:
    """Return a sentence of ours as markup."""
    parts, end = [], 0
    for found in _CODE.finditer(text):
        # Behind a quotation mark stands data of a zone, whose backquotes are its own.
        if found[1] and '"' in text[: found.start()]:
            continue
        parts += [whole(text[end : found.start()]), Markup("<code>{}</code>").format(whole(found[1] or found[2]))]
        end = found.end()
    return Markup("").join([*parts, whole(text[end:])])


def whole(text: str) -> Markup:
    """Return text as markup, in which no word is parted at a hyphen."""
    return Markup("").join(
        Markup('<span class="whole">{}</span>').format(part) if _HYPHENED.search(part) else escape(part)
        for part in _BLANKS.split(text)
    )
