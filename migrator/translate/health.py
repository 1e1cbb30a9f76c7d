"""Health checks and client networks: they are an account's, and come along inside it or by their new names.

`identifiers` says what the checks and networks of the old account are called in the new one. No IO here.
"""

from dataclasses import replace

from migrator.model.extras import ClientNetwork, Extra, ForRecord, HealthCheck, PlainExtra, plain
from migrator.translate import words
from migrator.translate.work import Draft, Relation, Work, without


def follow_identifiers(work: Work) -> None:
    """Write the new identifiers; take out the health checks that have none at the target."""
    for draft in work.all():
        checks = {extra.identifier for e in draft.rrset.extras if isinstance(extra := plain(e), HealthCheck)}
        held = HealthCheck in work.target.extras and (
            work.relation is not Relation.FOREIGN or checks <= work.identifiers.keys()
        )
        if checks and not held:
            message = f"{work.there} does not have the health check {', '.join(sorted(checks))}: always answered."
            lost = without(draft.rrset, HealthCheck)
            _rewrite(work, work.change(draft, lost, words.HEALTH_CHECK_LOST, message))
        else:
            _rewrite(work, draft)


def _rewrite(work: Work, draft: Draft) -> None:
    extras = tuple(_renamed(work, extra) for extra in draft.rrset.extras)
    if extras != draft.rrset.extras:
        message = "The health check or client network has another identifier in the account of the target."
        work.change(draft, replace(draft.rrset, extras=extras), words.IDENTIFIER_REWRITTEN, message)


def _renamed(work: Work, extra: Extra) -> Extra:
    if isinstance(extra, ForRecord):
        return replace(extra, extra=_renamed_plain(work, extra.extra))
    return _renamed_plain(work, extra)


def _renamed_plain(work: Work, extra: PlainExtra) -> PlainExtra:
    match extra:
        case HealthCheck():
            return replace(extra, identifier=work.identifiers.get(extra.identifier, extra.identifier))
        case ClientNetwork():
            return replace(extra, collection=work.identifiers.get(extra.collection, extra.collection))
        case _:
            return extra
