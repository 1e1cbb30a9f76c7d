"""What to type, in order: the commands of this program with the locators of this move. No IO here."""

import shlex
from collections.abc import Iterator

from migrator.meaning.suffixes import place_of
from migrator.model.names import for_people
from migrator.model.shellwords import typed
from migrator.model.values import dataclass
from migrator.timeline.measured import Measured
from migrator.timeline.steps import State, Step, Timeline

# Live servers are asked and not listed; what is read by a zone transfer is not written either.
_LIVE = "dns"
_ONLY_READ = {_LIVE: "Who asks live servers", "axfr": "A zone transfer"}


@dataclass(frozen=True, slots=True)
class Options:
    """What was given to this program besides: options for every command, and for those with a memory."""

    network: str = ""
    database: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the runbook: `step` is the step of the timeline that it belongs to, empty before the first."""

    title: str
    step: str
    commands: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


def runbook(timeline: Timeline, options: Options = Options()) -> tuple[Entry, ...]:
    """Return the pages; a step that is done or not needed has none."""
    book = _Book(timeline, options)
    pages = book.before() if timeline.measured.switched is None else ()
    return (*pages, *book.after())


class _Book:
    """Writes the pages with one domain, two locators and the options filled in."""

    def __init__(self, timeline: Timeline, options: Options) -> None:
        found = timeline.measured
        self._timeline = timeline
        self._found = found
        self._domain = shlex.quote(for_people(found.domain))
        self._old, self._new = typed(found.old.locator), typed(found.new.locator)
        self._network = f" --network {shlex.quote(options.network)}" if options.network else ""
        self._memory = f" --database {shlex.quote(options.database)}" if options.database else ""

    def before(self) -> Iterator[Entry]:
        """Yield what comes before the switch, and the switch."""
        yield self._prepared()
        if self._is_open("lower-ttls"):
            lower = f"ttl lower {self._domain} --from {self._old} --to {self._found.target_ttl}"
            title, step = "Lower the TTLs of the old zone", "lower-ttls"
            if self._found.old.scheme == _LIVE:
                by_hand = (
                    f"Live servers do not list their zone: lower its TTLs to {self._found.target_ttl} s by hand."
                )
                yield Entry(title, step, (self._check("ready", "--only ttl"),), (by_hand,))
            else:
                yield Entry(title, step, (self._remembering(lower),))
        yield from self._signing()
        yield Entry(
            "Go or no-go",
            "earliest-cutover",
            (self._check("ready"),),
            ("Go on only if its last line says go; it names the instant where it is too early.",),
        )
        yield self._switched()

    def after(self) -> Iterator[Entry]:
        """Yield what comes after the switch."""
        if self._found.is_ds_left:
            says = ("Remove it at the registrar at once: resolvers that validate fail until its TTL is past.",)
            yield Entry(
                "Remove the DS that was left", "remove-ds", (self._check("switch", "--only dnssec"),), says
            )
        yield Entry("Follow the delegation until it has settled", "delegation-settled", (self._check("settle"),))
        yield self._restored()
        if self._is_open("sign-again"):
            sign = (
                "Switch signing on at the new provider.",
                (
                    "Its DS goes to the registrar at the instant of 'Add the DS of the new zone at the "
                    "registrar', not before: caches still hold answers without signatures."
                ),
            )
            yield Entry("Sign again", "sign-again", (self._check("settle", "--only dnssec"),), sign)
        if self._is_open("remove-old-ds"):
            says = (
                "Remove the DS of the old keys at the registrar, and wait for its TTL before the old zone goes.",
            )
            yield Entry("Leave the old keys", "remove-old-ds", (self._check("close", "--only dnssec"),), says)
        says = ("This program deletes no zone: delete the old one with its provider's own tools, last of all.",)
        yield Entry("Close", "safe-deletion", (self._check("close"),), says)

    def _prepared(self) -> Entry:
        says = ["`check` remembers the TTLs of today, before anything is lowered: the evidence for `ready`."]
        commands = [self._check("prepare")]
        if self._found.old.scheme == _LIVE:
            says.append("Live servers do not list their zone: `discover` finds what can be found of it.")
        else:
            target = self._new
            if self._found.new.scheme in _ONLY_READ:
                target = shlex.quote(f"file:{for_people(self._found.domain)}.zone")
                says.append(
                    f"{_ONLY_READ[self._found.new.scheme]} writes nothing: import into a zone file, and have the "
                    "new name servers load it, with their own names in its NS records, before `diff`."
                )
            commands += [
                f"dns-migrator export {self._old}{self._network}",
                self._remembering(f"import {self._old} {target}"),
                f"dns-migrator diff {self._old} {self._new}{self._network}",
            ]
        return Entry("Prepare: back up, import, compare", "", tuple(commands), tuple(says))

    def _restored(self) -> Entry:
        """Return how the TTLs are put back; what was lowered by hand at live servers is not remembered."""
        title, step = "Put the TTLs back", "restore-ttls"
        if self._found.old.scheme == _LIVE:
            return Entry(
                title,
                step,
                (),
                ("By hand, as they were lowered: at the old provider, and at the new one where it has them.",),
            )
        if self._found.new.scheme == _LIVE:
            says = "At the old provider; at the new one by hand, where the import took low TTLs along."
            return Entry(title, step, (self._remembering(f"ttl restore {self._domain}"),), (says,))
        restore = self._remembering(f"ttl restore {self._domain} --to {self._new}")
        says = "At the old provider and at the new one, where the import took low TTLs along."
        return Entry(title, step, (restore,), (says,))

    def _signing(self) -> Iterator[Entry]:
        if self._is_open("remove-ds"):
            says = ("Remove the DS at the registrar. Leave the old zone signed until the gate is past.",)
            yield Entry("Leave DNSSEC for the move", "remove-ds", (self._check("ready", "--only dnssec"),), says)
        if any(step.id == "exchange-keys" and step.state is State.AHEAD for step in self._timeline.steps):
            says = ("Publish each side's zone-signing key in the other's DNSKEY set, and both DS (RFC 8901).",)
            yield Entry("Exchange the keys", "exchange-keys", (self._check("ready", "--only dnssec"),), says)

    def _switched(self) -> Entry:
        new = [for_people(name) for name in self._found.new.name_servers]
        old = [for_people(name) for name in self._found.old.name_servers]
        goal = f"exactly: {' '.join(new)}" if new else "those of the new provider, which are not known yet."
        back = f"the same form, with {' '.join(old)}" if old else "not known: the old name servers were not found"
        hosts = "; ".join(f"{for_people(name)} = {', '.join(texts)}" for name, texts in self._found.moving)
        place = place_of(self._found.domain)
        says = (
            f"{place.capitalize()}, replace all name servers by {goal}",
            *([f"The names stay, and move: change their host records (glue) there: {hosts}."] if hosts else []),
            f"The way back: {back}{', at their present addresses' if hosts else ''}.",
            "If the old provider allows it, let the old zone list the new name servers at its apex too.",
        )
        watch = self._remembering(f"confirm {self._domain} --from {self._old} --to {self._new} --watch")
        return Entry("Switch", "switch", (watch, self._check("switch")), says)

    def _check(self, phase: str, more: str = "") -> str:
        rest = f" {more}" if more else ""
        both = f"--from {self._old} --to {self._new}"
        return self._remembering(f"check {self._domain} --phase {phase} {both}{rest}")

    def _remembering(self, text: str) -> str:
        return f"dns-migrator {text}{self._network}{self._memory}"

    def _is_open(self, id_: str) -> bool:
        """Tell whether the step is there and still to be done."""
        found = [step for step in self._timeline.steps if step.id == id_]
        return any(_is_ahead(step) for step in found)


def _is_ahead(step: Step) -> bool:
    return step.state in {State.AHEAD, State.UNKNOWN}


def old_and_new(found: Measured) -> tuple[tuple[str, str, str], ...]:
    """Return for each side its word, its locator and its name servers, as reports show them."""
    rows = (("from", found.old), ("to", found.new))
    return tuple(
        (word, side.locator or "-", " ".join(map(for_people, side.name_servers)) or "not known")
        for word, side in rows
    )
