"""What a person decided about an import, from the words of its options."""

from collections.abc import Iterable

from migrator.errors import InputError
from migrator.plan import Choices, Deletions, Risk
from migrator.translate import is_acceptable


def choices_of(
    accepts: Iterable[str], allows: Iterable[str], identifiers: Iterable[str], *, delete: bool, conflicting: bool
) -> Choices:
    """Return what the person decided; raises InputError for a word that nothing is called by."""
    accepted = frozenset(accepts)
    for word in sorted(accepted):
        if not is_acceptable(word):
            raise InputError(f"--accept {word}: no loss is called so; the plan names the words that it needs.")
    risks = frozenset(allows)
    for word in sorted(risks - frozenset(Risk)):
        raise InputError(f"--allow {word}: no risk is called so: {', '.join(Risk)}.")
    pairs = [text.partition("=") for text in identifiers]
    for old, equals, new in pairs:
        if not (old and equals and new):
            raise InputError(
                f"--identifier {old}{equals}{new}: OLD=NEW was expected, as in --identifier 1a2b=3c4d."
            )
    return Choices(
        accepted,
        Deletions(all=delete, conflicting=conflicting),
        frozenset(map(Risk, risks)),
        {old: new for old, _, new in pairs},
    )
