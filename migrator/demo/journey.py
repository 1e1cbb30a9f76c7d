"""The steps of the demo as data: what a person would type, why, and what must come of it. Nothing is run here."""

from collections.abc import Callable
from dataclasses import dataclass

from migrator.demo.internet import (
    DOMAIN,
    NEW_ADDRESSES,
    NEW_NAME_SERVERS,
    OLD_ADDRESSES,
    REGISTRY_ADDRESSES,
    Internet,
)
from migrator.model.names import for_people


@dataclass(frozen=True, slots=True)
class Run:
    """A command of dns-migrator, the exit code that the story needs, and words that its output must have.

    `after` says what the exit code means. A command that writes a report to a file has nothing to show.
    """

    words: str
    code: int
    after: str = ""
    output_has: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concatenate:
    """A shell command that joins zone files: `cat A B > C`."""

    files: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that happens outside this machine in real life; `zone_file` is loaded by the new provider."""

    who: str
    told: str
    act: Callable[[Internet], None] = lambda _: None
    zone_file: str = ""


@dataclass(frozen=True, slots=True)
class WaitForInstant:
    """Wait until an instant that a report names, and no longer than the demo has patience."""

    report: str
    key: str
    told: str


Action = Run | Concatenate | Elsewhere | WaitForInstant


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its title, why an expert takes it, and what is done."""

    title: str
    why: str
    actions: tuple[Action, ...]


_ZONE = for_people(DOMAIN)
_CONFIRM = f"confirm {_ZONE} " + " ".join(f"--expect {for_people(name)}" for name in NEW_NAME_SERVERS)


def _switch_first(internet: Internet) -> None:
    internet.register(NEW_NAME_SERVERS)
    internet.delegate(NEW_NAME_SERVERS, REGISTRY_ADDRESSES[0])


def _switch_second(internet: Internet) -> None:
    internet.delegate(NEW_NAME_SERVERS, REGISTRY_ADDRESSES[1])


STEPS = (
    Step(
        "Back up the zone at the old provider",
        "Before anything changes: a copy that loses nothing, that any name server can load, and that is read "
        f"back before it is called a backup. Here by zone transfer; route53:{_ZONE} or a zone file do as well.",
        (Run(f"export axfr:{_ZONE}@{OLD_ADDRESSES[0]} -o backup", 0, output_has=("backup",)),),
    ),
    Step(
        "Compare it with the zone at the new provider",
        "new-incomplete.zone is what a colleague typed in at the new provider. The web site works, so it looks "
        "right. The comparison goes record by record, and says what each gap would break.",
        (
            Run(
                "diff backup new-incomplete.zone",
                1,
                "1: something would be lost, so a script stops here",
                ("mail2026._domainkey", "MX", "lab"),
            ),
            Run("diff backup new-incomplete.zone -o reports/diff-before.txt", 1),
            Run("diff backup new-incomplete.zone --format markdown -o reports/diff-before.md", 1),
            Run("diff backup new-incomplete.zone --format json -o reports/diff-before.json", 1),
        ),
    ),
    Step(
        "Mend the new zone and compare again",
        "missing.zone has the records that were forgotten. What may differ between two providers (SOA, NS at "
        "the apex, a TTL) is shown, and is no error.",
        (
            Concatenate(("new-incomplete.zone", "missing.zone"), "new.zone"),
            Run("diff backup new.zone", 0, "0: nothing would be lost"),
            Run("diff backup new.zone --format json -o reports/diff-after.json", 0),
        ),
    ),
    Step(
        "Ask the new provider's name servers",
        "A zone file is not a server. Every name and type of the old zone is asked of both new servers, and "
        "names made up at random, for a wildcard would hide a gap.",
        (
            Elsewhere("new provider", "loads new.zone into its name servers", zone_file="new.zone"),
            Run(f"diff backup dns:{_ZONE}@{','.join(NEW_ADDRESSES)}", 0, "0: both serve what the backup has"),
        ),
    ),
    Step(
        "Look at the delegation before the switch",
        "The registry's name servers decide where the world goes, and no cache stands between: each of them is "
        "asked, from the root down. What is seen is remembered in dns-migrator.db, for a TTL counts from the "
        "moment when the old name servers were last seen.",
        (Run(_CONFIRM, 1, "1: not there yet", ("not-started",)),),
    ),
    Step(
        "Switch the name servers at the registrar",
        "The one step that the tool leaves to you: type the new name servers into the registrar's form. A "
        "registry has many servers, and they do not turn at the same moment.",
        (
            Elsewhere(
                "registrar", "takes the new name servers, and one server of the registry has them", _switch_first
            ),
            Run(_CONFIRM, 1, "1: the servers of the registry disagree", ("mixed",)),
            Elsewhere("registry", "the other server follows", _switch_second),
            Run(_CONFIRM, 0, "0: every server of the registry has exactly the new set", ("switched",)),
            Run(f"{_CONFIRM} --format json -o reports/confirm-switched.json", 0),
        ),
    ),
    Step(
        "Wait for the last old answer",
        "Resolvers keep the old delegation until its TTL has run out: two days for many real domains, some "
        "seconds here. The report names the instant; until then the old zone must stay.",
        (
            WaitForInstant("reports/confirm-switched.json", "last_stale_answer", "The last old answer goes at"),
            Run(_CONFIRM, 0, "0: settled, the old zone has done its work", ("settled",)),
            Run(f"{_CONFIRM} --format json -o reports/confirm-settled.json", 0),
        ),
    ),
)
