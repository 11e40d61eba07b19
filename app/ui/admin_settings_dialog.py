"""What a settings file would change here, before anything is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.kit import Cell, Column, Dialog, Line, ListTable, Text, column, scroller

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.core.settings_file import Difference

_WIDE, _INNER = 620, 574
_HEADER, _MOST = 34, 7


class DifferenceDialog(Dialog):
    """The differences as a list, and in words what the file holds besides. ``acted`` when a supervisor wants them."""

    def __init__(self, parent: QWidget, file: str, difference: Difference) -> None:
        changes = difference.changes
        columns = (Column("设置", 0), Column("现在", 130), Column("改成", 130))
        self.table = ListTable("文件和现在不一样的设置", columns, two_lines=False)
        self.table.put([_line(one.setting.id, one.setting.name, one.words) for one in changes])
        height = self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(_HEADER + height * min(len(changes), _MOST))
        self.table.setVisible(bool(changes))
        told = [f"{name}：{why}，没有读" for name, why in difference.refused]
        if difference.unknown:
            told.append(f"这个版本的程序不认识：{'、'.join(difference.unknown)}，没有读")
        self.told = Text("\n".join(told), "body2", wrap=True, width=_INNER - 12)
        rest = scroller(column(self.told, ...))
        rest.setFixedHeight(min(120, self.told.heightForWidth(_INNER - 12) + 4))
        rest.setVisible(bool(told))
        same = f"，{difference.same} 项本来就一样" if difference.same else ""
        super().__init__(
            parent,
            f"照文件改 {len(changes)} 处？" if changes else "没有要改的",
            f"{file}：{len(changes)} 处不一样{same}。",
            f"改这 {len(changes)} 处" if changes else "",
            "先不改" if changes else "知道了",
            body=column(self.table, rest, gap=10),
            width=_WIDE,
        )


def _line(id_: str, name: str, words: tuple[str, str]) -> Line:
    return Line(id_, (Cell(text=name, medium=True), Cell(text=words[0], color="ink2"), Cell(text=words[1], medium=True)))
