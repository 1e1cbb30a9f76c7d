"""The parts of a report that say what was compared and checked, and what becomes of mail. Pure."""

from migrator.clock import instant
from migrator.model.phrases import counted
from migrator.report.history import registry_lines
from migrator.report.story.values import Cell, Section, name_text, table, when
from migrator.story.account import Account, Checked, Comparison, Listing, Mail, Switch, Trouble

_VERDICTS = {"go": "good", "no-go": "fail", "incomplete": "warn", "same": "good", "different": "fail"}
_MAIL = {"same": "good", "changed": "warn", "lost": "fail"}
_STATUS = {"fail": ("fail", "error"), "warn": ("warn", "warning"), "unchecked": ("warn", "not compared")}
# The phases whose checklists ask every new name server for what the old zone has.
_WHOLE = frozenset({"ready", "switch", "settle"})
_ASKED = "The checklists below asked every new name server for what the old zone has."
_NOT_COMPARED = "The old and the new zone were not compared yet (dns-migrator diff)."
_NOT_ASKED = "The servers of the parent were not asked about the switch yet (dns-migrator confirm)."
_LISTS = {"new": "good", "old": "note"}


def compared_section(account: Account) -> Section:
    """Return the last comparison and the checklists."""
    compared, asked = account.papers.comparison, account.papers.checklists
    if compared is not None:
        says = _comparison(compared)
    else:
        says = [_ASKED if any(each.phase in _WHOLE for each in asked) else _NOT_COMPARED]
    differences = [] if compared is None else [_difference(each) for each in compared.differences]
    heads = ("RRset", "Gravity", "What differs, and what that breaks")
    checklists = [_checklist(each) for each in account.papers.checklists]
    return Section(
        "compared",
        "What was compared and checked",
        (*says, *(() if checklists else ("No checklist was run.",))),
        (),
        (
            *table("Differences", heads, differences, ", in what diff prints"),
            *table("Checklists, the last of each phase", _CHECKLIST_HEADS, checklists),
        ),
    )


def mail_section(account: Account) -> Section:
    """Return what becomes of mail."""
    compared = account.papers.comparison
    found = () if compared is None else compared.mail
    rows = [_mail(each) for each in found]
    says = [
        f"Checklist {each.phase}: mail checks {_counts(each.mail)}."
        for each in account.papers.checklists
        if each.mail
    ]
    if not found and not says:
        says.insert(0, "No comparison has judged the mail of this domain.")
    caption = "" if compared is None else f"Mail domains, as compared on {instant(compared.at)}"
    heads = ("Mail domain", "Verdict", "Services", "Reasons")
    return Section("mail", "Mail", tuple(says), (), table(caption, heads, rows))


def switch_section(account: Account) -> Section:
    """Return the last look at the parent and the resolvers."""
    switch = account.papers.switch
    registry = [f"The registry (RDAP): {line}" for line in list(registry_lines(account.registrations))[-1:]]
    if switch is None:
        return Section("switch", "The switch", (_NOT_ASKED, *registry))
    says = [
        f"Last looked at {instant(switch.at)}: stage {switch.stage or 'not known'}.",
        f"Expected name servers: {', '.join(map(name_text, switch.expected)) or 'none named'}.",
    ]
    if switch.switched is not None:
        says.append(f"Every server of the parent lists them since {instant(switch.switched)}.")
    if switch.last_stale is not None:
        says.append(_last_stale(switch, switch.formula or instant(switch.last_stale)))
    if switch.resolvers:
        says.append(f"Resolvers: {', '.join(f'{number} {state}' for state, number in switch.resolvers)}.")
    says += registry
    rows = [_listing(each) for each in switch.parent]
    heads = ("Server of the parent", "Lists", "Name servers", "TTL", "DS records")
    return Section("switch", "The switch", tuple(says), (), table("What the parent listed", heads, rows))


_CHECKLIST_HEADS = ("Phase", "Verdict", "Made", "Not before", "Results")


def _last_stale(switch: Switch, formula: str) -> str:
    if not switch.unknown:
        return f"Last stale answer: {formula}."
    return f"Last stale answer: not before {formula}. Not known: {'; '.join(switch.unknown)}."


def _comparison(compared: Comparison) -> list[str]:
    counts = [f"{number} {kind}" for kind, number in compared.counts if number or kind == "same"]
    if compared.verdict == "same":
        said = f"{compared.new} has all that {compared.old} has."
    else:
        said = f"{compared.new} differs from {compared.old}."
    return [f"Compared on {instant(compared.at)}: {said}", f"RRsets: {', '.join(counts)}."]


def _difference(each: Trouble) -> tuple[Cell, ...]:
    mark, word = _STATUS.get(each.status, ("note", "notice"))
    return Cell(each.subject), Cell(word, mark), Cell(each.message)


def _checklist(each: Checked) -> tuple[Cell, ...]:
    return (
        Cell(each.phase),
        Cell(each.verdict, _VERDICTS.get(each.verdict, "")),
        when(each.at),
        when(each.not_before),
        Cell(_counts(each.counts)),
    )


def _counts(counts: tuple[tuple[str, int], ...]) -> str:
    words = {"fail": "failed", "unchecked": "not checked", "warn": "warned", "pass": "passed"}
    shown = [f"{number} {words[key]}" for key, number in counts if key in words and number]
    needless = dict(counts).get("not-needed", 0)
    return ", ".join([*shown, *([f"{counted(needless, 'check')} not needed"] if needless else [])]) or "none"


def _mail(each: Mail) -> tuple[Cell, ...]:
    reasons = (*each.reasons, *(f"not checked: {reason}" for reason in each.unchecked))
    return (
        Cell(name_text(each.domain)),
        Cell(each.verdict, _MAIL.get(each.verdict, "")),
        Cell(", ".join(each.services) or "-"),
        Cell(reasons[0] if reasons else "Senders and receivers find what they found before.", lines=reasons[1:]),
    )


def _listing(each: Listing) -> tuple[Cell, ...]:
    return (
        Cell(name_text(each.server) or "-", lines=(each.address,)),
        Cell(each.lists, _LISTS.get(each.lists, "warn")),
        Cell(", ".join(map(name_text, each.ns)) or "-"),
        Cell("-" if each.ttl is None else f"{each.ttl} s"),
        Cell("not said" if each.ds is None else str(each.ds)),
    )
