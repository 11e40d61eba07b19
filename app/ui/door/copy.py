"""First start, step 3: where a second copy will go. It may be decided later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.door.step import DoorStep
from app.ui.kit import Button, Field, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_LATER = "可空。现在不定也能开窗，以后再说"
_NOTED = "进了工作台就写第一次，写没写成那里有一行"


class CopyStep(DoorStep):
    """A folder, by the desktop's dialog or typed; empty means later."""

    def __init__(self, choose: Callable[[QWidget, str], str]) -> None:
        super().__init__("第二份备份放哪里", "本机硬盘坏了，靠它找回来。放在另一块硬盘、U 盘或局域网的文件夹里。")
        self._choose = choose
        form = self.form
        form.head("位置")
        self.folder = Field("第二份备份·文件夹")
        self.pick = Button("选文件夹")
        self.later = Button("以后再说")
        self._row = form.row("文件夹", (self.folder, 1), self.pick, self.later)
        form.head("先说清楚")
        for label, text in (
            ("什么时候写", "每受理一件就写一次，平时每几分钟一次，不用等它。"),
            ("放什么", "只放加密过的内容，没有口令或恢复码打不开。"),
            ("哪里合适", "和数据不在同一块盘上，下班锁得起来。U 盘一直插着才写得进去。"),
        ):
            form.row(label, (Text(text, "body2", wrap=True), 1))
        form.head("设好之后")
        self._summary = {name: Text("", "body", wrap=True) for name in ("统筹区", "窗口", "经办人员")}
        for name, said in self._summary.items():
            form.row(name, (said, 1))
        self.fields = {"second_copy": self.folder}
        self.pick.clicked.connect(self._pick)
        self.later.clicked.connect(self._drop)
        self.folder.edited.connect(lambda _text: self._edited())
        self._show()

    def summarise(self, region: str, counter: str, clerk: str) -> None:
        """Say once more what was answered before, since it goes into every acceptance number."""
        for name, text in zip(self._summary, (region, counter, clerk), strict=True):
            self._summary[name].put(text or "还没填")

    def values(self) -> dict[str, str]:
        """Return the answer."""
        return {"second_copy": self.folder.value()}

    def _pick(self) -> None:
        if folder := self._choose(self, "第二份备份放进哪个文件夹"):
            self.folder.put(folder)
            self._edited()

    def _drop(self) -> None:
        self.folder.put("")
        self._edited()

    def _edited(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        chosen = bool(self.folder.value().strip())
        self._row.say(_NOTED if chosen else _LATER, "accent" if chosen else "")
        self.later.setVisible(chosen)
