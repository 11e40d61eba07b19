"""The binding of a step's fields: :class:`app.ui.kit.binder.Binder` with the manners of a case.

A field that was never visited says nothing about being empty: an opened form is not a wall of red. The side panel lists
everything at once. Each bound widget carries its dotted path as the property ``path``; tests and the demo find it by that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFocusEvent, Qt

from app.core import sources
from app.ui.kit.binder import Binder
from app.ui.kit.choices import Check, Combo, Segments
from app.ui.kit.fields import Field

if TYPE_CHECKING:
    from app.core.application import Application
    from app.core.findings import Finding
    from app.ui.case.state import CaseState
    from app.ui.kit.form import Input

T = TypeVar("T", bound="Input")
_CHOICES = (Segments, Combo, Check)
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class Binding(Binder):
    """``edited(path, value)`` and ``left(path)`` as the binder's; choices say that they were left, too."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._visited: set[str] = set()
        self._paths: list[str] = []
        self._case = ""
        self._findings: tuple[Finding, ...] = ()
        self._sourced: dict[str, str] = {}
        self.left.connect(self._note)

    def add(self, path: str, field: T) -> T:
        """Tie a field to a path and return it."""
        if field.property("path") is None and isinstance(field, _CHOICES):
            field.installEventFilter(self)
        field.setProperty("path", path)
        self._paths.append(path)
        super().add(path, cast("Any", field))
        return field

    def drop(self, path: str) -> None:
        """Forget a path whose widget is going away."""
        super().drop(path)
        if path in self._paths:
            self._paths.remove(path)
        self._visited.discard(path)

    def paths(self) -> tuple[str, ...]:
        """Return every path in the order of the page."""
        return tuple(self._paths)

    def show_case(self, state: CaseState) -> None:
        """Show values and findings of a case; another case starts with nothing visited."""
        if state.application.id != self._case:
            self._case = state.application.id
            self._visited.clear()
        self.show(state.application)
        self._show_sources(state.application)
        # A value to be confirmed shows that by its dashed edge; the panel says the rest.
        self._findings = tuple(f for f in state.findings if not f.confirm)
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the focus leaving a choice; typed fields say that themselves."""
        if isinstance(watched, _CHOICES) and isinstance(event, QFocusEvent) and _leaves(event):
            self.left.emit(str(watched.property("path")))
        return False

    def _show_sources(self, application: Application) -> None:
        looks = {one.path: sources.look(application, one.path) for one in application.sources}
        for path in {*looks, *self._sourced}:
            field, look = self.field(path), looks.get(path, "")
            if isinstance(field, (Field, Combo)) and look != self._sourced.get(path, ""):
                field.set_source(look, sources.words(application, path))
        self._sourced = looks

    def _note(self, path: str) -> None:
        if path not in self._visited:
            self._visited.add(path)
            self._tell()

    def _tell(self) -> None:
        self.show_findings(f for f in self._findings if f.field in self._visited or self._filled(f.field))

    def _filled(self, path: str) -> bool:
        field = self.field(path)
        return field is not None and bool(field.value())


def _leaves(event: QFocusEvent) -> bool:
    return event.type() == QEvent.Type.FocusOut and event.reason() not in _PASSING
