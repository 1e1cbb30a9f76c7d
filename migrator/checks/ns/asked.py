"""Who is asked, and what came back of a probe; shared by the checks of name servers. Pure."""

from collections.abc import Iterator

from dns.rcode import Rcode

from migrator.checks.asks import NotProbed, Probe, Probed, ProbeKind
from migrator.checks.facts import Facts
from migrator.checks.points import NotNeeded, Point, Unchecked
from migrator.model.names import text_of
from migrator.model.observation import Server


def servers(facts: Facts) -> tuple[Server, ...]:
    """Return every address of the new name servers that can be asked."""
    return () if facts.new is None else facts.new.servers


def without_servers(facts: Facts) -> Iterator[Point]:
    """Say why no server is judged, where none is."""
    if facts.new is None:
        yield NotNeeded("the new side is not known: --to names it")
    elif not facts.new.servers:
        yield Unchecked(f"{text_of(facts.domain)} NS", "no address of a new name server is known")


def probed(facts: Facts, server: Server, kind: ProbeKind) -> Probed | NotProbed:
    """Return what came back of a probe."""
    probe = Probe(server, kind, facts.domain)
    reply = facts.replies.get(probe)
    return reply if isinstance(reply, Probed | NotProbed) else NotProbed(probe, facts.now, "not asked")


def rcode_text(code: int) -> str:
    """Return the name of a response code."""
    return Rcode.to_text(Rcode.make(code))
