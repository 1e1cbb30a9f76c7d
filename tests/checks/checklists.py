"""A checklist with one of everything, for the tests of what is made of it."""

from dataclasses import replace

from dns.rcode import Rcode

from migrator.checks.asks import (
    Certificate,
    Fetch,
    Fetched,
    FetchFailure,
    Handshake,
    NoCertificate,
    NotFetched,
    NotProbed,
    Probe,
    Probed,
    ProbeKind,
    Registered,
    Registration,
    Reply,
)
from migrator.checks.check import Check, nothing_to_ask
from migrator.checks.facts import Facts, Replies
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.verdict import Checklist, Policy, judge_all
from migrator.cutover.look import Unasked
from migrator.cutover.registrar import Registrar
from migrator.model.finding import Phase, Position, Severity
from migrator.model.names import absolute
from migrator.model.observation import Silence
from tests.checks.build import DOMAIN, NOW, after, answers, facts, gives, server, silent

AT = server("ns1.new.example.")
WWW = answers("ns1.new.example.", "www A", "192.0.2.1")
REFUSED = gives("ns2.new.example.", "www A", Rcode.REFUSED)
SILENT = silent("ns2.new.example.", "mail A", Silence.TIMEOUT)
MTA_STS = Fetch(absolute("mta-sts.example.test"), "/.well-known/mta-sts.txt", "192.0.2.7")
WEB = Handshake(absolute("www.example.test"), "192.0.2.1")
CASE = absolute("eXaMpLe.test")
OTHER_REPLIES: tuple[Reply, ...] = (
    Probed(Probe(AT, ProbeKind.MIXED_CASE, CASE), NOW, 0, True, 1, 0, 0, (10,), CASE, CASE, "udp"),
    NotProbed(Probe(AT, ProbeKind.EDNS_VERSION, DOMAIN), NOW, "no answer in time"),
    Fetched(MTA_STS, NOW, 200, "text/plain", "version: STSv1\n"),
    NotFetched(replace(MTA_STS, address="192.0.2.8"), NOW, FetchFailure.CERTIFICATE, "it has expired"),
    Certificate(WEB, NOW, "Example CA", ("www.example.test",), after(86_400)),
    NoCertificate(replace(WEB, address="192.0.2.2"), NOW, "connection refused"),
    Registered(Registration(absolute("example.net")), NOW, Registrar("https://rdap.example/domain/example.net")),
    Registered(Registration(absolute("example.org")), NOW, Unasked("no RDAP service"), known=False),
)


def check_saying(
    id_: str, summary: str, *found: Point, severity: Severity = Severity.ERROR, blocks: bool = False
) -> Check:
    def judge(_: Facts) -> tuple[Point, ...]:
        return found

    judge.__doc__ = f"{summary}.\n\nWhat is asked of whom."
    return Check(
        id_, (Phase.READY,), severity, blocks, False, "RFC 1034 section 4.2.2", "Mend it.", nothing_to_ask, judge
    )


PASSED = check_saying(
    "zone.served", "Every server answers", Passed("www.example.test. A", "Both answer it.", (WWW,))
)
FAILED = check_saying(
    "zone.same",
    "Every server answers the same",
    Problem(
        "www.example.test. A",
        "ns2.new.example answers REFUSED, 192.0.2.1 was expected.",
        (REFUSED, WWW),
        "Add www.example.test. 300 IN A 192.0.2.1.",
        not_before=after(3600),
        position=Position("new.zone", 7),
    ),
    Problem("example.test. MX", "Its TTL is 5.", (Noted("new.zone", "line 8"),), severity=Severity.WARNING),
    Problem("example.test.", "Know this.", severity=Severity.NOTICE),
)
UNCHECKED = check_saying(
    "ns.udp",
    "Every server answers over UDP",
    Unchecked("ns2.new.example (203.0.113.2)", "It does not answer: timeout.", (SILENT,), "Ask again."),
    blocks=True,
)
WARNED = check_saying(
    "mail.spf",
    "One SPF record",
    Problem("example.test. TXT", "There are two."),
    severity=Severity.WARNING,
)
NOT_NEEDED = check_saying("dnssec.ds", "The DS fits the keys", NotNeeded("no DS at the parent"))
SHOWN = check_saying("zone.shown", "Everything is shown", Passed("example.test.", "It is.", OTHER_REPLIES))
SKIPPED = check_saying("ns.case", "Mixed case is taken", Problem("x", "never seen"))
EVERY = (PASSED, FAILED, SHOWN, UNCHECKED, SKIPPED, WARNED, NOT_NEEDED)


def checklist(*checks: Check, policy: Policy | None = None) -> Checklist:
    """Return what these checks say, else all of them, with `ns.case` left out."""
    known = facts("www A 192.0.2.1", "www A 192.0.2.1", replies=Replies([WWW, REFUSED, SILENT, *OTHER_REPLIES]))
    return judge_all(checks or EVERY, known, policy or Policy(skipped={"ns.case": "known, ticket 12"}))
