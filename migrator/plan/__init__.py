"""Which changes lead from what a target has to what it shall have, and what must be decided first. No IO here."""

from migrator.plan.brakes import LIMITS, Brake, Limits, Risk, left_out, publishing_brakes, reading_brakes
from migrator.plan.delegations import delegation_findings
from migrator.plan.make import Deletions, Pair, Plan, make_plan
from migrator.plan.order import ordered
from migrator.plan.proposal import Choices, Proposal, Sides, propose
from migrator.plan.relation import relation_of
from migrator.plan.same import is_untouchable, says_all
from migrator.translate.words import TARGET_OWNED

__all__ = [
    "LIMITS",
    "TARGET_OWNED",
    "Brake",
    "Choices",
    "Deletions",
    "Limits",
    "Pair",
    "Plan",
    "Proposal",
    "Risk",
    "Sides",
    "delegation_findings",
    "is_untouchable",
    "left_out",
    "make_plan",
    "ordered",
    "propose",
    "publishing_brakes",
    "reading_brakes",
    "relation_of",
    "says_all",
]
