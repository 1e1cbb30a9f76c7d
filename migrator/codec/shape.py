"""Checked access to JSON that somebody else may have written: each surprise is one line that says where. No IO.

A path such as `rrsets[3].ttl` names the place within the document, so that a person can find it.
"""

import json
from collections.abc import Iterable, Mapping

from migrator.errors import InputError
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """A JSON object in a document: `file` is the document's name for messages, `path` the place within it."""

    file: str
    path: str
    members: Mapping[str, object]

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string; raises InputError where it is absent without a default, or something else."""
        found = self._found(key, default)
        if not isinstance(found, str):
            raise self.wrong(key, "text", found)
        return found

    def integer(self, key: str) -> int:
        """Return a number without a fraction that is not negative."""
        found = self._found(key)
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise self.wrong(key, "a number from 0 on", found)
        return found

    def optional_integer(self, key: str) -> int | None:
        """Return a number as `integer` does, or None where it is absent or null."""
        return None if self.members.get(key) is None else self.integer(key)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of strings, empty where it is absent and not required."""
        found = self._found(key, None if required else [])
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise self.wrong(key, "a list of texts", found)
        return tuple(found)

    def shapes(
        self, key: str, *, required: bool = False, only: Iterable[int] | None = None
    ) -> tuple["Shape", ...]:
        """Return a list of objects, or those at some places; empty where it is absent and not required."""
        found = self._found(key, None if required else [])
        if not isinstance(found, list):
            raise self.wrong(key, "a list of objects", found)
        places = range(len(found)) if only is None else only
        return tuple(self._inner(f"{key}[{i}]", found[i]) for i in places)

    def shape(self, key: str) -> "Shape":
        """Return an object."""
        return self._inner(key, self._found(key))

    def wrong(self, key: str, expected: str, found: object) -> InputError:
        """Return the error that says what stands at `key` and what was expected there."""
        return self.error(key, f"{expected} was expected, found {_kind(found)}.")

    def error(self, key: str, message: str) -> InputError:
        """Return an error about the place `key`."""
        return InputError(f"{self.file}: {self._at(key)}: {message}")

    def _found(self, key: str, default: object = None) -> object:
        found = self.members.get(key, default)
        if found is None and key not in self.members:
            raise InputError(f"{self.file}: {self._at(key)} is missing.")
        return found

    def _inner(self, key: str, found: object) -> "Shape":
        if not isinstance(found, dict):
            raise self.wrong(key, "an object", found)
        return Shape(self.file, self._at(key), found)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def parse_object(text: str, file: str) -> Shape:
    """Return the JSON object that the text is; raises InputError where it is none."""
    try:
        found: object = json.loads(text)
    except json.JSONDecodeError as exc:
        raise InputError(f"{file}:{exc.lineno}: not JSON: {exc.msg}.") from exc
    except (ValueError, RecursionError) as exc:
        raise InputError(f"{file}: not JSON that can be read: {exc}.") from exc
    if not isinstance(found, dict):
        raise InputError(f"{file}: a JSON object was expected, found {_kind(found)}.")
    return Shape(file, "", found)


def expect_schema(document: Shape, schema: str) -> None:
    """Raise InputError unless the document is of this schema; a newer version of it is named as such."""
    found = document.members.get("schema")
    if found == schema:
        return
    family, _, _ = schema.rpartition("/")
    if not isinstance(found, str):
        raise InputError(f"{document.file}: no 'schema' that names the kind of document; {schema} was expected.")
    if found.rpartition("/")[0] == family:
        raise InputError(
            f"{document.file}: written in {found!r}, and this version reads {schema}: use the dns-migrator that "
            "wrote it, or a newer one."
        )
    raise InputError(f"{document.file}: the document is {found!r}, and {schema} was expected.")


def _kind(found: object) -> str:
    match found:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return f"the number {found}"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"
