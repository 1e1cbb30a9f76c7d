"""One answer of the API: its envelope, its problems, its pages. No IO here.

    {"result": ..., "success": true, "errors": [{"code": 1004, "message": "DNS Validation Error",
     "error_chain": [{"code": 9300, "message": "..."}]}], "messages": [], "result_info": {"total_pages": 1, ...}}

HTTP 200 with `success: false` is a refusal. The cause stands in `error_chain`, or, since October 2024, directly in
`errors`: https://developers.cloudflare.com/fundamentals/api/reference/deprecations/ (2026-11-20).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from types import MappingProxyType

from migrator.model.values import dataclass

Native = Mapping[str, object]

_SUCCESS = range(200, 300)
_DEEPEST = 5
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as Cloudflare tells it; `pointer` names the part of the request, where it says."""

    code: int
    message: str
    pointer: str = ""


@dataclass(frozen=True)
class Reply:
    """One answer: its status, its octets as received, its headers in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_HEADERS)

    @cached_property
    def native(self) -> Native | None:
        """The envelope, or None where the body is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, Mapping) else None

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The errors, the causes before what they caused."""
        return () if self.native is None else tuple(_problems(self.native.get("errors"), 0))

    @property
    def codes(self) -> frozenset[int]:
        """The codes of all errors."""
        return frozenset(problem.code for problem in self.problems)

    @property
    def accepted(self) -> bool:
        """Whether the request was carried out."""
        native = self.native
        return (
            self.status in _SUCCESS
            and native is not None
            and "result" in native
            and native.get("success") is not False
        )

    @property
    def refused(self) -> bool:
        """Whether Cloudflare itself says no: a proxy's or gateway's page says nothing."""
        return self.native is not None and not self.accepted and (bool(self.problems) or "success" in self.native)

    @property
    def result(self) -> object:
        """What was asked for."""
        return None if self.native is None else self.native.get("result")

    def result_object(self) -> Native:
        """Return the result where it is an object, else an empty one."""
        return self.result if isinstance(self.result, Mapping) else {}

    def result_list(self) -> list[object] | None:
        """Return the result where it is a list."""
        return self.result if isinstance(self.result, list) else None

    def page_info(self, name: str) -> int | None:
        """Return a number of `result_info` (`total_pages`, `total_count`, `per_page`), where it stands there."""
        info = None if self.native is None else self.native.get("result_info")
        return whole(info.get(name)) if isinstance(info, Mapping) else None


def whole(found: object) -> int | None:
    """Return the whole number that a JSON value is (10, 10.0, "10"), or None."""
    match found:
        case bool():
            return None
        case int():
            return found
        case float():
            return int(found) if found.is_integer() else None
        case str() if found.isascii() and found.isdecimal() and len(found) < 20:  # noqa: PLR2004 - 64 bits
            return int(found)
        case _:
            return None


def text(found: object) -> str:
    """Return the text that a JSON value is, or an empty one."""
    return found if isinstance(found, str) else ""


def mapping(found: object) -> Native:
    """Return the object that a JSON value is, or an empty one."""
    return found if isinstance(found, Mapping) else {}


def _problems(errors: object, depth: int) -> Iterator[Problem]:
    if not isinstance(errors, list) or depth > _DEEPEST:
        return
    for error in errors:
        if isinstance(error, Mapping):
            yield from _problems(error.get("error_chain"), depth + 1)
            pointer = text(mapping(error.get("source")).get("pointer"))
            yield Problem(whole(error.get("code")) or 0, text(error.get("message")), pointer)
