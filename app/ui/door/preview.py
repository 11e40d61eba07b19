"""What the receipt will say of this counter: a schematic sheet beside the first start. The real one is made by the printery."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import theme

_WIDTH = 300
_LEFT, _RIGHT = 27, 275
_HEIGHT = 426
_BESIDE = 174
_ABOUT_OFFICE = "以经办机构告知为准"
_NOT_YET = "选好统筹区，这里就有"
# Rows of a QR code's body; only its three corners mean something here, and the sheet says that it is a sample.
_DOTS = (0x5A3C9, 0x13F72, 0x6C1D5, 0x2B8E6, 0x71A4B, 0x0D5F3, 0x4E927, 0x37C1A, 0x591EC, 0x64B73, 0x1AD0E, 0x5F268, 0x28B95)


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of the counter so far; empty texts stay empty lines. ``due`` is a date in words, or empty.

    ``chosen`` is whether a region was chosen: before, nothing is claimed about numbers and time limits.
    """

    chosen: bool = True
    office: str = ""
    number: str = ""
    due: str = ""
    limit: str = ""
    counter: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""
    clerk: str = ""
    day: str = ""


class ReceiptPreview(QWidget):
    """Paints a :class:`Sample` as a sheet of paper, 300 wide."""

    def __init__(self) -> None:
        super().__init__()
        self._sample = Sample()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(_WIDTH, _HEIGHT)
        self.setAccessibleName("回执样张")

    def put(self, sample: Sample) -> None:
        """Show another sample."""
        if sample != self._sample:
            self._sample = sample
            said = (sample.number, sample.counter, sample.address, sample.hours, sample.phone, sample.clerk)
            theme.ensure_rare("".join(said))
            self.setAccessibleDescription("，".join(part for part in said if part))
            self.update()

    def sample(self) -> Sample:
        """Return what is shown."""
        return self._sample

    def sizeHint(self) -> QSize:
        """Return the sheet's size."""
        return QSize(_WIDTH, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        del event
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("line2"), 1))
        painter.setBrush(look.color("sheet"))
        painter.drawRect(QRectF(0.5, 0.5, _WIDTH - 1, _HEIGHT - 1))
        self._top(painter)
        self._facts(painter)
        self._foot(painter)

    def _top(self, painter: QPainter) -> None:
        sample = self._sample
        _text(painter, 14, 18, sample.office, 11, color="ink2", centre=True)
        _text(painter, 32, 32, "受理回执", 20, serif=True, centre=True)
        painter.fillRect(QRectF(_LEFT, 70, _RIGHT - _LEFT, 1.5), theme.current().color("ink"))
        _text(painter, 82, 16, "受理编号", 10, color="ink2")
        if sample.chosen:
            _text(painter, 96, 26, sample.number, 17 if len(sample.number) > 17 else 18, medium=True)  # noqa: PLR2004  # SNJ… is longer
        else:
            _text(painter, 96, 26, _NOT_YET, 13, color="ink3")
        _text(painter, 132, 16, f"最迟办结日期　{sample.limit}" if sample.due else "办结时间", 10, color="ink2")
        if sample.chosen:
            _text(painter, 146, 26, sample.due or _ABOUT_OFFICE, 18, medium=True)
        else:
            _text(painter, 146, 26, _NOT_YET, 13, color="ink3")
        painter.fillRect(QRectF(_LEFT, 184, _RIGHT - _LEFT, 1), theme.current().color("line2"))

    def _facts(self, painter: QPainter) -> None:
        sample = self._sample
        lines = (
            (sample.counter or "窗口名称", True),
            (sample.address, False),
            (sample.hours, False),
            (f"电话 {sample.phone}" if sample.phone else "", False),
        )
        y = 196.0
        for text, medium in lines:
            if text:
                color = "ink" if not medium or sample.counter else "ink3"
                y += _wrapped(painter, y, text, medium=medium, color=color)
        _code(painter, QRectF(_RIGHT - 66, 198, 66, 66))
        _text(painter, 308, 18, "申请人、收到的材料、怎样查询……", 11, color="ink3")

    def _foot(self, painter: QPainter) -> None:
        look, sample = theme.current(), self._sample
        _text(painter, 354, 18, f"经办人员 {sample.clerk}" if sample.clerk else "", 11, width=_BESIDE)
        _text(painter, 372, 18, sample.day, 11, width=_BESIDE)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.color("stamp"), 1, Qt.PenStyle.DashLine))
        seal = QRectF(_RIGHT - 66, 336, 62, 62)
        painter.drawEllipse(seal)
        painter.setFont(look.font(10))
        painter.setPen(look.color("stamp"))
        painter.drawText(seal, Qt.AlignmentFlag.AlignCenter, "受理专用章\n盖在这里")
        painter.setFont(look.font("cap", medium=True))
        painter.setPen(look.color("ink3"))
        painter.drawText(QRectF(_LEFT, 400, 200, 18), Qt.AlignmentFlag.AlignVCenter, "样张，不作凭证")


def _text(
    painter: QPainter,
    y: float,
    height: float,
    text: str,
    size: int,
    *,
    medium: bool = False,
    serif: bool = False,
    centre: bool = False,
    color: str = "ink",
    width: float = _RIGHT - _LEFT,
) -> None:
    look = theme.current()
    font = look.font(size, medium=medium, serif=serif)
    painter.setFont(font)
    painter.setPen(look.color(color))
    across = Qt.AlignmentFlag.AlignHCenter if centre else Qt.AlignmentFlag.AlignLeft
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, round(width))
    painter.drawText(QRectF(_LEFT, y, width, height), across | Qt.AlignmentFlag.AlignVCenter, shown)


def _wrapped(painter: QPainter, y: float, text: str, *, medium: bool, color: str) -> float:
    """Draw a line beside the code, in two where it is long; return the height it took."""
    look = theme.current()
    font = look.font(11, medium=medium)
    painter.setFont(font)
    painter.setPen(look.color(color))
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
    box = QRectF(_LEFT, y + 2, _BESIDE, 36)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, round(_BESIDE * 1.85))
    painter.drawText(box, flags, shown)
    return painter.boundingRect(box, flags, shown).height() + 5


def _code(painter: QPainter, box: QRectF) -> None:
    """Draw what looks like a QR code of 21 modules from afar."""
    ink = theme.current().color("ink")
    one = box.width() / 21
    for at, dots in enumerate(_DOTS):
        for bit in range(19):
            row, column = at + 4, bit + 1
            corner = (row < 8 and (column < 8 or column > 12)) or (row > 12 and column < 8)  # noqa: PLR2004  # the corners' 7 modules
            if dots >> bit & 1 and not corner:
                painter.fillRect(QRectF(box.left() + column * one, box.top() + row * one, one + 0.3, one + 0.3), ink)
    for x, y in ((0, 0), (14, 0), (0, 14)):
        for inset, color in ((0, "ink"), (1, "sheet"), (2, "ink")):
            side = (7 - 2 * inset) * one
            square = QRectF(box.left() + (x + inset) * one, box.top() + (y + inset) * one, side, side)
            painter.fillRect(square, theme.current().color(color))
