"""What an applicant thought of the service (好差评): one sheet for each finished case, sealed to the office the moment it is given.

Nobody at the counter can know who gave what, or who gave anything:

- the sheet is encrypted to the office's key before it is stored, and its clear form is kept nowhere;
- skipping makes a sheet too, and every sheet of a counter has the same length (age adds a header of random length), so none can be told
  from another;
- it carries the month and no application, no name and no time, so that the office counts levels and no persons;
- its name is random, and sheets leave in the order of their names.

::

    up/v1/<counter>/ratings/<32 hex>.age     {"rating": "<the sheet, as text>", "signature": "-----BEGIN SSH SIGNATURE-----…"}

The signature (SSHSIG, namespace ``chuangkou-rating``) is the counter's and lies inside: from outside a sheet says nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from app.core.submission import UP

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMESPACE: Final = "chuangkou-rating"
MOST_BYTES: Final = 8192
"""What is read of a sheet at the office; one has about 900 bytes."""
ID_BYTES: Final = 16

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_COUNTER = re.compile(r"[0-9A-Z]{2,12}", re.ASCII)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_FORMAT: Final = 1


class Level(IntEnum):
    """The five levels of 国办发〔2019〕51 号, and that nothing was chosen."""

    SKIPPED = 0
    VERY_BAD = 1
    BAD = 2
    FAIR = 3
    GOOD = 4
    VERY_GOOD = 5


WORDS: Final = {
    Level.VERY_GOOD: "非常满意",
    Level.GOOD: "满意",
    Level.FAIR: "基本满意",
    Level.BAD: "不满意",
    Level.VERY_BAD: "非常不满意",
    Level.SKIPPED: "没有选",
}
"""For the office's table, best first."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One sheet. ``counter``: its name on the wire; ``id``: 32 hex digits; ``month``: 2026-02."""

    counter: str
    id: str
    month: str
    level: Level


@dataclass(frozen=True, slots=True)
class SealedRating:
    """A sheet as the counter keeps it until it is gone. ``sealed`` can be opened at the office only."""

    id: str
    counter: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each level was given at one counter."""

    counter: str
    levels: tuple[tuple[Level, int], ...]

    @property
    def asked(self) -> int:
        """How many were asked, whatever they chose."""
        return sum(count for _, count in self.levels)


def folder(counter: str) -> str:
    """Return the folder of a counter's sheets at a place, with its slash."""
    return f"{UP}/{counter}/ratings/"


def path(counter: str, id_: str) -> str:
    """Return where a sheet goes."""
    return f"{folder(counter)}{id_}.age"


def id_of(name: str) -> str:
    """Return the id that a path ends with, '' when it is no sheet's."""
    stem = name.rpartition("/")[2].removesuffix(".age")
    return stem if _ID.fullmatch(stem) and name.endswith(".age") else ""


def written(rating: Rating) -> bytes:
    """Return a sheet's bytes: as many for every level."""
    body = {"format": _FORMAT, "counter": rating.counter, "id": rating.id, "month": rating.month, "level": int(rating.level)}
    return json.dumps(body, sort_keys=True).encode("ascii")


def parse(data: bytes) -> Rating:
    """Read a sheet. ValueError when it is none."""
    body = _object(data)
    if (
        body.keys() != {"format", "counter", "id", "month", "level"}
        or type(body["format"]) is not int
        or body["format"] != _FORMAT
    ):
        raise ValueError("rating")
    counter, id_, month, level = (body[key] for key in ("counter", "id", "month", "level"))
    sound = (
        isinstance(counter, str) and _COUNTER.fullmatch(counter)
        and isinstance(id_, str) and _ID.fullmatch(id_)
        and isinstance(month, str) and _MONTH.fullmatch(month)
        and type(level) is int
    )  # fmt: skip
    if not sound:
        raise ValueError("rating")
    return Rating(counter, id_, month, Level(level))


def enclose(sheet: bytes, signature: str) -> bytes:
    """Return a sheet and its armoured signature as they are sealed."""
    return json.dumps({"rating": sheet.decode("ascii"), "signature": signature}).encode("ascii")


def disclose(data: bytes) -> tuple[bytes, bytes]:
    """Return a sheet and its signature, neither of them believed yet. ValueError when it is no such container."""
    body = _object(data)
    if body.keys() != {"rating", "signature"} or not all(isinstance(one, str) for one in body.values()):
        raise ValueError("container")
    return body["rating"].encode(), body["signature"].encode()


def tally(ratings: Iterable[Rating]) -> list[Tally]:
    """Count by counter, each sheet once; every level is there, best first."""
    levels: dict[str, Counter[Level]] = {}
    for one in dict.fromkeys(ratings):
        levels.setdefault(one.counter, Counter())[one.level] += 1
    return [Tally(counter, tuple((level, found[level]) for level in WORDS)) for counter, found in sorted(levels.items())]


def _object(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(body, dict):
        raise ValueError("not an object")  # noqa: TRY004 - what came is malformed, whoever calls
    return body
