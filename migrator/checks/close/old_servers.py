"""Do the old servers serve as long as somebody asks, and does nobody any more? Pure."""

from collections.abc import Iterator

from dns.rdatatype import RdataType

from migrator.answers.seen import silence_of
from migrator.checks.check import check
from migrator.checks.close.rules import CLOSE
from migrator.checks.facts import Facts, without_old_servers
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.clock import instant
from migrator.cutover.look import explained, served
from migrator.model.finding import Phase, Severity
from migrator.model.names import for_people
from migrator.model.observation import Question


def _old_soa(facts: Facts) -> Iterator[Question]:
    for server in facts.old.servers:
        yield facts.question(server, facts.domain, RdataType.SOA)


@check(
    "close.old-serves",
    phases=(Phase.SWITCH, Phase.SETTLE),
    source="RFC 2181 section 5.4.1",
    remedy="Put the old zone back until the last stale answer is past.",
    asks=_old_soa,
)
def old_serves(facts: Facts) -> Iterator[Point]:
    """The old servers still serve.

    The old name servers go on to serve the zone as long as resolvers may ask them.

    Until the last stale answer, a server that refuses the zone, by whatever code, or does not have it fails;
    after it, nobody needs it. Silence is unchecked.
    """
    if not facts.old.servers:
        yield Unchecked(for_people(facts.domain), without_old_servers(facts))
        return
    if (end := facts.past_stale_end) is not None:
        yield NotNeeded(f"the last stale answer was due {instant(end)}")
        return
    for question in _old_soa(facts):
        seen = facts.observed(question)
        if served(seen) is not None:
            yield Passed(str(question.server), "Still serves the zone.", (seen,))
        elif silence_of(seen) is None:
            yield Problem(
                str(question.server),
                f"The old server gave {explained(seen)}; resolvers that still keep it need its answers.",
                (seen,),
                "Put the old zone back as it was.",
            )
        else:
            yield Unchecked(str(question.server), f"no answer for the zone: {explained(seen)}", (seen,))


@check(
    "close.traffic",
    phases=CLOSE,
    severity=Severity.WARNING,
    source="documentation of CloudWatch, Azure Monitor and Cloudflare analytics (2025-12)",
    remedy="Look at the old provider's count of questions for the zone over a day: --old-queries NUMBER.",
)
def traffic(facts: Facts) -> Iterator[Point]:
    """Nobody asks the old servers.

    Nobody asks the old name servers any more, by the old provider's own count over a day.

    The count is not read by this program: --old-queries states it. Without it the check is unchecked, and stops
    nobody.
    """
    subject = for_people(facts.domain)
    count = facts.settings.old_queries
    if count is None:
        yield Unchecked(
            subject,
            "how many questions the old provider still gets is not known",
            (),
            f"{_METRICS.get(facts.old.scheme, 'Look at its statistics')}; then state it with --old-queries "
            "NUMBER.",
        )
    elif count > _ALMOST_NONE:
        yield Problem(
            subject,
            f"The old provider still gets {count} questions a day; almost none was expected.",
            (Noted("--old-queries", str(count)),),
            "Find out who asks: a resolver that never lets go, a secondary, another domain.",
        )
    else:
        yield Passed(subject, f"{count} questions a day.", (Noted("--old-queries", str(count)),))


_ALMOST_NONE = 100
_METRICS = {
    "route53": "aws cloudwatch get-metric-statistics --namespace AWS/Route53 --metric-name DNSQueries "
    "--dimensions Name=HostedZoneId,Value=ZONE-ID --statistics Sum --period 86400 --region us-east-1 ...",
    "azure": "az monitor metrics list --resource ZONE-ID --metric QueryVolume --interval P1D",
    "cloudflare": "DNS > Analytics of the zone in the dashboard",
}
