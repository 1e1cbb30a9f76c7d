"""`dns-migrator export`."""


def export() -> None:
    """Not there yet."""
    raise NotImplementedError
