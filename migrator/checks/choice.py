"""Which checks run: those of the phase, without what a person leaves out, named by id or area. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from migrator.checks.check import Check
from migrator.errors import InputError
from migrator.model.finding import Phase


def chosen(checks: Sequence[Check], phase: Phase, only: Iterable[str]) -> tuple[Check, ...]:
    """Return the checks of the phase, of these only those that `only` names by id or area, where it names any.

    Raises InputError for a name that no check has, and for one whose checks do not run in the phase.
    """
    of_phase = tuple(check for check in checks if phase in check.phases)
    wanted: dict[str, Check] = {}
    for text in only:
        named = _named(checks, text)
        found = [check for check in named if phase in check.phases]
        if not found:
            phases = [each for each in Phase if any(each in check.phases for check in named)]
            raise InputError(f"--only {text}: it does not run in the phase {phase}, but in {_listed(phases)}.")
        wanted |= {check.id: check for check in found}
    return tuple(check for check in of_phase if check.id in wanted) if wanted else of_phase


def skipped(checks: Sequence[Check], texts: Iterable[str]) -> Mapping[str, str]:
    """Return the reason by id of each `ID=REASON`; raises InputError without a reason, or for an unknown id."""
    found: dict[str, str] = {}
    for text in texts:
        id_, _, reason = text.partition("=")
        if not reason.strip():
            raise InputError(
                f"--skip {text}: the reason is missing, as in --skip {id_ or 'ID'}='known, ticket 12'."
            )
        found[one_of(checks, id_.strip()).id] = reason.strip()
    return found


def one_of(checks: Sequence[Check], id_: str) -> Check:
    """Return the check with that id; raises InputError that names what was perhaps meant."""
    found = next((check for check in checks if check.id == id_.lower()), None)
    if found is None:
        raise _unknown(id_, [check.id for check in checks])
    return found


def _named(checks: Sequence[Check], text: str) -> list[Check]:
    found = [check for check in checks if text.lower() in {check.id, check.area}]
    if not found:
        areas = dict.fromkeys(check.area for check in checks)
        raise _unknown(text, [*areas, *(check.id for check in checks)])
    return found


def _unknown(text: str, known: Sequence[str]) -> InputError:
    # Who remembers a part of an id alone is helped too.
    halves = [name for name in known if text and text.lower() in name]
    near = list(dict.fromkeys([*get_close_matches(text.lower(), known, 3, _LIKENESS), *halves]))[:3]
    meant = f" Perhaps {' or '.join(near)}?" if near else ""
    return InputError(f"There is no check '{text}'.{meant} 'dns-migrator explain' lists all.")


def _listed(phases: Sequence[Phase]) -> str:
    return " and ".join(filter(None, [", ".join(phases[:-1]), phases[-1]]))


_LIKENESS = 0.7
