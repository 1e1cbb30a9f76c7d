"""The end of a process: what a command has made is held until then, for nobody gains when it is freed bit by bit.

A million records take a twentieth of a second to free, and the system takes back a process's memory at once.
"""

_held: list[object] = []


def hold(made: object) -> None:
    """Hold what was made until the next is, or the process ends."""
    _held[:] = [made]
