"""Loading sqlite-utils and ulid without what they bring along.

sqlite-utils imports numpy wherever it is installed, to know column types for its arrays. The program stores none, and its first opening of the
store would wait 80 ms longer for it (FINDINGS.md). Pictures may still be measured with numpy, when a picture comes. The click of its command line, the
dateutil of its recipes, the system's own SQLite, and what ulid asks for its own version and a decorator are 6 MB that nobody here calls.
"""

from __future__ import annotations

import sys
from threading import get_ident
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.machinery import ModuleSpec

UNNEEDED = frozenset({"numpy", "pandas"})

STAND_INS: Final[dict[str, Mapping[str, Any]]] = {
    "click": {"Group": object},
    "dateutil": {"parser": None},
    "importlib.metadata": {"version": str},
    "typing_extensions": {"override": lambda method: method},
}
"""What else is not needed, and what is asked of it while it is imported."""


class _Without:
    """Says on this one thread that a package is not installed: another may be importing it for good reason meanwhile."""

    def __init__(self) -> None:
        self._thread = get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse the unneeded packages, leave all else to the next finder."""
        del path, target
        if fullname in UNNEEDED and get_ident() == self._thread:
            raise ModuleNotFoundError(f"{fullname} is not needed here", name=fullname)
        return None


def load() -> None:
    """Import sqlite-utils and ulid, once. What they find missing, or something else in its place, stays importable for everybody else."""
    if "sqlite_utils" in sys.modules:
        return
    import sqlcipher3.dbapi2  # noqa: PLC0415

    stand_ins = {"sqlite3": sqlcipher3} | {name: _stand_in(name) for name in STAND_INS}
    stand_ins = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    without = _Without()
    sys.meta_path.insert(0, without)
    sys.modules.update(stand_ins)
    try:
        import sqlite_utils  # noqa: F401, PLC0415 - the import is the point
        import ulid  # noqa: F401, PLC0415
    finally:
        sys.meta_path.remove(without)
        for name in stand_ins:
            del sys.modules[name]


def _stand_in(name: str) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(STAND_INS[name])
    return module
