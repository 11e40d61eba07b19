"""Trying a place out: seven steps, each with its own answer; what was not reached is "not tried". Nothing of any applicant is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.places import PlaceKind
from app.core.submission import DOWN, UP
from app.services.ports.transfer import PlaceError, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.places import PlaceSettings
    from app.services.ports.transfer import Place, Places

_PACKAGE = b"chuangkou: tried out\n"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``held`` is None when it was not reached; ``problem`` is the sentence of the one that did not hold."""

    words: str
    held: bool | None = None
    problem: PlaceError | None = None


def try_out(
    places: Places,
    settings: PlaceSettings,
    counter: str,
    token: str,
    told: Callable[[tuple[Step, ...]], None] = lambda _steps: None,
) -> tuple[Step, ...]:
    """Take all steps and return how each went. ``token`` makes the try-out's names its own; ``told`` hears after each step.

    It writes two small objects under ``up/v1/<counter>/try/``, reads them back, proves that nothing is written over, and removes them.
    """
    one = _TryOut(places, settings, f"{UP}/{counter}/try/{token}", f"{DOWN}/{counter}/")
    work = one.steps()
    steps = [Step(words) for words, _ in work]
    try:
        for at, (words, act) in enumerate(work):
            try:
                act()
            except PlaceError as problem:
                steps[at] = Step(words, held=False, problem=problem)
                break
            steps[at] = Step(words, held=True)
            told(tuple(steps))
    finally:
        one.close()
    told(tuple(steps))
    return tuple(steps)


class _TryOut:
    """The steps of one try-out, over one connection."""

    def __init__(self, places: Places, settings: PlaceSettings, path: str, answers: str) -> None:
        self._places = places
        self._settings = settings
        self._path = path
        self._answers = answers
        self._place: Place | None = None

    def steps(self) -> list[tuple[str, Callable[[], object]]]:
        """Return each step's words and what it does."""
        folder = self._settings.kind is PlaceKind.FOLDER
        return [
            ("找到文件夹" if folder else "找到地址", lambda: self._places.reach(self._settings, "name")),
            ("是文件夹" if folder else "端口应答", lambda: self._places.reach(self._settings, "connection")),
            ("还在原来的盘上" if folder else "对方身份", lambda: self._places.reach(self._settings, "identity")),
            ("打得开" if folder else "登录", lambda: self._open().stat(f"{self._path}/package")),
            ("写一个空包，读回比对", self._write),
            ("已有的不会被覆盖", self._keep),
            ("收回音，清掉空包", self._listen),
        ]

    def close(self) -> None:
        if self._place is not None:
            self._place.close()

    def _open(self) -> Place:
        if self._place is None:
            self._place = self._places.open(self._settings)
        return self._place

    def _write(self) -> None:
        place, path = self._open(), f"{self._path}/package"
        place.put(path, _PACKAGE)
        stat = place.stat(path)
        if stat is None or stat.size != len(_PACKAGE) or place.read(path) != _PACKAGE:
            raise PlaceError(Trouble.ODD, "写进去的和读回来的不一样，这个地点不能用", "read back", retry=False)

    def _keep(self) -> None:
        place, path = self._open(), f"{self._path}/marker"
        kept = place.commit(path, b"1") and not place.commit(path, b"2") and place.read(path) == b"1"
        if not kept:
            raise PlaceError(Trouble.ODD, "那边会把已有的覆盖掉，这个地点不能用", "no clobber", retry=False)

    def _listen(self) -> None:
        place = self._open()
        place.names(self._answers)
        for name in ("package", "marker"):
            place.remove(f"{self._path}/{name}")
