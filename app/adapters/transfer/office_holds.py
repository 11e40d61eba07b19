"""Who has a submission in hand, as folders in the office's cabinet; see :class:`app.services.ports.office.Cabinet`.

::

    holds/<digest>/hold.json                who opened it first, and when
    released/<digest>-<n>/                  the same with released.json: by whom, when, why; nothing of it is ever deleted

A hold appears whole or not at all, so that of two people who open one submission at once one has it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.adapters.durable import sync_folder, write_private
from app.core.errors import AppError
from app.services.ports.office import Hold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_HOLD, _RELEASED = "hold.json", "released.json"


class Holds:
    """The holds of one cabinet. ``make`` makes a folder whole, False when it is there."""

    def __init__(self, folder: Path, make: Callable[[Path, Iterable[tuple[str, bytes]]], bool]) -> None:
        self._holds, self._released, self._make = folder / "holds", folder / "released", make

    def standing(self) -> dict[str, Hold]:
        """Return the holds that stand, by digest."""
        found = (path for path in self._holds.glob("*") if (path / _HOLD).is_file() and not (path / _RELEASED).exists())
        return {path.name: hold for path in found if (hold := _read(path / _HOLD)) is not None}

    def seen(self) -> set[str]:
        """Return the digests that were ever opened."""
        held = {path.name for path in self._holds.glob("*") if (path / _HOLD).is_file()}
        return held | {path.name.partition("-")[0] for path in self._released.glob("*")}

    def take(self, digest: str, hold: Hold) -> Hold:
        """Hold a submission; return whose hold stands, this one or the one that was there."""
        target = self._holds / digest
        if (target / _RELEASED).exists():
            self._put_away(target)
        if self._make(target, [(_HOLD, _written({"who": hold.who, "at": hold.at}))]):
            return hold
        return _read(target / _HOLD) or hold

    def release(self, digest: str, hold: Hold, why: str) -> None:
        """End the hold that stands, noting who ended it, when and why. Nothing happens when none stands."""
        target = self._holds / digest
        if not (target / _HOLD).is_file():
            return
        try:
            if not (target / _RELEASED).exists():
                write_private(target / _RELEASED, _written({"by": hold.who, "at": hold.at, "why": why}))
            self._put_away(target)
        except FileNotFoundError:
            return  # somebody else released it at the same moment
        except OSError as error:
            raise AppError(
                "经办机构的文件夹写不了，没有接过来。看一下硬盘空间和权限，再来一次", f"release: {error.strerror}"
            ) from error

    def _put_away(self, target: Path) -> None:
        self._released.mkdir(mode=0o700, exist_ok=True)
        count = sum(1 for _ in self._released.glob(f"{target.name}-*"))
        target.rename(self._released / f"{target.name}-{count + 1}")
        sync_folder(self._released)


def _written(told: dict[str, str]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _read(path: Path) -> Hold | None:
    try:
        told = json.loads(path.read_bytes())
        return Hold(str(told["who"]), str(told["at"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None
