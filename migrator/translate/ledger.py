"""Where every set of the source ends, and the proof that nothing went without a word. No IO here.

Copied: a draft is the same set to the letter. Translated: something of it stands at the target, or the target has
its own in its place. Dropped: nothing is left of it. A set that is not copied has a reason, or the translation
stops: that is an error of a rule, and nothing may be written.
"""

from collections.abc import Iterator

from migrator.model.extras import Extra
from migrator.model.loss import Fate, LedgerEntry
from migrator.model.rrset import RRset, RRsetKey
from migrator.translate.apex import is_given_by_target
from migrator.translate.work import Draft, Work, says_nothing


def ledger(work: Work) -> tuple[LedgerEntry, ...]:
    """Return the fate of each set of the source, in canonical order."""
    drafts: dict[RRsetKey, list[Draft]] = {}
    for draft in work.drafts.values():
        for key in draft.sources:
            drafts.setdefault(key, []).append(draft)
    return tuple(_entries(work, drafts))


def _entries(work: Work, drafts: dict[RRsetKey, list[Draft]]) -> Iterator[LedgerEntry]:
    for rrset in work.snapshot.rrsets:
        made = drafts.get(rrset.key, [])
        if any(_is_copy(rrset, draft) for draft in made):
            yield LedgerEntry(rrset.key, Fate.COPIED)
            continue
        reason = " ".join(dict.fromkeys(work.reasons.get(rrset.key, ())))
        assert reason, f"{rrset.key} is changed or gone, and no rule said why"
        stands = bool(made) or is_given_by_target(work, rrset.key)
        yield LedgerEntry(rrset.key, Fate.TRANSLATED if stands else Fate.DROPPED, reason)


def _is_copy(rrset: RRset, draft: Draft) -> bool:
    return draft.sources == (rrset.key,) and (
        draft.rrset is rrset
        or (
            draft.key == rrset.key
            and draft.rrset.ttl == rrset.ttl
            and draft.rrset.rdatas == rrset.rdatas
            and _said(draft.rrset) == _said(rrset)
        )
    )


def _said(rrset: RRset) -> list[Extra]:
    return [extra for extra in rrset.extras if not says_nothing(extra)]
