"""What a command has made is held until the next has made something, and no longer."""

import weakref

from migrator.cli.ending import hold


class Made:
    """Something large."""


def test_what_was_made_is_held_until_the_next_is() -> None:
    made = Made()
    there = weakref.ref(made)
    hold(made)
    del made

    assert there() is not None
    hold(None)
    assert there() is None
