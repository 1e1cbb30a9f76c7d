r"""What stands between blocks and says nothing of itself: $TTL, $ORIGIN and comments. No IO here.

    ; ---- Berlin ----
    $ORIGIN berlin.example.org.
    $TTL 1h                          the blocks that follow are read in another context

Of the plainest forms alone, of which the exact reader would have no finding.
"""

import re

from migrator.model.expression import expression
from migrator.zonefile.fast.blocks import GAP, LABEL, LINE_END
from migrator.zonefile.fields import ttl_of
from migrator.zonefile.state import State

_TTL = rb"\$TTL[ \t]+([0-9]{1,3}[wdhmsWDHMS]|[0-9]{1,9})(?=[ \t\n;])"
_ORIGIN = rb"\$ORIGIN[ \t]+((?=[^ \t\n;]{1,100}[ \t\n;])%b(?:\.%b)*\.)" % (LABEL, LABEL)
_TURN = expression(rb"(?:(?:%b|%b)%b|%b)+" % (_TTL, _ORIGIN, LINE_END, GAP))
_DIRECTIVE = expression(rb"^(?:%b|%b)" % (_TTL, _ORIGIN), re.MULTILINE)


def turn(state: State, text: bytes, position: int, end: int) -> int:
    """Take what stands at the position into the state; return where it ends, the position where nothing does.

    Nothing is taken where the first $ORIGIN would say whose zone it is.
    """
    found = None if state.apex.stands_open() else _TURN.match(text, position, end)
    if found is None:
        return position
    for ttl, origin in _DIRECTIVE.findall(text, position, found.end()):
        if origin:
            state.names.enter(state.names.read(origin))
        else:
            seconds = ttl_of(ttl)
            assert seconds is not None
            state.ttls.set_default(seconds)
    return found.end()


def enter_last(state: State, text: bytes, position: int) -> bool:
    """Take the last $TTL and $ORIGIN before the position into the state; false where they are of other forms."""
    for name in (b"\n$TTL", b"\n$ORIGIN"):
        at = text.rfind(name, 0, position) + 1
        if at and turn(state, text, at, text.index(b"\n", at) + 1) == at:
            return False
    return True
