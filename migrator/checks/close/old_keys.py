"""Are only the new keys trusted, and has the new zone none of the old provider? Pure."""

from collections.abc import Iterable, Iterator, Sequence

from dns.name import Name
from dns.rdtypes.ANY.DS import DS

from migrator.checks.check import check
from migrator.checks.close.rules import CLOSE
from migrator.checks.dnssec.keys import (
    Key,
    KeySet,
    fitting,
    identity_of,
    key_questions,
    key_sets,
    signers,
    tag,
    tags_text,
)
from migrator.checks.facts import Facts
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import explained
from migrator.model.finding import Severity
from migrator.model.names import text_of


@check(
    "close.dnssec",
    phases=CLOSE,
    blocks=True,
    source="RFC 6781 section 4.3.5.1; RFC 8901 section 7",
    remedy="Leave only the DS of the new keys at the registrar, and no key of the old provider in the new zone.",
    asks=key_questions,
)
def dnssec(facts: Facts) -> Iterator[Point]:
    """Only the new keys are trusted.

    The DS at the parent fit the new side's keys, and the new zone publishes no key of the old provider.

    A DS of a key that goes with the old zone is harmless at best; a key of the old provider in the new zone lets
    whoever holds it sign for the domain.
    """
    subject = f"{text_of(facts.domain)} DS"
    trusted = signers(facts)
    if trusted is None:
        yield Unchecked(subject, "no server of the parent says whether there is a DS")
        return
    new, old = key_sets(facts, facts.new), key_sets(facts, facts.old)
    if not trusted and not any(each.is_signed for each in new):
        yield NotNeeded("no DS at the parent, and the new side is not signed")
        return
    # A key that signs the new zone's own data belongs to the new side, whoever publishes it besides.
    own, of_old = _signing_keys(new), _signing_keys(old)
    faults = [*_idle_keys(subject, new, old, own | of_old)]
    for each in new:
        faults += _faults_of_keys(each, trusted, of_old - own, facts.domain)
    yield from faults
    if not new:
        yield Unchecked(subject, "no address of a new name server is known")
    elif not faults:
        evidence = tuple(each.observation for each in new)
        yield Passed(subject, f"DS {tags_text(trusted)}, and only the new side's keys.", evidence)


def _signing_keys(sets: Iterable[KeySet]) -> frozenset[Key]:
    """Return the keys that sign the keys or the data of a side."""
    return frozenset(identity_of(key) for each in sets for key in (*each.signing, *each.data_keys()))


def _idle_keys(
    subject: str, new: Sequence[KeySet], old: Sequence[KeySet], signing: frozenset[Key]
) -> Iterator[Point]:
    """Yield that new servers have keys that sign nothing on either side: nobody can tell whose they are."""
    idle = {identity_of(key) for each in new for key in each.keys or ()} - signing
    if idle and (not old or any(each.keys is None or (each.is_signed and not each.data_keys()) for each in old)):
        yield Unchecked(
            subject,
            "the new zone has keys that sign nothing, and the old servers do not say whether they are theirs",
            tuple(each.observation for each in (*old, *new)),
        )


def _faults_of_keys(
    shown: KeySet, trusted: tuple[DS, ...], foreign: frozenset[Key], domain: Name
) -> Iterator[Point]:
    """Yield what is wrong with the keys that one new server shows; `foreign` are those of the old provider."""
    evidence = (shown.observation,)
    if shown.keys is None:
        yield Unchecked(str(shown.server), f"does not show its keys: {explained(shown.observation)}", evidence)
        return
    left = sorted(tag(key) for key in shown.keys if identity_of(key) in foreign)
    if left:
        yield Problem(
            str(shown.server),
            f"Publishes key {', '.join(map(str, left))} of the old provider; none was expected any more.",
            evidence,
            "Remove the imported key from the new zone.",
        )
    unfit = [ds for ds in trusted if not fitting((ds,), shown, domain)]
    if unfit:
        yield Problem(
            str(shown.server),
            f"DS {tags_text(unfit)} at the parent fits no key that signs the keys there.",
            evidence,
            "Remove that DS at the registrar.",
            Severity.WARNING if fitting(trusted, shown, domain) else None,
        )
