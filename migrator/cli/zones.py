"""`dns-migrator zones`."""


def zones() -> None:
    """Not there yet."""
    raise NotImplementedError
