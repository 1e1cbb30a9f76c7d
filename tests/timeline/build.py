"""Measurements of a move, as a test needs them: a .com domain that is not signed and whose TTLs are long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from migrator.checks.facts import Strategy
from migrator.clock import Former, Measure
from migrator.model.names import absolute
from migrator.timeline.measured import High, Measured, Party

# A Monday.
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    """`Tue 12:10` of the week that begins with MONDAY; `Sat+1` is the week after."""
    day, clock = text.split()
    name, _, weeks = day.partition("+")
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(name) + 7 * int(weeks or 0)
    hours, minutes = map(int, clock.split(":"))
    return MONDAY.replace(hour=0) + timedelta(days=days, hours=hours, minutes=minutes)


def shown(moment: datetime | None) -> str:
    """The reverse of `at`."""
    if moment is None:
        return "-"
    weeks, seconds = divmod(int((moment - MONDAY.replace(hour=0)).total_seconds()), 7 * 86_400)
    days, seconds = divmod(seconds, 86_400)
    name = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[days] + (f"+{weeks}" if weeks else "")
    minutes, rest = divmod(seconds, 60)
    return f"{name} {minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")


def measure(name: str, seconds: int | None) -> Measure:
    return Measure(name, seconds, "" if seconds is not None else "nobody said")


def measured(**more: object) -> Measured:
    """A move of example.com at MONDAY, with some measurements replaced."""
    found = Measured(
        absolute("example.com."),
        MONDAY,
        Party("old.zone", "file", (absolute("ns1.old.example."),)),
        Party("new.zone", "file", (absolute("ns1.new.example."),)),
        300,
        Strategy.UNSIGNED,
        high=(High("example.com. NS", 86_400), High("www.example.com. A", 3600)),
        formers=(),
        unseen=(),
        parent_ns=measure("parent NS TTL", 172_800),
        parent_ds=measure("parent DS TTL", 86_400),
        old_ns=measure("old apex NS TTL", 86_400),
        new_ns=measure("new apex NS TTL", 300),
        old_keys=measure("old DNSKEY TTL", None),
        new_keys=measure("new DNSKEY TTL", None),
        old_negative=measure("old negative TTL", 300),
        new_negative=measure("new negative TTL", 900),
        changing=measure("longest TTL that changes", 3600),
    )
    return replace(found, **more)  # type: ignore[arg-type]


# What is different where the old zone, or both, are signed.
SIGNED: dict[str, object] = {"strategy": Strategy.GO_INSECURE, "old_keys": measure("old DNSKEY TTL", 3600)}
BOTH_SIGN: dict[str, object] = {
    "strategy": Strategy.MULTI_SIGNER,
    "old_keys": measure("old DNSKEY TTL", 3600),
    "new_keys": measure("new DNSKEY TTL", 3600),
}


def lowered(seen: datetime, seconds: int = 86_400) -> dict[str, object]:
    """What is different once the lower TTLs were seen at every old server."""
    former = Former("example.com. NS at ns1.old.example", seconds, seen)
    old, changing = measure("old apex NS TTL", 300), measure("longest TTL that changes", 300)
    return {"high": (), "formers": (former,), "old_ns": old, "changing": changing}
