"""What a supervisor sets about the office (经办机构) and its receipts: its public key, and how long originals stay after delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.kit import Button, Field, Text

if TYPE_CHECKING:
    from app.ui.kit import FormGrid

_NO_KEY = "还没有设。经办机构给 .pub 文件，打开后整行粘贴"
_SILENT = "本地没有规定天数，空着就一直保留。没送达的一件也不清"


@dataclass(frozen=True, slots=True)
class OfficeStanding:
    """The fingerprint of the office's key, '' for none; whether the region states the days itself, and those that hold, '' for none."""

    fingerprint: str = ""
    stated: bool = False
    days: str = ""


class OfficeRows(QObject):
    """Rows in the form of the settings. Signals: ``key_wanted(text)`` and ``days_wanted(text)`` when a supervisor changes them."""

    key_wanted = Signal(str)
    days_wanted = Signal(str)

    def __init__(self, form: FormGrid, parent: QObject) -> None:
        super().__init__(parent)
        self._standing = OfficeStanding()
        form.head("经办机构", "认得出回执是谁签的，才算送达")
        self.key = Field("设置·经办机构公钥", width=380, placeholder="ssh-ed25519 …")
        self.key_button = Button("改成这个")
        self.key_button.clicked.connect(lambda: self.key_wanted.emit(self.key.value()))
        self.key_row = form.row("公钥", self.key, self.key_button, ...)
        self.days = Field("设置·送达后原件保留几天", width=90, numeric=True)
        self.days_button = Button("改成这个")
        self.days_button.clicked.connect(lambda: self.days_wanted.emit(self.days.value()))
        self.days_row = form.row("原件", self.days, Text("天后清理，从送达那天起算", "body2"), self.days_button, ...)

    def put(self, standing: OfficeStanding, *, boss: bool) -> None:
        """Show how it stands; only a supervisor changes it, and the days only where the region is silent."""
        if standing.fingerprint != self._standing.fingerprint:
            self.key.put("")
        self._standing = standing
        self.key.setReadOnly(not boss)
        self.key_button.setVisible(boss)
        self.days.setReadOnly(standing.stated or not boss)
        self.days_button.setVisible(boss and not standing.stated)
        self.days.put(standing.days)
        self.tell_key("")
        self.tell_days("")

    def tell_key(self, problem: str) -> None:
        """Say at the field why this is no key; '' tells the one that holds."""
        if problem:
            self.key_row.say(problem, "bad")
            return
        held = self._standing.fingerprint
        self.key_row.say(f"在用 {held}" if held else _NO_KEY, "good" if held else "open")

    def tell_days(self, problem: str) -> None:
        """Say at the field why these days do not fit; '' tells what holds."""
        if problem:
            self.days_row.say(problem, "bad")
        else:
            self.days_row.say("本地规定的天数，不能改" if self._standing.stated else _SILENT)
