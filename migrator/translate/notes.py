"""What people wrote beside records: comments, tags, metadata, each in the form that the target has. No IO here.

    comment "owned by ops", tag team:web   ->  metadata comment="owned by ops", team="web"
    metadata team="web", cost-centre="17"  ->  tags team:web, cost-centre:17
                                           ->  or, without tags, the comment "team=web; cost-centre=17"

The words of single records become words of their set where the target has no others. What has several lines stands
on one, but in metadata: a comment that has a line break is refused, and its record with it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from migrator.model.capabilities import Capabilities
from migrator.model.extras import Extra, ForRecord, Metadata, Note, Tags, plain
from migrator.model.values import dataclass
from migrator.translate import words
from migrator.translate.work import Draft, Work, says_nothing

# What people wrote.
WORDS = (Note, Tags, Metadata)
_COMMENT = "comment"
# https://developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes/ (2026-11-20)
_TAG_NAME = re.compile(r"(?!cf-)[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class _Pair:
    """One thing that was written: a comment has no name, a tag may have no text."""

    name: str
    text: str


def notes(work: Work) -> None:
    """Keep what people wrote, or write it as the target can."""
    for draft in work.all():
        written = [e for e in draft.rrset.extras if isinstance(plain(e), WORDS) and not says_nothing(e)]
        if written and not all(_is_held(work.target, extra) for extra in written):
            _convert(work, draft, written)


def with_metadata(extras: Sequence[Extra], written: Sequence[Extra]) -> tuple[Extra, ...]:
    """Return extras with what was written as metadata among them, in the place of others of the same name."""
    made = _as_metadata(_said(written))
    names = {extra.name for extra in made}
    return (*(e for e in extras if not (isinstance(e, Metadata) and e.name in names)), *made)


def shown(written: Sequence[Extra]) -> str:
    """Return what was written as people read it."""
    return ", ".join(map(_text, _said(written)))


def _said(written: Sequence[Extra]) -> list[_Pair]:
    inner = [extra for extra in map(plain, written) if isinstance(extra, WORDS)]
    return list(dict.fromkeys(pair for extra in inner for pair in _pairs(extra)))


def _is_held(target: Capabilities, extra: Extra) -> bool:
    inner = plain(extra)
    if type(inner) not in (target.record_extras if isinstance(extra, ForRecord) else target.extras):
        return False
    match inner:
        case Note():
            return target.note_length is None or len(inner.text) <= target.note_length.bound
        case Tags():
            return target.tags_in_record is None or len(inner.tags) <= target.tags_in_record.bound
        case _:
            return True


def _convert(work: Work, draft: Draft, written: Sequence[Extra]) -> None:
    others = tuple(extra for extra in draft.rrset.extras if extra not in written)
    made, lost = _written(work.target, _said(written))
    if made:
        message = f"What was noted of the set takes the form that {work.there} has: {_kinds(made)}."
        work.lose(draft, words.NOTES_CONVERTED, message)
    if lost:
        shown = ", ".join(_text(pair) for pair in lost)
        work.lose(draft, words.NOTES_LOST, f"{work.there} has no place for what was noted of the set: {shown}.")
    work.swap(draft, replace(draft.rrset, extras=(*others, *made)))


def _pairs(extra: Note | Tags | Metadata) -> list[_Pair]:
    match extra:
        case Note():
            return [_Pair("", extra.text)]
        case Metadata():
            return [_Pair("", extra.text) if extra.name == _COMMENT else _Pair(extra.name, extra.text)]
        case Tags():
            return [_Pair(name, text) for name, _, text in (tag.partition(":") for tag in extra.tags)]


def _written(target: Capabilities, pairs: list[_Pair]) -> tuple[list[Extra], list[_Pair]]:
    """Return the extras that say the pairs at the target, and the pairs that have no place."""
    if Metadata in target.extras:
        return [*_as_metadata(pairs)], []
    made: list[Extra] = []
    left = pairs = [replace(pair, text=" ".join(pair.text.splitlines())) for pair in pairs]
    if Tags in target.extras:
        most = len(pairs) if target.tags_in_record is None else target.tags_in_record.bound
        tags = [pair for pair in pairs if _TAG_NAME.fullmatch(pair.name)][:most]
        left = [pair for pair in pairs if pair not in tags]
        made += [Tags(tuple(sorted(f"{p.name}:{p.text}" if p.text else p.name for p in tags)))] if tags else []
    if Note not in target.extras:
        return made, left
    fitting: list[_Pair] = []
    for pair in left:
        if _fits(target, "; ".join(map(_text, (*fitting, pair)))):
            fitting.append(pair)
    made += [Note("; ".join(map(_text, fitting)))] if fitting else []
    return made, [pair for pair in left if pair not in fitting]


def _as_metadata(pairs: list[_Pair]) -> list[Metadata]:
    texts: dict[str, list[str]] = {}
    for pair in pairs:
        texts.setdefault(pair.name or _COMMENT, []).append(pair.text)
    return [Metadata(name, "; ".join(found)) for name, found in texts.items()]


def _fits(target: Capabilities, text: str) -> bool:
    return target.note_length is None or len(text) <= target.note_length.bound


def _text(pair: _Pair) -> str:
    if not pair.name:
        return pair.text
    return f"{pair.name}={pair.text}" if pair.text else pair.name


def _kinds(made: Sequence[Extra]) -> str:
    return ", ".join(dict.fromkeys("comment" if extra.kind == Note.kind else extra.kind for extra in made))
