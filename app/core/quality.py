"""What can be wrong with the picture of a page, and what was seen on it.

Imaging sees (:class:`Spot`), the checks judge. Everything here is advice: no page is ever called good, only nothing found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Spot:
    """Something seen on a page, and where: left, top, width and height as fractions of the upright page, all 0 for the whole page.

    ``what`` is a key of :data:`FLAWS`, or one of :data:`SEAL`, :data:`EMBLEM` and :data:`PORTRAIT`, which are no flaws.
    """

    what: str
    left: float = 0.0
    top: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class FlawWords:
    """A flaw for people: ``mark`` under the thumbnail, ``fact`` behind "第 3 页", ``todo`` the way out.

    ``again``: a new picture mends it, so one is asked for before a reason counts.
    """

    mark: str
    fact: str
    todo: str
    again: bool = True


SWAPPED: Final = "swapped"
"""Both sides of a card, in the wrong order."""

FLAWS: Final[Mapping[str, FlawWords]] = {
    "blur": FlawWords("模糊", "看不清字", "重扫这一页，放平不晃"),
    "dark": FlawWords("太暗", "太暗", "开灯或调亮，重扫这一页"),
    "washed": FlawWords("发白", "太亮，字发白", "避开强光，重扫这一页"),
    "glare": FlawWords("反光", "有反光，遮住了字", "换个角度或取下塑料套，重扫这一页"),
    "cut": FlawWords("缺边", "边上没拍全", "四边都放进来，重扫这一页"),
    "coarse": FlawWords("太小", "点数不够，放大看不清", "靠近些或用 200 dpi 以上，重扫这一页"),
    "blank": FlawWords("空白", "几乎是空白", "看是不是放反了；真是空白页就去掉", again=False),
    "covered": FlawWords("遮挡", "有手指或东西挡着", "拿开遮挡，重扫这一页"),
    "upside_down": FlawWords("倒了", "好像是倒的", "转 180 度", again=False),
    "sideways": FlawWords("横了", "好像是横着的", "转到字正过来", again=False),
    "same_side": FlawWords("同一面", "和前面一页是同一面", "翻过来，扫另一面"),
    SWAPPED: FlawWords("先后反了", "是国徽面，人像面在它后面：两面的顺序反了", "把这一页拖到后面，或按 Ctrl →", again=False),
}
"""Every flaw of a single page. A seal that is not seen is a matter of the whole paper: see the checks of the materials."""

SEAL: Final = "seal"
EMBLEM: Final = "emblem"
"""The side of an identity card with the emblem and the issuing house (国徽面)."""
PORTRAIT: Final = "portrait"
"""Its other side, with the portrait (人像面). Seen on other cards with a portrait too."""
CARD_SIDES: Final[Mapping[str, str]] = {PORTRAIT: "人像面", EMBLEM: "国徽面"}
"""Both sides of an identity card by name, the first first."""
RETAKES: Final = 2
"""How often a flawed page is asked for again before a written reason lets it pass (features.md 27)."""

ALIKE_BITS: Final = 8
"""Up to so many of the 64 bits of two likenesses differ when both show the same side; figures in ``resources/quality.toml``."""

Outline = tuple[tuple[float, float], ...]
"""Four corners of a page as fractions of the picture, clockwise from the top left; empty when no page is seen."""

_EDGE: Final = 8
_TURNS: Final = (0, 90, 180, 270)


def turned(spot: Spot, degrees: int) -> Spot:
    """Return where a spot lies on its page once that is turned clockwise by 0, 90, 180 or 270 degrees."""
    left, top, width, height = spot.left, spot.top, spot.width, spot.height
    match degrees % 360:
        case 90:
            return replace(spot, left=1 - top - height, top=left, width=height, height=width)
        case 180:
            return replace(spot, left=1 - left - width, top=1 - top - height)
        case 270:
            return replace(spot, left=top, top=1 - left - width, width=height, height=width)
    return spot


def alike(one: str, other: str) -> bool:
    """Whether two likenesses show the same side, whichever way round either lay. False when one is unknown.

    A likeness is the signs of the 8 × 8 lowest cosine coefficients of the page, row by row as 16 hex digits, so that turning the page
    only swaps and flips bits.
    """
    try:
        bits = int(one, 16), int(other, 16)
    except ValueError:
        return False
    return any((_turned_bits(bits[0], turn) ^ bits[1]).bit_count() <= ALIKE_BITS for turn in _TURNS)


def card_side(spots: Iterable[Spot]) -> str:
    """Return the side of an identity card that was seen on a page, :data:`PORTRAIT` or :data:`EMBLEM`; '' when neither is sure."""
    return next((spot.what for spot in spots if spot.what in CARD_SIDES), "")


def _turned_bits(bits: int, degrees: int) -> int:
    """Turn a likeness: a quarter clockwise swaps rows with columns and flips the sign of the odd columns."""
    for _ in range(degrees // 90):
        rows = [[bits >> (63 - row * _EDGE - column) & 1 for column in range(_EDGE)] for row in range(_EDGE)]
        turned_rows = [[rows[column][row] ^ (column & 1) for column in range(_EDGE)] for row in range(_EDGE)]
        bits = int("".join(str(bit) for row in turned_rows for bit in row), 2)
    return bits


@dataclass(frozen=True, slots=True)
class Steady:
    """Whether a live picture shows the same page for some frames on end, so that it may be taken by itself.

    ``near``: how far a corner may move from frame to frame, as a fraction of the picture. Feed each frame's outline to :meth:`after`.
    """

    frames: int = 8
    near: float = 0.012
    outline: Outline = ()
    count: int = 0

    @property
    def reached(self) -> bool:
        """Whether the page lay still long enough."""
        return self.count >= self.frames

    def after(self, outline: Outline) -> Steady:
        """Return what is known after one more frame. A page that moved, went away or changed begins anew.

        The corners of the first still frame are kept, so that a page drifting slowly is moving too.
        """
        if not outline:
            return replace(self, outline=(), count=0)
        still = len(outline) == len(self.outline) and all(
            abs(x - a) <= self.near and abs(y - b) <= self.near for (x, y), (a, b) in zip(outline, self.outline, strict=True)
        )
        return replace(self, count=self.count + 1) if still else replace(self, outline=outline, count=1)
