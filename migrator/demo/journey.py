"""The steps of the demo as data: what a person would type, why, and what must come of it. Nothing is run here."""

from collections.abc import Callable

from migrator.demo.accounts import Accounts
from migrator.demo.internet import DOMAIN, NEW_HOSTS, REGISTRY_ADDRESSES, Internet
from migrator.demo.seeds import SHOP
from migrator.model.names import for_people
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class World:
    """All that is outside the person's machine in real life."""

    accounts: Accounts
    internet: Internet


@dataclass(frozen=True, slots=True)
class Run:
    """A command of dns-migrator, the exit code that the story needs, and words that its output must have.

    `meaning` says what the exit code tells a script. `report` is the file that a quiet command writes.
    `sections` are the headings to show of a report whose other sections stood there before; empty for all.
    """

    words: str
    code: int
    meaning: str = ""
    output_has: tuple[str, ...] = ()
    report: str = ""
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that happens outside this machine in real life."""

    who: str
    told: str
    act: Callable[[World], None]


@dataclass(frozen=True, slots=True)
class WaitForInstant:
    """Wait until an instant that a report names, and no longer than the demo has patience."""

    report: str
    key: str
    told: str


Action = Run | Elsewhere | WaitForInstant


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its title, why an expert takes it, and what is done."""

    title: str
    why: str
    actions: tuple[Action, ...]


_ZONE = for_people(DOMAIN)
_OLD = f"route53:{_ZONE}"
_NEW = f"cloudflare:{_ZONE}"
_CONFIRM = f"confirm {_ZONE} --to {_NEW}"
_COMPARE = f"diff backup {_NEW}"
_THERE = f"import {_OLD} {_NEW}"
_BACK = f"import {_NEW} {_OLD}"


def _reported(words: str, code: int, report: str) -> Run:
    """Return the same command with its result in a file, of the format that the ending says."""
    format_ = {"txt": "", "md": " -f markdown", "json": " -f json"}[report.rpartition(".")[2]]
    return Run(f"{words}{format_} -o {report}", code, report=report)


def _switch_first(world: World) -> None:
    world.internet.register(NEW_HOSTS)
    world.internet.delegate(NEW_HOSTS, REGISTRY_ADDRESSES[0])


def _switch_second(world: World) -> None:
    world.internet.delegate(NEW_HOSTS, REGISTRY_ADDRESSES[1])
    world.accounts.activate()


def _hide_shop(world: World) -> None:
    world.accounts.switch_proxy_on(SHOP)


STEPS = (
    Step(
        "Back up the zone at the old provider, Route 53",
        "Before anything changes: a copy that loses nothing, that any name server can load, and that is read "
        "back before it is called a backup. What DNS cannot say (an alias, weights) is kept beside the records.",
        (Run(f"export {_OLD} -o backup", 0, output_has=("backup", "alias", "weight")),),
    ),
    Step(
        "Compare it with the zone at the new provider, Cloudflare",
        "A colleague has typed the zone in at Cloudflare. The web site works, so it looks right. The comparison "
        "goes record by record, and says what each gap would break.",
        (
            Run(_COMPARE, 1, "a script would stop here", ("mail2026._domainkey", "MX", "lab", "DMARC", SHOP)),
            _reported(_COMPARE, 1, "reports/before.md"),
            _reported(_COMPARE, 1, "reports/before.json"),
        ),
    ),
    Step(
        "Import what is missing",
        "What one provider can say and the other cannot is translated, and every loss is told before the first "
        "write. The shop is answered by weight, Cloudflare's DNS knows no weights, and only you can say whether "
        "that may be. The ledger accounts for every set that was read.",
        (
            Run(_THERE, 4, "nothing was written", ("alias-flattened", "--accept weights-merged")),
            Run(
                f"{_THERE} --accept weights-merged --yes",
                0,
                "written, read again and equal",
                ("read again and compared: as planned",),
                sections=("Ledger", "The target as it was"),
            ),
        ),
    ),
    Step(
        "Compare again, with the account and with its name servers",
        "An account is not a server. Every name and type of the old zone is asked of each new name server, and "
        "names made up at random too, for a wildcard would hide a gap.",
        (
            _reported(_COMPARE, 0, "reports/after.json"),
            Run(
                f"diff backup dns:{_ZONE}@{','.join(map(for_people, NEW_HOSTS))}",
                0,
                "both serve it all",
                ("The same",),
            ),
        ),
    ),
    Step(
        "Look at the delegation before the switch",
        "The registry's name servers decide where the world goes, so each of them is asked, from the root down, "
        "and no cache stands between. What is seen is remembered in dns-migrator.db: a TTL counts from the moment "
        "when the old name servers were seen last.",
        (Run(_CONFIRM, 1, "not done yet", ("not-started",)),),
    ),
    Step(
        "Switch the name servers at the registrar",
        "The one step that is yours: type the new name servers into the registrar's form. A registry has many "
        "servers, and they do not turn at the same moment.",
        (
            Elsewhere(
                "registrar", "takes the new name servers; one server of the registry has them", _switch_first
            ),
            Run(_CONFIRM, 1, "not done yet", ("mixed",), sections=("Parent", "Findings")),
            Elsewhere("registry", "the other server follows", _switch_second),
            Run(
                _CONFIRM,
                0,
                "done, though old answers live on",
                ("switched",),
                sections=("Parent", "Resolvers", "When old answers end", "Next"),
            ),
            _reported(_CONFIRM, 0, "reports/switched.json"),
        ),
    ),
    Step(
        "Wait for the last old answer",
        "Resolvers keep the old delegation until its TTL has run out: two days below many a top-level domain, "
        "some seconds here. The report names the instant, and until then the old zone must stay.",
        (
            WaitForInstant("reports/switched.json", "last_stale_answer", "The last old answer goes at"),
            Run(_CONFIRM, 0, "done", ("settled",), sections=("Parent", "Resolvers", "Next")),
            _reported(_CONFIRM, 0, "reports/settled.json"),
        ),
    ),
    Step(
        "The way back",
        "As long as the old zone is there, all that was changed at Cloudflare since can go back as well. What "
        "Route 53 has no word for is told again: without the proxy, everybody sees the address behind it.",
        (
            Elsewhere("colleague", f"switches on Cloudflare's proxy for {SHOP}", _hide_shop),
            Run(
                _BACK,
                4,
                "nothing was written",
                ("origin-exposed", "--delete-conflicting"),
                sections=("To be decided", "The target has", "Plan", "Ledger"),
            ),
            Run(
                f"{_BACK} --accept origin-exposed --delete-conflicting --yes",
                0,
                "written, read again and equal",
                ("read again and compared: as planned",),
                sections=("Ledger", "The target as it was"),
            ),
            Run(
                f"rollback {_ZONE} --yes",
                0,
                "Route 53 has its weights again",
                sections=("Plan",),
            ),
        ),
    ),
    Step(
        "The report",
        "All of this is in the state database: what was compared and lost, who decided what, when each server was "
        "seen to do what. One page tells it, for a client or for the next shift, without a script or a network.",
        (Run(f"report {_ZONE} -o report.html", 0, "the page is written"),),
    ),
)
