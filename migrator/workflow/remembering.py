"""The memory as a look uses it: where it cannot be written, the look goes on and says so."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from dns.name import Name

from migrator.checks.history import History
from migrator.codec.confirm import registrar_document
from migrator.confirm import Taken, Wanted
from migrator.cutover.look import Unasked
from migrator.cutover.memory import Memory, Named, set_text
from migrator.cutover.registrar import Registrar
from migrator.errors import StoreError
from migrator.model.names import absolute
from migrator.state.documents import Documents
from migrator.state.journal import Journal
from migrator.state.store import Entry, Store, open_store

OLD_SIDE = "dns-migrator/old-side/1"


class Remembering:
    """What earlier looks saw, and where this one is kept; `is_whole` is False once something was not kept."""

    def __init__(self, store: Store | None, domain: Name, say: Callable[[str], None]) -> None:
        """Recall what is known of the domain; without a store, nothing. `say` tells a person what is wrong."""
        self.is_whole = True
        self.recalled = Memory()
        self.history = History()
        self._store = store
        self._domain = domain
        self._say = say
        self._registrar: Registrar | None = None
        if store is not None:
            try:
                self.recalled = replace(store.memory(domain), named=_named(store, domain))
                self.history = store.history(domain)
            except StoreError as exc:
                self.trouble(exc)

    def overtaken_backups(self) -> frozenset[str]:
        """Return the backups that imports and rollbacks took, and that what they wrote has overtaken."""
        if self._store is None:
            return frozenset()
        try:
            return Journal(self._store).overtaken(self._domain)
        except StoreError as exc:
            self.trouble(exc)
            return frozenset()

    def keep_look(self, wanted: Wanted, taken: Taken) -> None:
        """Remember a look at a switch: what was seen, the old set that was named, what the registry said."""
        self.keep(taken.entries)
        self.keep_old_side(wanted.expected, wanted.old)
        self.keep_registrar(taken.judgement.look.registrar, taken.judgement.at)

    def keep(self, entries: Iterable[Entry]) -> None:
        """Remember what a look saw, or say that it will not be remembered."""
        if self._store is None:
            return
        try:
            self._store.append(entries)
        except StoreError as exc:
            self.trouble(exc)

    def keep_old_side(self, expected: Iterable[Name], old: Iterable[Name]) -> None:
        """Remember the old set that was named for a move, for looks that do not name it; none says nothing."""
        sets = set_text(expected), set_text(old)
        known = self.recalled.named
        if self._store is None or not all(sets) or (known is not None and sets == (known.expected, known.old)):
            return
        text = json.dumps({"schema": OLD_SIDE, "expected": sets[0].split(), "old": sets[1].split()})
        try:
            Documents(self._store).keep(self._domain, text)
            self.recalled = replace(self.recalled, named=_named(self._store, self._domain))
        except StoreError as exc:
            self.trouble(exc)

    def keep_registrar(self, seen: Registrar | Unasked | None, at: datetime) -> None:
        """Remember what the registry said, where it said something else than a moment ago."""
        if self._store is None or not isinstance(seen, Registrar) or seen == self._registrar:
            return
        self._registrar = seen
        try:
            shown = json.dumps(registrar_document(seen))
            self._store.append_registration(self._domain, at, seen.source, shown)
        except StoreError as exc:
            self.trouble(exc)

    def keep_document(self, text: str) -> None:
        """Keep what the command found, as the document that it prints, or say that it will not be there."""
        if self._store is None:
            return
        try:
            Documents(self._store).keep(self._domain, text)
        except StoreError as exc:
            self.trouble(exc)

    def trouble(self, exc: StoreError) -> None:
        """Say what is wrong with the memory: also to those who want no progress."""
        self.is_whole = False
        self._say(f"dns-migrator: {exc} What was seen is shown, and will not be remembered.")


@contextmanager
def remembering(database: str, domain: Name, say: Callable[[str], None]) -> Iterator[Remembering]:
    """Open the state database for one domain; raises InputError where it can be no database of ours."""
    try:
        store = open_store(database)
    except StoreError as exc:
        memory = Remembering(None, domain, say)
        memory.trouble(exc)
        yield memory
        return
    with store:
        yield Remembering(store, domain, say)


def _named(store: Store, domain: Name) -> Named | None:
    """Return the old set that was named last; raises InputError where the document is damaged."""
    kept = Documents(store).last(domain, OLD_SIDE)
    if kept is None:
        return None
    shape = kept.shape()
    expected, old = (set_text(map(absolute, shape.texts(key, required=True))) for key in ("expected", "old"))
    return Named(expected, old, kept.at)
