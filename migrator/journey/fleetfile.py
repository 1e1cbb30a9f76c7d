"""The list of a fleet: domains with their sides, as CSV or YAML. No IO here.

    domain,from,to,wave,accept                       - domain: example.org
    example.org,route53:{domain},cloudflare:,1,        from: route53:{domain}
    example.net,,,2,weights-merged                     wave: 2

`{domain}` in a locator becomes the domain; a side that a row does not name is that of the command line. A list of
domains alone, one a line, is a CSV of one column, with or without its heading. A first line that begins with a
single label is taken for a heading that is misspelt, unless the label ends in a dot.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml
from dns.name import Name

from migrator.errors import InputError
from migrator.journey.waves import MOST_WAVES
from migrator.model.domains import domain_named
from migrator.model.names import for_people, text_of
from migrator.model.values import dataclass

_COLUMNS = ("domain", "from", "to", "wave", "accept", "allow", "skip", "strategy", "selector")
_LISTS = frozenset({"accept", "allow", "skip", "selector"})
_MOST_DIGITS = 20
_OTHER_DIVIDERS = re.compile(r"[;\t]")
# What a zone that is on sale, an internal one or one of RFC 2317 is called; anything else is another column.
_DOMAIN = re.compile(r"[a-z0-9._/-]+")
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One domain of the list; empty where the row does not say. `place` is `file:line`, or `file: entry N`."""

    place: str
    domain: Name
    source: str = ""
    target: str = ""
    wave: int = 0
    accepts: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    strategy: str = ""
    selectors: tuple[str, ...] = ()


def read_fleet(text: str, file: str) -> tuple[Row, ...]:
    """Return the rows of a list; raises InputError that names the line of the first that cannot be one."""
    is_yaml = file.lower().endswith((".yaml", ".yml"))
    rows = tuple(_of_yaml(text, file) if is_yaml else _of_csv(text, file))
    seen: dict[Name, str] = {}
    for row in rows:
        if row.domain in seen:
            raise InputError(f"{row.place}: {for_people(row.domain)} stands at {seen[row.domain]} already.")
        seen[row.domain] = row.place
    if not rows:
        raise InputError(
            f"{file}: no domain in it; one a line was expected, or the columns {', '.join(_COLUMNS)}."
        )
    return rows


def _of_csv(text: str, file: str) -> Iterator[Row]:
    # A list saved as of an old Macintosh has carriage returns alone.
    reader = csv.reader(io.StringIO(text, newline=None), skipinitialspace=True, strict=True)
    heading: list[str] = []
    try:
        for line in reader:
            place = f"{file}:{reader.line_num}"
            cells = [cell.strip() for cell in line]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if not heading:
                heading = [cell.lower() for cell in cells]
                if "domain" in heading:
                    _refuse_unknown(heading, place)
                    _refuse_double(heading, place)
                    continue
                _refuse_misspelt(cells[0], place)
                heading = list(_COLUMNS[: len(cells)])
            if len(cells) > len(heading):
                raise InputError(f"{place}: {len(cells)} columns, where the heading has {len(heading)}.")
            yield _row(dict(zip(heading, cells, strict=False)), place)
    except csv.Error as exc:
        raise InputError(f"{file}:{reader.line_num}: no CSV: {exc}.") from exc


