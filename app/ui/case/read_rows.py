"""What a page that was read gives the dialog: a row for each value, with the piece of the upright picture it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from app.core.application import get
from app.core.checks import label_of
from app.core.codes import NATIONS, SEX
from app.services import recognition
from app.ui.case.read_dialog import ReadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.application import Application
    from app.core.readings import Box, Reading
    from app.core.region import Region
    from app.services.ports import Capture, Desk
    from app.services.read_pages import ReadPage
    from app.services.recognition import Suggestions

_AROUND: Final = 0.35
"""Of a line's height that is shown above and below it: half a stroke says little."""
_WORDS: Final = {"sex": SEX, "nation": NATIONS}


@dataclass(frozen=True, slots=True)
class Crops:
    """A page's reading, what it suggests, and the pieces of its picture by the path each fills."""

    page: ReadPage
    hints: Suggestions
    pieces: Mapping[str, QImage]


def row_of(application: Application, path: str, crops: Crops, reading: Reading) -> ReadValue:
    """Return the row of one value that waits."""
    page = crops.page
    seconded = recognition.seconded(application, page.reading, page.whose, page.requirement)
    known = recognition.reading_of(seconded, path) or reading
    value, words = str(get(application, path)), _WORDS.get(path.rpartition(".")[2], {})
    return ReadValue(
        path,
        "开具日期" if path.endswith(".issued_on") else label_of(path),
        value,
        reading.value,
        crops.pieces.get(path, QImage()),
        shown=words.get(value, ""),
        offered=words.get(reading.value, ""),
        unsure=known.unsure,
        repaired=reading.repaired,
        certain=known.certain,
    )


def cut(desk: Desk, capture: Capture, turn: int, page: ReadPage, region: Region) -> dict[str, QImage]:
    """Return the piece of the upright picture for each path the page fills."""
    paths = recognition.values(region, page.reading, page.whose, page.requirement)
    if not paths:
        return {}
    picture = QImage.fromData(desk.imaging.turned(capture, turn))
    pieces = {}
    for path in paths:
        reading = recognition.reading_of(page.reading, path)
        if reading is not None and not picture.isNull():
            pieces[path] = picture.copy(_around(reading.box, picture.width(), picture.height()))
    return pieces


def _around(box: Box, wide: int, high: int) -> QRect:
    left, top, width, height = box
    air = height * _AROUND
    room = QRect(
        round(left * wide - air * high),
        round((top - air) * high),
        round(width * wide + 2 * air * high),
        round((height + 2 * air) * high),
    )
    return room.intersected(QRect(0, 0, wide, high))
