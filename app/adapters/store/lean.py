"""Loading sqlite-utils without numpy.

sqlite-utils imports numpy wherever it is installed, to know column types for its arrays. The program stores none, and its first opening of the
store would wait 80 ms longer for it (FINDINGS.md). Pictures may still be measured with numpy, when a picture comes.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from threading import get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

UNNEEDED = frozenset({"numpy", "pandas"})


class _Without(MetaPathFinder):
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
    """Import sqlite-utils, once. What it finds missing stays importable for everybody else."""
    if "sqlite_utils" in sys.modules:
        return
    without = _Without()
    sys.meta_path.insert(0, without)
    try:
        import sqlite_utils  # noqa: F401, PLC0415 - the import is the point
    finally:
        sys.meta_path.remove(without)
