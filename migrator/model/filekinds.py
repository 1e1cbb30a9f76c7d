"""What a file is that is no regular one, in words. No IO here: the mode is given."""

import stat

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def kind_of(mode: int) -> str:
    """Return what a file of this mode is, where it is no regular one: `a folder`, `a pipe`."""
    return next((word for is_kind, word in _KINDS if is_kind(mode)), "no regular file")
