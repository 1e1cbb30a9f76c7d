"""Owner names with octets that the target refuses. No IO here."""

from dns.name import Name

from migrator.model.names import for_people
from migrator.translate import words
from migrator.translate.work import Work

_ASTERISK = b"*"


def names(work: Work) -> None:
    """Take out the sets whose owner the target cannot spell."""
    for draft in work.all():
        odd = _odd_octets(draft.rrset.owner, work.target.label_octets)
        if odd:
            shown = ", ".join(repr(chr(octet)) for octet in odd)
            message = f"{work.there} refuses {shown} in the name {for_people(draft.rrset.owner)}; it is left out."
            work.drop(draft, words.NAME_UNSUPPORTED, message)


def _odd_octets(owner: Name, allowed: frozenset[int] | None) -> list[int]:
    if allowed is None:
        return []
    labels = owner.labels[1:] if owner.labels[0] == _ASTERISK else owner.labels
    return sorted({octet for label in labels for octet in label.lower()} - allowed)
