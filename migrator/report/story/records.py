"""The parts of a report that are evidence: what was seen where and when, what was written, what was kept. Pure."""

from collections import Counter

from dns.rdatatype import RdataType

from migrator.codec.changes import action
from migrator.codec.history import rdatas
from migrator.model.change import key_of
from migrator.model.names import for_people
from migrator.model.phrases import counted
from migrator.model.rrset import RRsetKey
from migrator.past import Stretch, Write
from migrator.report.history import ttls
from migrator.report.story.values import Cell, Section, name_text, table, when
from migrator.story.account import Account, Backup

_ROLES = {"parent": "parent", "server": "name server"}
_ENDS = {"complete": "good", "incomplete": "fail", "": "warn"}


def evidence_section(account: Account) -> Section:
    """Return what servers showed of the delegation, from when to when."""
    rows = [_stretch(each) for each in account.seen]
    heads = ("Server", "Asked", "Showed", "TTL", "First", "Last", "Looks")
    command = f"dns-migrator history {for_people(account.domain)} --format json"
    what = "What each server of the parent, and each name server of the domain, showed of NS and DS. "
    says = (f"{what}Every single answer, with those of resolvers, is printed by: {command}.",)
    found = table("Seen from when to when", heads, rows, ", in what history prints")
    return Section("evidence", "Evidence", says if rows else ("Nothing was asked yet.",), (), found)


def writes_section(account: Account) -> Section:
    """Return the journal."""
    heads = ("Begun", "Run", "What", "Where", "Changes", "End")
    runs = table("Every run that wrote", heads, [_write(each) for each in account.writes])
    changes = table(
        "What they changed",
        ("RRset", "Run", "Change", "Outcome"),
        [each for write in account.writes for each in _changes(write)],
        ", in history --format json",
    )
    says = () if account.writes else ("Nothing was written.",)
    return Section("writes", "What was written", says, (), (*runs, *changes))


def backups_section(account: Account) -> Section:
    """Return the backups that were made on the way."""
    heads = ("Folder", "Made by", "At", "Digest", "Now")
    says = () if account.backups else ("No backup is known to this database.",)
    rows = [_backup(each) for each in account.backups]
    return Section("backups", "Backups", says, (), table("Backups that were made on the way", heads, rows))


def _stretch(each: Stretch) -> tuple[Cell, ...]:
    shown = rdatas(each.qtype, each.shown)
    text = f"not shown: {each.trouble}" if shown is None else ", ".join(shown) or "none"
    return (
        Cell(name_text(each.server) or each.address, lines=(each.address,) if each.server else ()),
        Cell(f"{name_text(each.qname)} {each.qtype}", lines=(_ROLES.get(each.role, each.role),)),
        Cell(text, "warn" if shown is None else ""),
        Cell(ttls(each)),
        when(each.first),
        when(each.last),
        Cell(str(each.looks)),
    )


def _write(write: Write) -> tuple[Cell, ...]:
    done = Counter(outcome or "without a result" for outcome in write.outcomes)
    parts = tuple(f"{number:,} {word}" for word, number in sorted(done.items()))
    links = [f"goes on from run {write.continues}"] if write.continues is not None else []
    links += [f"undoes run {write.undoes}"] if write.undoes is not None else []
    return (
        when(write.begun),
        Cell(str(write.number)),
        Cell(write.kind, lines=tuple(links)),
        Cell(write.locator, is_code=True, lines=(f"from {write.source}",) if write.source else ()),
        Cell(counted(len(write.changes), "change"), lines=parts),
        Cell(write.end or "none: it was interrupted", _ENDS.get(write.end, "")),
    )


def _changes(write: Write) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(_subject(key_of(change))),
            Cell(str(write.number)),
            Cell(action(change)),
            Cell(outcome or "not known", "good" if outcome == "done" else "warn"),
        )
        for change, outcome in zip(write.changes, write.outcomes, strict=True)
    ]


def _subject(key: RRsetKey) -> str:
    return " ".join(filter(None, (for_people(key.owner), RdataType.to_text(key.rdtype), key.variant)))


def _backup(each: Backup) -> tuple[Cell, ...]:
    now = each.now
    if now is None:
        state = Cell("not looked at", "note")
    elif now.trouble:
        state = Cell("cannot be read", "warn", (now.trouble,))
    elif each.digest and now.digest != each.digest:
        state = Cell("another zone than then", "fail", (now.digest,))
    else:
        state = Cell("whole", "good", (counted(now.records, "record"),))
    digest = each.digest or ("" if now is None else now.digest)
    return (
        Cell(each.folder, is_code=True),
        Cell(each.made_by),
        when(each.at),
        Cell(digest or "-", is_code=bool(digest)),
        state,
    )
