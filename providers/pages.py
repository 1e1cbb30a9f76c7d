"""Pages for people in the place of what an API answers: of a firewall, a proxy, a login. No IO here."""

import re

_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def is_page(body: bytes) -> bool:
    """Tell whether the body of an answer is such a page."""
    return _PAGE.match(body) is not None
