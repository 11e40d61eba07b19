"""What can be wrong with the picture of a page, and what was seen on it.

Imaging sees (:class:`Spot`), the checks judge. Everything here is advice: no page is ever called good, only nothing found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Spot:
    """Something seen on a page, and where: left, top, width and height as fractions of the upright page, all 0 for the whole page.

    ``what`` is a key of :data:`FLAWS` or ``seal``.
    """

    what: str
    left: float = 0.0
    top: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class FlawWords:
    """A flaw for people: ``mark`` under the thumbnail, ``fact`` behind "第 3 页", ``todo`` the way out."""

    mark: str
    fact: str
    todo: str


FLAWS: Final[Mapping[str, FlawWords]] = {
    "blur": FlawWords("模糊", "看不清字", "重扫这一页，放平不晃"),
    "dark": FlawWords("太暗", "太暗", "开灯或调亮，重扫这一页"),
    "washed": FlawWords("发白", "太亮，字发白", "避开强光，重扫这一页"),
    "glare": FlawWords("反光", "有反光，遮住了字", "换个角度或取下塑料套，重扫这一页"),
    "cut": FlawWords("缺边", "边上没拍全", "四边都放进来，重扫这一页"),
    "coarse": FlawWords("太小", "点数不够，放大看不清", "靠近些或用 200 dpi 以上，重扫这一页"),
    "blank": FlawWords("空白", "几乎是空白", "看是不是放反了；真是空白页就去掉"),
    "covered": FlawWords("遮挡", "有手指或东西挡着", "拿开遮挡，重扫这一页"),
    "upside_down": FlawWords("倒了", "好像是倒的", "转 180 度"),
    "same_side": FlawWords("同一面", "和前面一页是同一面", "翻过来，扫另一面"),
}
"""Every flaw of a single page. A seal that is not seen is a matter of the whole paper: see the checks of the materials."""

SEAL: Final = "seal"
RETAKES: Final = 2
"""How often a flawed page is asked for again before a written reason lets it pass (features.md 27)."""
