"""`dns-migrator confirm`."""


def confirm() -> None:
    """Not there yet."""
    raise NotImplementedError
