"""The SPF policy of a domain as one side of the move gives it, found out in rounds of questions. No IO here."""

from collections.abc import Iterable

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.mail.sides import evidence_of, is_alone, look
from migrator.checks.overlay import Absent, Failed, Found, Lookup, pending
from migrator.checks.points import Evidence
from migrator.mail.policies import texts
from migrator.mail.spf.evaluate import Evaluation, NoRecords, evaluate
from migrator.mail.spf.record import is_policy
from migrator.model.names import folded
from migrator.model.observation import Question
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """What a side's policy comes to.

    `texts` are the domain's own records. `waiting` is what still has to be asked; `unknown` says why, where
    something in it could not be found out.
    """

    evaluation: Evaluation
    texts: tuple[str, ...]
    waiting: tuple[Question, ...]
    evidence: tuple[Evidence, ...]
    unknown: str

    @property
    def is_one(self) -> bool:
        """Whether the domain has exactly one record, which the checks of its content are about."""
        return len(self.texts) == 1


def policy_of(facts: Facts, side: ZoneSide, domain: Name) -> Policy:
    """Return what the policy of a domain comes to; alone, names outside the zone stay open."""
    looks: dict[tuple[tuple[bytes, ...], RdataType], Lookup] = {}

    def ask(name: Name, rdtype: RdataType) -> tuple[Rdata, ...] | NoRecords:
        key = (folded(name), rdtype)
        if key not in looks:
            looks[key] = look(facts, side, name, rdtype)
        match looks[key]:
            case Found(rrset):
                return rrset.rdatas
            case Absent():
                return NoRecords.VOID
            case Failed() if not is_alone(facts):
                return NoRecords.FAILED
            case _:
                return NoRecords.NOT_ASKED

    evaluation = evaluate(domain, ask)
    own = looks[folded(domain), RdataType.TXT]
    found = tuple(text for text in texts([own.rrset]) if is_policy(text)) if isinstance(own, Found) else ()
    return Policy(
        evaluation,
        found,
        tuple(pending(looks.values())),
        evidence_of(*looks.values()),
        "" if is_alone(facts) else _unknown(evaluation, looks.values()),
    )


def _unknown(evaluation: Evaluation, looks: Iterable[Lookup]) -> str:
    if evaluation.temporary:
        reason = next((each.reason for each in looks if isinstance(each, Failed)), "")
        return f"{evaluation.temporary[0]} ({reason})"
    return "" if evaluation.is_complete else "not everything that it refers to was asked"
