"""Modules that others load and that comparing two zones has no use for: loaded when they are first used.

`dns.name` asks `importlib.metadata` whether the package idna is there, and what answers takes more than half as
long to load as dnspython itself. (It is there: this program depends on it.) It loads both forms of IDNA, for names
that are not ASCII. The classes of TXT and SPF load all that makes a message, for one function that writes a
length, and `dns.rdata` what draws lots. `inspect`, which dnspython and `dataclasses` need, loads what reads lines
of code; `dataclasses` what copies, and `pathlib` what knows the paths of Windows.
"""

import importlib
import sys
from types import ModuleType

_UNUSED = (
    *("copy", "dns.renderer", "encodings.idna", "idna", "importlib.metadata", "ntpath", "random", "tokenize"),
)


class _Later(ModuleType):
    """Stands for a module that is loaded when something of it is first asked for.

    `importlib.util.LazyLoader` would load it at once: each `import` of what is there looks at its `__spec__`.
    """

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def put_off() -> None:
    """Let those modules wait until they are used; for a process that has not loaded dnspython yet."""
    if "dns" in sys.modules:
        return
    for name in _UNUSED:
        if name not in sys.modules:
            _stand_in(name)
    from dns import _features

    # "A workaround for any cases where importlib.metadata is ineffective", says its docstring.
    _features.force("idna", enabled=True)


def _stand_in(name: str) -> None:
    package, _, last = name.rpartition(".")
    sys.modules[name] = _Later(name)
    if package:  # what imports it by its whole name finds it as an attribute of its package
        setattr(importlib.import_module(package), last, sys.modules[name])
