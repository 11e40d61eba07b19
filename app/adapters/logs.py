"""The log file of a counter: event names, exception types and places in the code, never a value.

An exception's message may quote what a clerk typed, and so may a logged argument; neither is written. Only the ``detail`` of an
:class:`app.core.errors.AppError`, which by contract holds no personal data, and plain numbers are.

Write ``logging.getLogger("app.store").info("store.opened")``, with figures as ``extra={"figures": {"ms": 12}}``.
"""

from __future__ import annotations

import logging
import re
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import AppError

if TYPE_CHECKING:
    from types import TracebackType

_EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_ROOT = Path(__file__).resolve().parent.parent
_BYTES = 1_000_000
_FILES = 5


def configure(data_dir: Path, level: int = logging.INFO) -> Path:
    """Send the ``app`` logger to ``chuangkou.log`` in this folder, five files of 1 MB at most, and return its path.

    Called again, for instance after the store has moved, it changes over. A log that cannot be written never stops the clerk.
    """
    path = data_dir / "chuangkou.log"
    close()
    handler = _QuietFile(path, maxBytes=_BYTES, backupCount=_FILES - 1, encoding="utf-8", delay=True)
    handler.setFormatter(_Bare())
    log = logging.getLogger("app")
    log.addHandler(handler)
    log.setLevel(level)
    # The root logger may have a handler that prints messages whole.
    log.propagate = False
    return path


def close() -> None:
    """Close the log file, if one is open."""
    log = logging.getLogger("app")
    for handler in [one for one in log.handlers if isinstance(one, _QuietFile)]:
        log.removeHandler(handler)
        handler.close()


class _QuietFile(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Drop the line: the standard handler would print the record, values and all, to the console."""


class _Bare(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return one line for the event and one for each exception of the chain, with the places it passed."""
        event = record.msg if isinstance(record.msg, str) and _EVENT.fullmatch(record.msg) else "unnamed"
        figures = getattr(record, "figures", {})
        numbers = "".join(f" {name}={value}" for name, value in figures.items() if isinstance(value, int | float))
        place = f"{_inside(record.pathname)}:{record.lineno}"
        lines = [f"{self.formatTime(record)} {record.levelname} {event}{numbers} ({place})"]
        if record.exc_info and record.exc_info[1]:
            lines += _chain(record.exc_info[1])
        return "\n".join(lines)


def _chain(error: BaseException) -> list[str]:
    lines = []
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        detail = f" [{following.detail}]" if isinstance(following, AppError) and following.detail else ""
        lines.append(f"  {type(following).__module__}.{type(following).__qualname__}{detail}{_places(following.__traceback__)}")
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return lines


def _places(trace: TracebackType | None) -> str:
    # lookup_lines off: the source line itself is not wanted and may hold a literal.
    stack = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)
    return "".join(f"\n    {_inside(frame.filename)}:{frame.lineno} {frame.name}" for frame in stack)


def _inside(filename: str) -> str:
    """Return the path below the package, else the bare file name: a home folder is often a person's name."""
    path = Path(filename)
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name
