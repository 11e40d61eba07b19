"""What a screen reader is told a widget is, where Qt would only say that it is a frame.

A class says it once, as a name of ``QAccessible.Role``: ``accessible_role = "Button"``. Names stay with ``setAccessibleName``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QAccessibleInterface


class _Once:
    done = False


def tell_roles() -> None:
    """Have Qt ask the classes for their roles; once per process is enough. Costs nothing until a screen reader asks."""
    if not _Once.done:
        _Once.done = True
        QAccessible.installFactory(_interface)


def _interface(kind: str, widget: QObject | None) -> QAccessibleInterface | None:
    """Answer for a widget whose class says its role; None leaves it to Qt, which then asks for the class it comes from."""
    role = getattr(type(widget), "accessible_role", "")
    if not role or kind != type(widget).__name__:
        return None
    from PySide6.QtWidgets import QAccessibleWidget, QWidget  # noqa: PLC0415 - a class the start does not need

    return QAccessibleWidget(widget, QAccessible.Role[role]) if isinstance(widget, QWidget) else None
