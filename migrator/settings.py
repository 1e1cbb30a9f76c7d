"""The keys of a TOML table, taken one by one with their types and ranges; what is left over is unknown. No IO."""

from collections.abc import Mapping
from pathlib import Path

from migrator.errors import InputError


class Table:
    """One table of a TOML file; `folder` is what its relative paths are relative to."""

    def __init__(self, where: str, found: Mapping[str, object], folder: Path, prefix: str = "") -> None:
        """Begin with no key taken; `prefix` names the table in messages."""
        self.folder = folder
        self._where = where
        self._found = found
        self._prefix = prefix
        self._taken: list[str] = []

    def take(self, key: str, default: object = None) -> object:
        """Return what stands under the key, of whatever type."""
        self._taken.append(key)
        return self._found.get(key, default)

    def wrong(self, key: str, why: str) -> InputError:
        """Return the error that names the file, the key, and why it cannot be used."""
        return InputError(f"{self._where}: {self._prefix}{key}: {why}.")

    def refuse_unknown(self) -> None:
        """Raise InputError where the table has a key that nobody took."""
        unknown = sorted(self._found.keys() - set(self._taken))
        if unknown:
            raise self.wrong(unknown[0], f"unknown key; there are {', '.join(self._taken)}")

    def integer(self, key: str, default: int, lowest: int, highest: int) -> int:
        """Take a whole number."""
        found = self.take(key, default)
        if isinstance(found, int) and not isinstance(found, bool) and lowest <= found <= highest:
            return found
        raise self.wrong(key, f"a whole number from {lowest} to {highest} was expected, not {found!r}")

    def number(self, key: str, default: float, highest: float, *, none: bool = False) -> float:
        """Take a number above 0, whole or not; with `none` also 0, which stands for no limit."""
        found = self.take(key, default)
        if isinstance(found, int | float) and not isinstance(found, bool):
            number = float(found)
            within = 0 < number <= highest
            if within or (none and number == 0):
                return number
        wanted = f"a number above 0 and up to {highest:,.0f}{', or 0 for no limit,' if none else ''}"
        raise self.wrong(key, f"{wanted} was expected, not {found!r}")

    def truth(self, key: str, *, default: bool) -> bool:
        """Take true or false."""
        found = self.take(key, default)
        if isinstance(found, bool):
            return found
        raise self.wrong(key, f"true or false was expected, not {found!r}")

    def text(self, key: str, default: str) -> str:
        """Take a text."""
        found = self.take(key, default)
        if isinstance(found, str):
            return found
        raise self.wrong(key, f"a text in quotes was expected, not {found!r}")

    def tables(self, key: str) -> "list[Table] | None":
        """Take an array of tables; None where the key is not there."""
        found = self.take(key)
        if found is None:
            return None
        if isinstance(found, list) and all(isinstance(each, dict) for each in found):
            return [Table(self._where, each, self.folder, f"{key}[{n}].") for n, each in enumerate(found, 1)]
        raise self.wrong(key, f"tables were expected, each under [[{key}]]")
