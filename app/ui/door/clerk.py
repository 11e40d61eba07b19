"""First start, step 2: who works here first, and the passphrase that locks the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.names import read_name
from app.services.setup import SHORTEST_PASSPHRASE, passphrase_problem
from app.ui.door.secret import SecretField
from app.ui.door.step import DoorStep
from app.ui.kit import Field, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDE = 280
_WHY = (
    f"至少 {SHORTEST_PASSPHRASE} 个字，不能全是数字。申请都用它加密：电脑丢了，别人也打不开。太短的口令，几天就能一个个试出来。",
    "好记又难猜的办法：写一句只有你知道的话，字数多比符号多更管用。",
    "口令没有存在任何地方。忘了，用第 4 步的恢复码打开。",
)


class ClerkStep(DoorStep):
    """Name and passphrase, twice."""

    def __init__(self) -> None:
        super().__init__("第一位经办人员", "姓名会印在经手的每张回执上。别的人以后再加。")
        form = self.form
        form.head("经办人员")
        self.name = Field("经办人员·姓名", width=_WIDE)
        form.row("姓名", self.name, ...)
        form.head("口令")
        self.secret = SecretField("口令", width=_WIDE)
        self._secret_row = form.row("口令", self.secret, ...)
        self.again = SecretField("再键入一遍", width=_WIDE)
        self._again_row = form.row("再键入一遍", self.again, ...)
        for at, text in enumerate(_WHY):
            form.row("为什么" if not at else "", (Text(text, "body2", wrap=True), 1))
        self.fields = {"clerk": self.name, "passphrase": self.secret.field, "repeated": self.again.field}
        self.name.edited.connect(lambda _text: self._name_edited())
        self.name.left.connect(self._check_name)
        for field in (self.secret, self.again):
            field.edited.connect(lambda _text: self._secret_edited())

    def values(self) -> dict[str, str]:
        """Return the answers."""
        return {"clerk": self.name.value(), "passphrase": self.secret.value(), "repeated": self.again.value()}

    def show_problems(self, problems: Mapping[str, str]) -> bool:
        """Say nothing of the second passphrase while the first is no good and nothing was repeated."""
        early = "passphrase" in problems and not self.again.value()
        return super().show_problems({name: text for name, text in problems.items() if not (early and name == "repeated")})

    def _name_edited(self) -> None:
        if self.name.shown_finding()[0]:
            self.name.set_finding("")
        self.changed.emit()

    def _check_name(self) -> None:
        """Doubt an odd name; the clerk knows better."""
        problem = read_name(self.name.value()).problem if self.name.value().strip() else ""
        self.name.set_finding("warn" if problem else "", problem)

    def _secret_edited(self) -> None:
        """Judge both fields: a finding appears on leaving one, what is good is said at once."""
        first, second = self.secret.value(), self.again.value()
        problem = passphrase_problem(first) if first else ""
        self.secret.field.set_finding("bad" if problem else "", problem)
        self._secret_row.say("够用" if first and not problem else "", "good")
        differs = bool(second) and first != second
        self.again.field.set_finding("bad" if differs else "", "两次键入的口令不一样" if differs else "")
        self._again_row.say("两遍一样" if second and not differs else "", "good")
        self.changed.emit()
