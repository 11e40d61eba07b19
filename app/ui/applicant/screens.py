"""The monitors of this computer by names that outlive the cable they hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen
    from PySide6.QtWidgets import QWidget

_BETWEEN: Final = "·"
_NAMELESS: Final = "显示器"


def name_of(screen: QScreen) -> str:
    """Return what a monitor is called: where it is plugged in, what it is, its serial number where it has one; the second of one name counts."""
    same = [one for one in QGuiApplication.screens() if _told(one) == _told(screen)]
    nth = same.index(screen) if screen in same else 0
    return f"{_told(screen)} ({nth + 1})" if nth else _told(screen)


def names() -> tuple[str, ...]:
    """Return what the monitors that are here are called."""
    return tuple(name_of(screen) for screen in QGuiApplication.screens())


def find(name: str) -> QScreen | None:
    """Return the monitor of this name; one with the same serial number that was plugged in elsewhere; else None."""
    screens = QGuiApplication.screens()
    serial = name.rpartition(_BETWEEN)[2]
    same = next((one for one in screens if name_of(one) == name), None)
    return same or next((one for one in screens if name and serial == one.serialNumber().strip()), None)


def beside(window: QWidget) -> QScreen | None:
    """Return a monitor that the clerk's window is not on; None where there is only one."""
    here = window.screen()
    return next((one for one in QGuiApplication.screens() if one is not here and one != here), None)


def _told(screen: QScreen) -> str:
    parts = (screen.name(), screen.model(), screen.serialNumber())
    return _BETWEEN.join(dict.fromkeys(part.strip().replace(_BETWEEN, " ") for part in parts if part.strip())) or _NAMELESS
