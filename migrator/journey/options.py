"""What the person decided at the beginning of a migration, kept with it as JSON. No IO here."""

import json
import shlex
from dataclasses import asdict
from typing import Any

from migrator.checks.facts import Strategy
from migrator.codec.shape import parse_object
from migrator.errors import InputError
from migrator.model.values import dataclass

# How often something is looked at again while nobody knows when it changes.
LOOK_AGAIN = 300


@dataclass(frozen=True, slots=True)
class Options:
    """The sides and the decisions of a migration.

    `source` and `target` are locators as they were given. `yes`: whatever is written may be written without asking
    again. `accepts`, `allows` and `identifiers` are words of `import`, `skips` of `check`. `profile` and `network`
    are files. `old_queries` is how many questions a day the old provider still counts, None while nobody has
    looked. `every` is for how many seconds at most nothing is looked at that changes by itself.
    """

    source: str
    target: str
    yes: bool = False
    accepts: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
    delete: bool = False
    delete_conflicting: bool = False
    identifiers: tuple[str, ...] = ()
    strategy: str = ""
    lowered_ttl: int = 300
    selectors: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    profile: str = ""
    network: str = ""
    frozen: bool = False
    old_queries: int | None = None
    every: int = LOOK_AGAIN


def dumps(options: Options) -> str:
    """Return the options as one line of JSON; what is as usual is left out."""
    usual = asdict(Options("", ""))
    given = {key: value for key, value in asdict(options).items() if value != usual[key]}
    return json.dumps(given, separators=(",", ":"))


def import_options(options: Options) -> tuple[str, ...]:
    """Return what was decided about the import as the options of `import`, as a shell takes them."""
    return (
        *(f"--accept {shlex.quote(word)}" for word in options.accepts),
        *(f"--allow-{risk}" for risk in options.allows),
        *(["--delete"] if options.delete else []),
        *(["--delete-conflicting"] if options.delete_conflicting else []),
        *(f"--identifier {shlex.quote(pair)}" for pair in options.identifiers),
    )


def words_beside(known: Options, options: Options) -> tuple[str, ...]:
    """Return the words of what is decided and was not known: a loss by its own, all else as it is typed."""
    before, now = asdict(known), asdict(options)
    found = [word for word in options.accepts if word not in known.accepts]
    for member, option in _TYPED.items():
        match now[member]:
            case bool(given):
                found += [option] if given and not before[member] else []
            case tuple(given):
                found += [f"{option} {word}" for word in given if word not in before[member]]
            case given:
                found += [f"{option} {given}"] if given != before[member] else []
    return tuple(found)


def loads(text: str, *, file: str) -> Options:
    """Return the options that `dumps` wrote; raises InputError where the text is none of it."""
    shape = parse_object(text, file)
    usual = asdict(Options("", ""))
    given = {key: _tuples(value) for key, value in shape.members.items()}
    unknown = given.keys() - usual.keys()
    if unknown:
        raise InputError(f"{file}: decisions that this version does not know: {', '.join(sorted(unknown))}.")
    kinds = {key: type(value) for key, value in usual.items()} | {"old_queries": int}
    wrong = [key for key, value in given.items() if type(value) is not kinds[key]]
    if wrong or not {"source", "target"} <= given.keys():
        raise InputError(f"{file}: damaged: the decisions of a migration cannot be read ({', '.join(wrong)}).")
    found = Options(**given)
    if found.strategy and found.strategy not in tuple(Strategy):
        raise InputError(f"{file}: no strategy: {found.strategy}.")
    return found


# How each decision is typed; the sides are no decision of a migration that is under way, the network none at all.
_TYPED = {
    "yes": "--yes",
    "allows": "--allow",
    "delete": "--delete",
    "delete_conflicting": "--delete-conflicting",
    "identifiers": "--identifier",
    "strategy": "--strategy",
    "lowered_ttl": "--lowered-ttl",
    "selectors": "--selector",
    "skips": "--skip",
    "profile": "--profile",
    "frozen": "--frozen",
    "old_queries": "--old-queries",
    "every": "--every",
}


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
