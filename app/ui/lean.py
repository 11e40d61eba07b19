"""Loading PySide6 without what only its error messages, its help and its own developers ask for.

As it comes, PySide6 unpacks a dozen modules from a string in its library, compiles them anew in each process, as their bytecode is kept nowhere,
and runs them: a third of the start, for the signatures of functions. A program that calls them rightly never sees one. Here a module
is compiled when somebody first asks it for something. A PySide6 that names them otherwise is loaded as it comes.
"""

from __future__ import annotations

import builtins
import functools
import sys
from _thread import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Not `mapping`: libshiboken looks into its dictionary, past any `__getattr__`.
LATER = frozenset(
    f"shibokensupport/signature/{name}.py"
    for name in ("errorhandler", "layout", "lib/enum_sig", "lib/pyi_generator", "lib/tool", "parser")
)
_sources: dict[str, bytes] = {}
_lock = RLock()


def load() -> None:
    """Import PySide6, once. To be called before anybody else does, while there is one thread."""
    if "shiboken6" in sys.modules:
        return
    # What `parser` settles when it runs, and libshiboken asks for.
    sys.pyside6_option_python_enum = True  # type: ignore[attr-defined]
    plain = builtins.compile
    builtins.compile = functools.partial(_compiled, plain)  # type: ignore[assignment]
    try:
        import PySide6  # noqa: F401, PLC0415 - the import is the point
    finally:
        builtins.compile = plain


def later(names: dict[str, Any], filename: str) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a module with these names, which becomes whole at the first thing that it is asked for."""

    def ask(name: str) -> object:
        if not name.startswith("__"):
            with _lock:
                source = _sources.pop(filename, None)
                if source is not None:
                    exec(compile(source, filename, "exec"), names)  # noqa: S102 - PySide6's own, as it would have done
            if name in names:
                return names[name]
        raise AttributeError(name)

    return ask


def _compiled(plain: Callable[..., object], source: bytes, filename: str, *rest: object, **named: object) -> object:
    """Compile as ``compile`` does, but of the modules that can wait only the promise."""
    if filename not in LATER:
        return plain(source, filename, *rest, **named)
    _sources[filename] = source
    return plain(f"from {__name__} import later\n__getattr__ = later(globals(), {filename!r})", filename, "exec")
