"""What a machine read, each value beside the very piece of the picture it came from: a person looks, mends, and says that it is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui import theme
from app.ui.kit.dialogs import Dialog
from app.ui.kit.fields import Field
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Chip, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage, QPaintEvent, QShowEvent

WIDE: Final = 960
_LABEL: Final = 96
_CROP: Final = 368
_ONE_LINE: Final = 44
_TWO_LINES: Final = 80
_FIELD: Final = 284
_CHIP: Final = 128
_FRAME: Final = 96
"""What stands beside crop, field and chip: the dialog's edges, the label's gaps."""


@dataclass(frozen=True, slots=True)
class ReadValue:
    """One value to look at. ``value`` stands in the application now, ``read`` is what the machine saw, ``crop`` where it saw it.

    ``unsure``: positions in ``read`` of characters worth a second look; ``repaired``: one character was put right by the check digit; ``certain``: every rule
    that can be asked of it holds. ``shown`` and ``offered`` are ``value`` and ``read`` in words (a code's name).
    """

    path: str
    label: str
    value: str
    read: str
    crop: QImage
    shown: str = ""
    offered: str = ""
    unsure: tuple[int, ...] = ()
    repaired: bool = False
    certain: bool = False

    @property
    def mark(self) -> tuple[str, str]:
        """Return the tone and the word that stand beside it."""
        if self.value != self.read:
            return "warn", "和图上不同"
        if self.repaired:
            return "warn", "补正过 1 位"
        if self.unsure:
            return "warn", "有字拿不准"
        return ("good", "核得上") if self.certain else ("open", "核不了，看图")

    @property
    def advice(self) -> str:
        """Return what to look at, '' when nothing in particular."""
        if self.value != self.read:
            return f"图上像是「{self.offered or self.read}」"
        if self.repaired:
            return "照片上有一位读不通，按校验只有这一种可能"
        if self.unsure:
            return "看清：" + "、".join(f"第 {at + 1} 个字「{self.read[at]}」" for at in self.unsure[:3] if at < len(self.read))
        return ""


class CropView(QWidget):
    """A piece of a page, as large as fits; whoever cannot see it hears what it is."""

    def __init__(self, name: str, width: int, *, tall: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFixedSize(width, _TWO_LINES if tall else _ONE_LINE)
        self._picture = QPixmap()

    def put(self, image: QImage) -> None:
        """Show this piece, or that there is none."""
        if image.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = QSize(round(self.width() * ratio), round(self.height() * ratio))
        kept = image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self._picture = QPixmap.fromImage(kept)
        self._picture.setDevicePixelRatio(ratio)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it at the right edge, beside its value."""
        del event
        painter = QPainter(self)
        if self._picture.isNull():
            painter.setPen(theme.current().color("ink3"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "图上没找到")
            return
        size = self._picture.deviceIndependentSize()
        painter.drawPixmap(round(self.width() - size.width()), round((self.height() - size.height()) / 2), self._picture)


class ReadDialog(Dialog):
    """The rows of what was read. ``confirmed(values)`` with path and text of every row once a person says that all of them are right."""

    confirmed = Signal(dict)

    def __init__(self, parent: QWidget, rows: Sequence[ReadValue]) -> None:
        self._rows = tuple(rows)
        self._fields: dict[str, Field] = {}
        wide = min(WIDE, parent.window().width() - 16)
        room = wide - _LABEL - _CHIP - _FRAME
        self._crop = min(_CROP, max(room // 2, room - _FIELD))
        self._field = min(_FIELD, room - self._crop)
        grid = QWidget()
        layout = QGridLayout(grid)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(10)
        for at, one in enumerate(self._rows):
            crop = CropView(f"{one.label}，原图", self._crop, tall=one.path.endswith(".address"))
            crop.put(one.crop)
            self._lay(layout, at, one, crop)
        layout.setColumnStretch(2, 1)
        super().__init__(
            parent,
            "对着原图核对",
            "左边是纸上的，右边是机器读的。不对的当场改；都对了再记下。",
            "都对，记下",
            "先放着",
            body=column(grid),
            width=wide,
        )
        self.acted.connect(lambda _reason: self.confirmed.emit(self.values()))

    def showEvent(self, event: QShowEvent) -> None:
        """Stand in the first field that wants a look."""
        super().showEvent(event)
        looked = next((one.path for one in self._rows if one.advice and one.path in self._fields), next(iter(self._fields), ""))
        if looked:
            self._fields[looked].setFocus()

    def _lay(self, layout: QGridLayout, at: int, one: ReadValue, crop: CropView) -> None:
        """Lay one row: what it is, the piece of the picture, what stands in the field, and what to look at."""
        label = Text(one.label, "body2" if one.shown else "label", right=True, width=_LABEL)
        tone, word = one.mark
        chip = Chip(word, tone, theme.TONE_ICONS[tone])
        if one.shown:
            field: QWidget = Text(one.shown, "strong")
        else:
            made = self._fields[one.path] = Field(f"核对·{one.label}")
            made.put(one.value)
            made.set_source("copied")
            made.setAccessibleDescription(f"{word}。{one.advice}".rstrip("。"))
            label.setBuddy(made)
            field = made
        field.setFixedWidth(self._field)
        layout.addWidget(label, at, 0)
        layout.addWidget(crop, at, 1)
        layout.addWidget(column(row(field, 8, chip, ...), Text(one.advice, "small") if one.advice else None, gap=2), at, 2)

    def values(self) -> dict[str, str]:
        """Return path and text of every row as it stands now."""
        typed = {path: field.value() for path, field in self._fields.items()}
        return {one.path: typed.get(one.path, one.value) for one in self._rows}
