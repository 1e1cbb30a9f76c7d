"""`dns-migrator diff`."""


def diff() -> None:
    """Not there yet."""
    raise NotImplementedError
