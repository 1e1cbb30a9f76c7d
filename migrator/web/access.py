"""Who may see the pages: on loopback whoever sits there, elsewhere only who has the token.

A page of another site can make a browser ask a loopback address under a name of its own (DNS rebinding). So the
Host header must be one of those under which a person reaches it. The token comes in a header or through the login
form, is compared in constant time, and stands in no URL and no log.
"""

import hmac
import re
import secrets
import time
from collections import OrderedDict
from dataclasses import field

from migrator.errors import InputError, UnsafeError
from migrator.model.values import dataclass
from migrator.network.loopback import is_loopback

LEAST_TOKEN = 16
SESSION = 12 * 3600  # seconds: a working day
_MOST_SESSIONS = 1000
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Sessions:
    """The sessions of those who have logged in; they end with the process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._ends: OrderedDict[str, float] = OrderedDict()

    def begin(self) -> str:
        """Return the name of a new session."""
        name = secrets.token_urlsafe(32)
        self._ends[name] = time.monotonic() + SESSION
        while len(self._ends) > _MOST_SESSIONS:
            self._ends.popitem(last=False)
        return name

    def holds(self, name: str) -> bool:
        """Tell whether this session goes on; 32 random octets are not found by the time that this takes."""
        ends = self._ends.get(name)
        return ends is not None and time.monotonic() < ends


@dataclass(frozen=True, slots=True)
class Access:
    """What is asked of a request: `token` is empty where none is, `hosts` None where any name will do."""

    token: str = ""
    hosts: frozenset[str] | None = None
    sessions: Sessions = field(default_factory=Sessions)

    def knows_host(self, header: str) -> bool:
        """Tell whether the Host header is a name under which a person reaches these pages."""
        return self.hosts is None or host_of(header) in self.hosts

    def is_token(self, given: str) -> bool:
        """Tell whether this is the token, in a time that does not depend on it."""
        return bool(self.token) and hmac.compare_digest(given.encode(), self.token.encode())

    def admits(self, authorization: str, session: str) -> bool:
        """Tell whether a request with these headers may see the pages."""
        if not self.token:
            return True
        scheme, _, given = authorization.partition(" ")
        return (scheme.lower() == "bearer" and self.is_token(given.strip())) or self.sessions.holds(session)


def access_to(host: str, token: str) -> Access:
    """Return what is asked of requests to this address; raises where it must not be served so."""
    if token and len(token) < LEAST_TOKEN:
        raise InputError(f"The token has fewer than {LEAST_TOKEN} characters: take a longer one, made at random.")
    if is_loopback(host):
        return Access(token, _LOCAL_NAMES | {host.lower()})
    if not token:
        raise UnsafeError(
            f"--host {host}: others could read it there. Give --token-env NAME, the environment variable with a "
            "token, or serve on 127.0.0.1."
        )
    return Access(token)


def host_of(header: str) -> str:
    """Return the name or address of a Host header, without its port; empty where it is neither."""
    found = _HOST.fullmatch(header.strip().lower())
    return "" if found is None else found["name"] or found["literal"]


_HOST = re.compile(r"(?:(?P<name>[^\s:\[\]/@]+)|\[(?P<literal>[0-9a-f:.]+)\])(?::\d*)?")
