"""What the first comment of a zone file says of how it was made. No IO here."""

# How the zone file of a search (`discover`) begins: whoever reads it knows that nothing proves it to be whole.
GUESSED = "dns-migrator discover:"
_BEGINNING = f"; {GUESSED}".encode()


def is_guessed(content: bytes) -> bool:
    """Tell whether the zone file was made by asking and guessing."""
    return content.startswith(_BEGINNING)
