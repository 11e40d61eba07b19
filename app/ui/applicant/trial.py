"""Trying a monitor: it says its own name for some seconds, so that everybody sees which one it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from app.core import applicant_pages
from app.ui.applicant import screens
from app.ui.applicant.window import ApplicantWindow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.core.applicant_texts import Texts

SECONDS: Final = 6


def try_out(clerk: QWidget, name: str, place: tuple[str, str], texts: Texts, *, large: bool = False) -> str:
    """Show the first page on the monitor of this name and say where that was. ``clerk``: the clerk's window; ``place``: region and counter."""
    screen = screens.find(name) if name else screens.beside(clerk)
    apart = screen is not None and screen != clerk.screen()
    window = ApplicantWindow(texts)
    window.set_large(large=large)
    monitor = screens.name_of(screen if screen is not None and apart else clerk.screen())
    window.put(applicant_pages.trial(*place, monitor, texts))
    if screen is not None and apart:
        window.stand_on(screen)
        told = f"「{monitor}」上亮 {SECONDS} 秒"
    else:
        window.stand_alone(clerk)
        missing = f"「{name}」没接上，" if name and screen is None else "这台就是手边的，" if name else "没有第二台，"
        told = f"{missing}开成了窗口，{SECONDS} 秒后自己关"
    timer = QTimer(window, singleShot=True)
    timer.timeout.connect(window.put_away)
    timer.timeout.connect(window.deleteLater)
    window.closed.connect(window.deleteLater)
    clerk.destroyed.connect(window.deleteLater)
    timer.start(SECONDS * 1000)
    return told
