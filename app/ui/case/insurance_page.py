"""Step 2: insurance, as far as a window without a network can know it, and residence elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.core.region_words import VOUCHERS
from app.ui import keys
from app.ui.case.step import FormPage, choice, pairs_of
from app.ui.kit.choices import Segments
from app.ui.kit.fields import DateField, Field
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import column, fill, restyle
from app.ui.kit.suggest import SuggestField
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.region import Region
    from app.ui.case.state import CaseState
    from app.ui.keys import KeyHint
    from app.ui.kit.form import FormRow

ARREARS = (("no", "说没有"), ("yes", "说有"), ("unsure", "说不清"))
RESIDENCES = (("local", "本地"), ("filed", "异地·已备案"), ("unfiled", "异地·没备案"))
STATUSES = {
    "unchecked": ("open", "cloud-off", "离线未核验", "不用补，不拦受理。受理后由经办机构核验。"),
    "normal": ("good", "circle-check", "凭证上是正常", "照申请人出示的凭证记的，没有联网核验。"),
    "problem": ("warn", "triangle-alert", "凭证上有问题", "看是停保还是断缴，让申请人先办好；要收的写明理由。"),
}


class StatusBox(QFrame):
    """The insurance status, printed: nobody at the window can pick "verified"."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = Icon("", "ink2", 20)
        self._title = Text("", "medium")
        self._text = Text("", "small", wrap=True)
        fill(QHBoxLayout(self), (self._icon, (column(self._title, self._text, gap=3), 1)), gap=12, pad=(16, 10, 12, 10))
        self._status = ""

    def put(self, status: str) -> None:
        """Show a status of :class:`~app.core.application.Insurance`."""
        if status == self._status:
            return
        self._status = status
        tone, icon, title, text = STATUSES.get(status, STATUSES["unchecked"])
        restyle(self, role="open" if tone == "open" else "message", tone=tone)
        self._icon.put(icon, "ink2" if tone == "open" else tone)
        self._title.put(title)
        self._text.put(text)
        self.setAccessibleName(f"参保状态：{title}。{text}")

    def title(self) -> str:
        """Return the state in words."""
        return self._title.full()


class InsurancePage(FormPage):
    """Kind and place, what was shown, arrears as the applicant says, residence elsewhere where the region asks."""

    step: ClassVar[str] = "insurance"

    def __init__(self) -> None:
        super().__init__("参保")

    def build(self, region: Region) -> Iterator[None]:
        """Make the fields this region asks for."""
        form, add = self.form, self.bound.add
        form.head("险种与凭证")
        kinds = add("insurance.kind", choice("参保·险种", pairs_of(region.insurances)))
        place = add("insurance.place", SuggestField("参保·参保地", places(region), width=190))
        form.row("险种", kinds, 8, form.between("参保地"), place)
        voucher = add("insurance.voucher", Segments("参保·出示凭证", VOUCHERS.items()))
        form.row("出示凭证", voucher, (Text("有一种就行", "small"), 1))
        hint = "照卡面填" if region.asks_card else "可空，照卡面填"
        card = add("insurance.card_number", Field("参保·社保卡号", width=240, numeric=True, placeholder=hint))
        self._card = form.row("社保卡号", card)
        yield
        form.head("参保状态", "本机看不到参保库，不替经办机构说话")
        self._status = StatusBox()
        form.row("状态", (self._status, 1))
        if region.asks_arrears:
            rule = region.fact("eligibility").text
            note = f"这里的规定：{rule}" if rule else ""
            form.row("有没有欠费", add("insurance.arrears", Segments("参保·有没有欠费", ARREARS)), note=note)
        self._remote: list[FormRow] = []
        if region.asks_remote:
            self._build_remote(region)
        self.note.put("问两句：有没有欠费，常住哪里" if region.asks_arrears and region.asks_remote else "")

    def _build_remote(self, region: Region) -> None:
        form, add = self.form, self.bound.add
        form.head("常住")
        residence = add("remote.residence", Segments("常住·住在哪里", RESIDENCES))
        form.row("住在哪里", residence, note=region.fact("remote").text)
        where = add("remote.place", Field("常住·备案地", width=240, placeholder="写到市或县"))
        day = add("remote.filed_on", DateField("常住·备案日期"))
        self._remote.append(form.row("备案地", where, form.between("备案日期"), day))

    def arrange(self, state: CaseState) -> None:
        """Ask for the card's number only when a card was shown, for the filing only when there is one. What was typed stays."""
        application = state.application
        self._card.setVisible(application.insurance.voucher == "card")
        self._status.put(application.insurance.status)
        for row in self._remote:
            row.setVisible(application.remote.residence == "filed")

    def hints(self) -> list[KeyHint]:
        """Return what the keys do in this form."""
        return [*super().hints(), keys.hint("options")]


def places(region: Region) -> list[str]:
    """Return the insured places of a region as one writes them: the place itself, then each of its parts."""
    parts = (p.name if region.name in p.name else f"{region.name}{p.name}" for p in region.places)
    return list(dict.fromkeys((region.name, *parts)))
