"""What a search answered: the rows of the open range, how many each range holds, and what is said of the question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.finding import MOST
from app.ui import workbench_kinds as kinds
from app.ui.workbench_found import ALL, RANGES, range_of

if TYPE_CHECKING:
    import datetime as dt

    from app.services.ports import Entry


@dataclass(frozen=True, slots=True)
class Hits:
    """The answer to a question, '' for what was opened last. ``elsewhere``: where the one meant is, when it is not here."""

    question: str
    entries: tuple[Entry, ...]
    elsewhere: str = ""
    range: str = ALL

    @property
    def many(self) -> bool:
        """Whether there are more than are listed."""
        return bool(self.question) and len(self.entries) >= MOST

    def rows(self, today: dt.date) -> tuple[Entry, ...]:
        """Return the rows of the open range."""
        if self.range == ALL or not self.question:
            return self.entries
        return tuple(one for one in self.entries if range_of(one, today) == self.range)

    def opening(self, range_: str, today: dt.date) -> Hits:
        """Return the answer with another range open; an empty one is not opened."""
        other = replace(self, range=range_)
        return other if other.rows(today) else self

    def counts(self, today: dt.date) -> dict[str, int]:
        """Return how many rows each range holds."""
        counted = {tab.id: 0 for tab in RANGES} | {ALL: len(self.entries)}
        for entry in self.entries:
            if (name := range_of(entry, today)) in counted:
                counted[name] += 1
        return counted

    def head(self) -> tuple[str, str, str]:
        """Return title, count and tip of the list."""
        count = f"{len(self.entries)} 件" if self.entries else ""
        if not self.question:
            return kinds.RECENT, count, "接着键入就是查找"
        return f"查找「{self.question}」", f"{'先列 ' if self.many else ''}{count}", ""

    def words(self) -> str:
        """Return what is said above the ranges: that there are more, else what the field knows."""
        if self.many:
            return f"先列 {len(self.entries)} 件，后面还有。再多键一个字，会少一些"
        return kinds.KNOWS.replace("\n", "")
