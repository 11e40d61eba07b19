"""Composition root of the office's window: the cabinet, the place and the screens meet here."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.services.office import Office
    from app.services.ports.transfer import Place
    from app.ui.office.window import OfficeWindow

T = TypeVar("T")

_SMALLEST_DPI = 9
"""Enough to count pages by."""


def run(office: Office, open_place: Callable[[Path | None], Place], place: str, by: str, every: int = 0) -> int:
    """Open the window and stay until it is closed. Returns the exit status.

    ``place``: the name of the one set up, '' for none; ``every``: minutes between two looks at it by itself, 0 for none.
    """
    from app.ui import lean  # noqa: PLC0415 - the platform must be known before Qt is loaded

    lean.load()
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from app.adapters.paths import resources  # noqa: PLC0415
    from app.main import speak_to_fcitx  # noqa: PLC0415
    from app.ui import theme  # noqa: PLC0415
    from app.ui.clipboard import ClipboardSweeper  # noqa: PLC0415
    from app.ui.rubbish import Rubbish  # noqa: PLC0415

    speak_to_fcitx()
    app = QApplication([*sys.argv[:1], *theme.ARGUMENTS])
    Rubbish(app)
    theme.apply(app, resources(), fusion=True)
    sweeper = ClipboardSweeper(app, app)
    app.aboutToQuit.connect(sweeper.sweep)
    window = make(office, open_place, place, by, every)
    # What a slot of ours raises ends here; without this it would go to a console nobody sees.
    sys.excepthook = lambda _kind, error, _trace: window.crashed(error)
    window.shell.resize(window.shell.screen().availableSize())
    window.shell.showMaximized()
    return app.exec()


def make(office: Office, open_place: Callable[[Path | None], Place], place: str, by: str, every: int = 0) -> OfficeWindow:
    """Return the window over a cabinet; see :func:`run`."""
    from app.ui.office.desk import OfficeDesk  # noqa: PLC0415
    from app.ui.office.window import OfficeWindow  # noqa: PLC0415

    return OfficeWindow(OfficeDesk(office, Sheets(), open_place), office.clock.now, place, by, every=every)


class Sheets:
    """Fulfils :class:`app.ui.office.desk.Drawing` with pdfium."""

    def count(self, pdf: bytes) -> int:
        """Return how many pages a PDF has."""
        from app.adapters.documents.preview import pictures  # noqa: PLC0415

        return _drawn(lambda: sum(1 for _ in pictures(pdf, _SMALLEST_DPI)))

    def picture(self, pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
        """Return a page as pixels."""
        from app.adapters.documents.preview import picture  # noqa: PLC0415

        return _drawn(lambda: picture(pdf, page, dpi))


def _drawn(draw: Callable[[], T]) -> T:
    from app.adapters.documents.preview import UnreadableError  # noqa: PLC0415

    try:
        return draw()
    except (UnreadableError, IndexError) as error:
        raise AppError("里面有一份文书画不出来。用 chuangkou office open 写到文件夹里再看", f"pdf: {error}") from error
