"""First start, step 1: which place, and which counter this is."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from app.ui.door.step import DoorStep
from app.ui.kit import Combo, Field, MessageBar, Text, column
from app.ui.workbench_side import unconfirmed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.region import Region

_WIDE = 360
_SILENT = "来源没写，可由你们填"
_MAY, _TAKEN = "可空", "可空，照来源印"
_CODE = "用于受理编号的前缀，同一统筹区内不能重复"


class PlaceStep(DoorStep):
    """Region, counter code and name, and what the receipt says of the counter."""

    def __init__(self) -> None:
        super().__init__("先认一认这个窗口", "共四步，约 4 分钟。所填内容会印在每一张回执上。")
        self._regions: Mapping[str, Region] = {}
        self._mays: dict[Field, Text] = {}
        self.trouble = MessageBar()
        self._trouble_part = column(self.trouble, pad=(0, 12, 0, 0))
        self._box.insertWidget(3, self._trouble_part)
        form = self.form
        form.head("统筹区", "决定病种、材料、时限与申请表版式")
        self.region = Combo("统筹区", width=_WIDE)
        self._region_row = form.row("统筹区", self.region, ...)
        self._year = Text("")
        self._year.setFixedHeight(34)
        self._year_row = form.row("年历", self._year, ...)
        form.head("本窗口")
        self.code = Field("本窗口·窗口编号", width=84, numeric=True)
        form.row("窗口编号", self.code, Text(_CODE, "small"), ...)
        self.name = Field("本窗口·窗口名称", width=_WIDE, placeholder="比如 3 号窗口·医保慢特病")
        form.row("窗口名称", self.name, ...)
        self.address = Field("本窗口·地址", width=_WIDE)
        form.row("地址", self.address, self._may(self.address), ...)
        self.hours = Field("本窗口·办公时间", width=_WIDE)
        form.row("办公时间", self.hours, self._may(self.hours), ...)
        self.phone = Field("本窗口·咨询电话", width=_WIDE)
        form.row("咨询电话", self.phone, self._may(self.phone), ...)
        self.fields = {"region": self.region, "counter_code": self.code, "counter_name": self.name}
        for field in (self.code, self.name, self.address, self.hours, self.phone):
            field.edited.connect(lambda _text, field=field: self._edited(field))
        self.code.left.connect(lambda: self.code.put(self._tidy_code()))
        self.region.chosen.connect(lambda _id: self._chosen())

    def set_regions(self, regions: Mapping[str, Region], problems: Sequence[str]) -> None:
        """Offer the usable regions; say of the others what is wrong with them."""
        self._regions = dict(regions)
        self.region.set_choices((id_, f"{one.name}（{one.province}）　{one.version} 版") for id_, one in self._regions.items())
        if len(self._regions) == 1:
            self.region.put(next(iter(self._regions)))
        if not self._regions:
            self.trouble.say("bad", "一个统筹区的资料都没找到。把 forms 文件夹放回程序旁边，再开一次。")
        elif problems:
            more = f"。另有 {len(problems) - 1} 处" if len(problems) > 1 else ""
            self.trouble.say("warn", f"有的统筹区资料读不了，没有列出来：{problems[0].rstrip('。')}{more}")
        self._trouble_part.setVisible(bool(problems) or not self._regions)
        self._show_region()

    def set_calendar(self, last: int, this_year: int) -> None:
        """Say up to which year holidays are known."""
        self._year.put(f"放假与调休装到 {last} 年" if last >= this_year else f"{this_year} 年的放假与调休还没装入")
        begins = max(last + 1, this_year)
        self._year_row.say(f"{begins} 年尚未装入：到期日落在那一年的件，会标「暂推算」", "warn")

    def chosen(self) -> Region | None:
        """Return the chosen region."""
        return self._regions.get(self.region.value())

    def values(self) -> dict[str, str]:
        """Return the answers; the code in capitals and half width."""
        return {
            "region": self.region.value(),
            "counter_code": self._tidy_code(),
            "counter_name": self.name.value(),
            "address": self.address.value(),
            "hours": self.hours.value(),
            "phone": self.phone.value(),
        }

    def _tidy_code(self) -> str:
        return unicodedata.normalize("NFKC", self.code.value()).strip().upper()

    def _edited(self, field: Field) -> None:
        if field.shown_finding()[0]:
            field.set_finding("")
        self.changed.emit()

    def _chosen(self) -> None:
        self.region.set_finding("")
        self._show_region()
        self.changed.emit()

    def _show_region(self) -> None:
        region = self.chosen()
        if region is None:
            self._region_row.say("")
        else:
            parts = [f"{len(region.diseases)} 个病种" if region.diseases else "病种目录来源没写，由窗口自填"]
            parts += [f"{len(region.requirements)} 项材料要求"]
            sure = all_confirmed(region)
            parts += ["来源已书面确认" if sure else "来源未经书面确认"]
            self._region_row.say("·".join(parts), "good" if sure else "warn")
        for field, fact in ((self.address, "address"), (self.hours, "hours"), (self.phone, "hotline")):
            said = region.fact(fact).text if region else ""
            field.setPlaceholderText(said or (_SILENT if region else ""))
            self._mays[field].put(_TAKEN if said else _MAY)

    def _may(self, field: Field) -> Text:
        """Return the words beside a field that may stay empty."""
        self._mays[field] = Text(_MAY, "cap")
        return self._mays[field]


def all_confirmed(region: Region) -> bool:
    """Whether the office confirmed everything this region's folder says."""
    return unconfirmed(region) == 0
