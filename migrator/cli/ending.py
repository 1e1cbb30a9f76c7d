"""The end of a process: what a command has made is held until then, for to free it piece by piece helps nobody."""

_held: list[object] = []


def hold(made: object) -> None:
    """Hold what was made until the next is, or the process ends: to free a million records takes a while."""
    _held[:] = [made]
