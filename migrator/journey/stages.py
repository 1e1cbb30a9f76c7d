"""The stages of a migration, in the order in which a domain goes through them. No IO here."""

from enum import StrEnum


class Stage(StrEnum):
    """One stage; each ends before the next begins.

    TTLs are lowered before the DS is removed: the keys' TTL counts in how long validating resolvers hold on, and
    both waits then run side by side.
    """

    BACKUP = "backup"
    PREPARE = "prepare"
    IMPORT = "import"
    VERIFY = "verify"
    LOWER_TTLS = "lower-ttls"
    DNSSEC = "dnssec"
    EXPIRE = "expire"
    READY = "ready"
    SWITCH = "switch"
    PARENT = "parent"
    RESOLVERS = "resolvers"
    CLOSE = "close"
    RESTORE_TTLS = "restore-ttls"

    @property
    def after(self) -> "Stage | None":
        """The stage that follows; None after the last."""
        place = STAGES.index(self) + 1
        return STAGES[place] if place < len(STAGES) else None

    @property
    def number(self) -> int:
        """The place in the order, from 1."""
        return STAGES.index(self) + 1

    @property
    def purpose(self) -> str:
        """What is done there, as reports say it."""
        return _PURPOSES[self]


STAGES = tuple(Stage)
_PURPOSES = {
    Stage.BACKUP: "Back up the old zone",
    Stage.PREPARE: "Look at the domain before anything changes",
    Stage.IMPORT: "Make the new zone and import into it",
    Stage.VERIFY: "Ask every new name server",
    Stage.LOWER_TTLS: "Lower the TTLs of the old zone",
    Stage.DNSSEC: "Make DNSSEC safe to switch",
    Stage.EXPIRE: "Wait until caches have let go",
    Stage.READY: "Go or no-go",
    Stage.SWITCH: "Hand over: the registrar's switch",
    Stage.PARENT: "Watch the parent",
    Stage.RESOLVERS: "Watch the resolvers until old answers are gone",
    Stage.CLOSE: "May the old zone go?",
    Stage.RESTORE_TTLS: "Put the TTLs back",
}
