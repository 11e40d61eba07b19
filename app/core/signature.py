"""A name written by hand on a screen: strokes as a vector with time, bound to the exact document that was shown.

It is a drawing, not a certified electronic signature (可靠电子签名): nothing here proves who held the pen. It says what was written, when,
and under which bytes, and paper signed in ink is its equal.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION: Final = 1
UNIT: Final = 0.01
"""Millimetres in one step of a coordinate."""
FULL_PRESSURE: Final = 1000
MOST_STROKES: Final = 400
MOST_POINTS: Final = 40_000
MOST_SIDE: Final = 100_000
"""Steps: a pad of one metre."""
MOST_MS: Final = 3_600_000
SIGNERS: Final = frozenset({"applicant", "agent"})
NOT_CERTIFIED: Final = "屏上写的名字只是笔迹，不是可靠电子签名认证"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_KIND: Final = re.compile(r"[a-z][a-z-]{0,39}")
_FEW: Final = 3
_STEPS: Final = 6
_PAIR, _BARE, _PRESSED = 2, 3, 4


class SignatureError(ValueError):
    """What was read is no signature of this format."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where the pen was. ``x`` from the left and ``y`` from the top of the pad in steps of 0.01 mm, ``at`` ms after the first touch.

    ``pressure`` is 0 to 1000, -1 where the device has none.
    """

    x: int
    y: int
    at: int
    pressure: int = -1


Stroke = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """What somebody wrote under a document.

    ``document`` is the SHA-256 of the very bytes that were shown, ``kind`` its stored name, ``by`` applicant or agent, ``signed_at`` ISO
    local time, ``width`` and ``height`` of the pad in steps of 0.01 mm.
    """

    document: str
    kind: str
    by: str
    signed_at: str
    width: int
    height: int
    strokes: tuple[Stroke, ...]

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise SignatureError(problem)


def dump(signature: Signature) -> str:
    """Return a signature as JSON text, the same text for the same signature."""
    points = [[_row(point) for point in stroke] for stroke in signature.strokes]
    record = {
        "version": VERSION,
        "document": signature.document,
        "kind": signature.kind,
        "by": signature.by,
        "at": signature.signed_at,
        "pad": [signature.width, signature.height],
        "strokes": points,
    }
    return json.dumps(record, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def load(text: str | bytes) -> Signature:
    """Read what :func:`dump` wrote. SignatureError says what is wrong with anything else, another version included."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        raise SignatureError("not JSON") from None
    if not isinstance(record, dict) or record.get("version") != VERSION or isinstance(record["version"], bool):
        raise SignatureError("another version")
    if set(record) != {"version", "document", "kind", "by", "at", "pad", "strokes"}:
        raise SignatureError("other fields")
    pad, strokes = record["pad"], record["strokes"]
    if not _numbers(pad, _PAIR) or not isinstance(strokes, list) or not all(isinstance(one, list) for one in strokes):
        raise SignatureError("no pad or no strokes")
    words = [record[name] for name in ("document", "kind", "by", "at")]
    if not all(isinstance(word, str) for word in words):
        raise SignatureError("fields of another kind")
    document, kind, by, at = words
    return Signature(document, kind, by, at, pad[0], pad[1], tuple(tuple(map(_point, stroke)) for stroke in strokes))


def smooth(stroke: Stroke) -> list[tuple[float, float]]:
    """Return a stroke as points of a curve through all of its points (Catmull-Rom), in steps of 0.01 mm. A dot stays a dot."""
    places = [(float(point.x), float(point.y)) for point in stroke]
    if len(places) < _FEW:
        return places
    ends = [places[0], *places, places[-1]]
    curve = [places[0]]
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            curve.append((_blend(before[0], start[0], end[0], after[0], t), _blend(before[1], start[1], end[1], after[1], t)))
    return curve


def fitted(strokes: Iterable[Stroke], width: float, height: float) -> list[list[tuple[float, float]]]:
    """Return the smoothed strokes in a box of this size in mm, in the middle, as large as it fits, never enlarged beyond life size."""
    curves = [smooth(stroke) for stroke in strokes]
    across = [x for curve in curves for x, _ in curve]
    down = [y for curve in curves for _, y in curve]
    if not across:
        return []
    left, top = min(across), min(down)
    wide, high = (max(across) - left) * UNIT, (max(down) - top) * UNIT
    scale = min(1.0, width / wide if wide else 1.0, height / high if high else 1.0)
    dx, dy = (width - wide * scale) / 2, (height - high * scale) / 2
    step = UNIT * scale
    return [[((x - left) * step + dx, (y - top) * step + dy) for x, y in curve] for curve in curves]


def _blend(before: float, start: float, end: float, after: float, t: float) -> float:
    a = 2 * start
    b = end - before
    c = 2 * before - 5 * start + 4 * end - after
    d = -before + 3 * start - 3 * end + after
    return 0.5 * (a + (b + (c + d * t) * t) * t)


def _row(point: Point) -> list[int]:
    row = [point.x, point.y, point.at]
    return row if point.pressure < 0 else [*row, point.pressure]


def _point(row: Any) -> Point:
    if not _numbers(row, _BARE) and not _numbers(row, _PRESSED):
        raise SignatureError("a point of another kind")
    if len(row) == _PRESSED and row[-1] < 0:
        raise SignatureError("a pressure below nothing")
    return Point(*row)


def _numbers(row: Any, count: int) -> bool:
    return isinstance(row, list) and len(row) == count and all(type(number) is int for number in row)


def _problem(signature: Signature) -> str:
    strokes, wide, high = signature.strokes, signature.width, signature.height
    points = [point for stroke in strokes for point in stroke]
    wrong = {
        "no digest": not _DIGEST.fullmatch(signature.document),
        "no kind": not _KIND.fullmatch(signature.kind),
        "no signer": signature.by not in SIGNERS,
        "no time": not _MOMENT.fullmatch(signature.signed_at),
        "a pad of no size": not (0 < wide <= MOST_SIDE and 0 < high <= MOST_SIDE),
        "no strokes, or too many": not strokes or not all(strokes) or len(strokes) > MOST_STROKES or len(points) > MOST_POINTS,
        "a point beside the pad": any(not (0 <= point.x <= wide and 0 <= point.y <= high) for point in points),
        "a time that cannot be": any(not 0 <= point.at <= MOST_MS for point in points),
        "a pressure that cannot be": any(not -1 <= point.pressure <= FULL_PRESSURE for point in points),
        "time that runs back": any(one.at > other.at for one, other in pairwise(points)),
    }
    return next((said for said, found in wrong.items() if found), "")
