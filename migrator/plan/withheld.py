"""What the target's own sets keep out, as losses and in the ledger. No IO here."""

from collections.abc import Iterable
from dataclasses import replace

from migrator.model.loss import Fate, LedgerEntry, Loss
from migrator.plan.make import Pair
from migrator.translate.words import TARGET_OWNED


def losses(withheld: Iterable[Pair], provider: str) -> tuple[Loss, ...]:
    """Return a loss for every set that cannot come because of one that is never touched."""
    return tuple(
        Loss(
            pair.desired.key,
            TARGET_OWNED.what,
            TARGET_OWNED.exactness,
            f"{provider} has a set here that another product owns, or that has settings which are not understood: "
            "it is not overwritten.",
            TARGET_OWNED.advice,
            TARGET_OWNED.severity,
        )
        for pair in withheld
    )


def ledger(entries: Iterable[LedgerEntry], withheld: Iterable[Pair]) -> tuple[LedgerEntry, ...]:
    """Return the ledger with what is withheld as dropped."""
    names = {(pair.desired.key.folded, pair.desired.rdtype) for pair in withheld}
    reason = "The target's own set stays in its place."
    return tuple(
        replace(entry, fate=Fate.DROPPED, reason=reason)
        if entry.fate is not Fate.DROPPED and (entry.key.folded, entry.key.rdtype) in names
        else entry
        for entry in entries
    )
