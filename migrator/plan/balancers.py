"""Names that a load balancer of the source answers, as losses: no record says where it leads. No IO here.

    shop   a load balancer, and no record       nothing comes, and the name does not answer
    www    a load balancer, and A 192.0.2.1     192.0.2.1 comes, which nobody was ever answered

Readers tell them by a finding, which a backup keeps.
"""

from collections.abc import Iterable

from dns.rdatatype import RdataType

from migrator.model.finding import BALANCED, Finding
from migrator.model.loss import Loss
from migrator.model.names import absolute
from migrator.model.rrset import RRsetKey
from migrator.translate.words import BALANCER_LOST


def lost_balancers(findings: Iterable[Finding]) -> tuple[Loss, ...]:
    """Return a loss for every name of the source that a load balancer answers."""
    return tuple(
        Loss(
            RRsetKey(absolute(finding.subject), RdataType.A),
            BALANCER_LOST.what,
            BALANCER_LOST.exactness,
            finding.message,
            BALANCER_LOST.advice,
            BALANCER_LOST.severity,
        )
        for finding in findings
        if finding.check.partition(".")[2] == BALANCED
    )
