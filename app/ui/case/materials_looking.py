"""Which page of each paper is looked at. It stays the same page while pages are put in order, come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.application import Page
    from app.ui.case.materials_view import SlotView


class Looking:
    """Pages by the id of their original, for each requirement."""

    def __init__(self) -> None:
        self._chosen: dict[str, str] = {}

    def clear(self) -> None:
        """Forget: another case."""
        self._chosen.clear()

    def choose(self, view: SlotView, index: int) -> None:
        """Look at this page."""
        self._chosen[view.id] = view.pages[index].original

    def index(self, view: SlotView) -> int:
        """Return the page looked at, -1 when there is none. Before one was chosen it is the first with something wrong."""
        if not view.pages:
            return -1
        chosen = self._chosen.get(view.id, "")
        wrong = next((at for at, mark in enumerate(view.marks) if mark is not None and mark.finding.stops), 0)
        return next((at for at, page in enumerate(view.pages) if page.original == chosen), wrong)

    def follow(self, view: SlotView, before: tuple[Page, ...]) -> None:
        """Stay at the same page; go to the first new one when pages came, to the neighbour when it was taken off."""
        now = [page.original for page in view.pages]
        old = [page.original for page in before]
        chosen = self._chosen.get(view.id, "")
        known = set(old)
        new = [original for original in now if original not in known]
        if chosen in old and chosen not in now and new and len(now) >= len(old):
            # Another picture of the same page.
            at = old.index(chosen)
            self._chosen[view.id] = now[at] if now[at] in new else new[0]
        elif old and new and len(now) > len(old):
            self._chosen[view.id] = new[0]
        elif chosen not in now:
            at = old.index(chosen) if chosen in old else self.index(view)
            self._chosen[view.id] = now[min(at, len(now) - 1)] if now else ""