def _of_yaml(text: str, file: str) -> Iterator[Row]:
    try:
        found = yaml.load(text, _Loader)  # noqa: S506 it is a SafeLoader
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark is not None else file
        raise InputError(f"{where}: no YAML: {getattr(exc, 'problem', None) or exc}.") from exc
    except (ValueError, RecursionError) as exc:
        # A date that there cannot be, lists in lists without end.
        raise InputError(f"{file}: no YAML: {exc}.") from exc
    if isinstance(found, Mapping):
        found = found.get("domains")
    if not isinstance(found, list):
        raise InputError(f"{file}: a list of domains was expected, or `domains:` with one.")
    for number, entry in enumerate(found, 1):
        place = f"{file}: entry {number}"
        if isinstance(entry, str):
            yield _row({"domain": entry}, place)
        elif isinstance(entry, Mapping):
            members = {str(key).lower(): value for key, value in entry.items()}
            _refuse_unknown(members, place)
            yield _row({key: _words(key, value, place) for key, value in members.items()}, place)
        else:
            raise InputError(f"{place}: a domain, or one with its sides, was expected.")


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping, of which YAML keeps the last alone, and endless numbers."""

    def compose_mapping_node(self, anchor: dict[str, yaml.Node]) -> yaml.MappingNode:
        """Return the mapping; raises YAMLError at the second of two keys, as where a dash is forgotten."""
        node = super().compose_mapping_node(anchor)
        seen = set[str]()
        for key, _ in node.value:
            word = key.value.lower() if isinstance(key, yaml.ScalarNode) else ""
            if word in seen:
                problem = f"{key.value} stands twice in one entry"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            if word:
                seen.add(word)
        return node

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        """Return the number; raises YAMLError where it has more digits than anything here can have."""
        if len(node.value) > _MOST_DIGITS:
            raise yaml.MarkedYAMLError(problem="too long a number", problem_mark=node.start_mark)
        return super().construct_yaml_int(node)


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def _words(key: str, value: object, place: str) -> str:
    if key in _LISTS and isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ";".join(map(str, value))
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    expected = "a text or a list of texts" if key in _LISTS else "one text"
    raise InputError(f"{place}: {key}: {expected} was expected, found {value!r}.")


def _refuse_unknown(keys: Iterable[str], place: str) -> None:
    unknown = [key for key in keys if key not in _COLUMNS]
    if unknown:
        raise InputError(f"{place}: no column is called {', '.join(unknown)}; there are {', '.join(_COLUMNS)}.")


def _refuse_misspelt(cell: str, place: str) -> None:
    """Raise InputError where the first line begins with a word, as a heading does whose `domain` is misspelt."""
    if _WORD.fullmatch(cell):
        raise InputError(
            f"{place}: {cell!r} is no domain: a heading has {', '.join(_COLUMNS)}; a domain of one label ends in "
            "a dot here."
        )


def _refuse_double(heading: Sequence[str], place: str) -> None:
    double = next((key for key in heading if heading.count(key) > 1), "")
    if double:
        raise InputError(f"{place}: two columns are called {double}.")


def _row(cells: Mapping[str, str], place: str) -> Row:
    if _OTHER_DIVIDERS.search(cells.get("domain", "")):
        raise InputError(f"{place}: {cells['domain']!r} is no domain; a comma divides columns.")
    written = cells.get("domain", "").lower()
    if written in {"", "."}:
        raise InputError(f"{place}: the domain is missing.")
    try:
        domain = domain_named(written)
    except InputError as exc:
        raise InputError(f"{place}: {exc}") from exc
    if not _DOMAIN.fullmatch(text_of(domain)):
        raise InputError(f"{place}: {cells['domain']!r} is no domain.")
    wave = cells.get("wave", "") or "0"
    is_number = wave.isascii() and wave.isdigit() and len(wave) <= _MOST_DIGITS
    if not is_number or int(wave) > MOST_WAVES:
        shown = wave if len(wave) <= _MOST_DIGITS else f"{wave[:_MOST_DIGITS]}..."
        raise InputError(f"{place}: wave {shown}: a number from 0 to {MOST_WAVES} was expected.")
    lists = {key: tuple(filter(None, (word.strip() for word in cells.get(key, "").split(";")))) for key in _LISTS}
    return Row(
        place,
        domain,
        cells.get("from", ""),
        cells.get("to", ""),
        int(wave),
        lists["accept"],
        lists["allow"],
        lists["skip"],
        cells.get("strategy", ""),
        lists["selector"],
    )
