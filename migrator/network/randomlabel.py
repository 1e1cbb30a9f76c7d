"""A label that nobody has: what is asked with it shows how a server denies, or makes up, a name."""

import secrets


def random_label() -> bytes:
    """Return a label that no zone has, and nobody can have prepared an answer for."""
    return b"migcheck-%b" % secrets.token_hex(8).encode()
