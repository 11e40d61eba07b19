"""What the workbench is put together from, each part made when it is first asked for: behind the lock one at a time, otherwise all at once."""

from __future__ import annotations

from functools import cached_property

from app.ui import keys
from app.ui.kit import Button, MessageBar
from app.ui.workbench_found import FoundBar, FoundFoot, FoundSide
from app.ui.workbench_lists import WorkLists
from app.ui.workbench_search import SearchField
from app.ui.workbench_side import Bench, Detail
from app.ui.workbench_tables import ListBand, WorkTables


class Parts:
    """The parts of one workbench, without anything of a store in them (:func:`app.ui.slices.made`)."""

    @cached_property
    def search(self) -> SearchField:
        """The field at the top."""
        return SearchField()

    @cached_property
    def new_button(self) -> Button:
        """What begins an application."""
        return Button("新申请", "primary", key=keys.cap("new"), icon="id-card", big=True)

    @cached_property
    def work_lists(self) -> WorkLists:
        """The column at the left."""
        return WorkLists()

    @cached_property
    def bench(self) -> Bench:
        """What was begun, holidays, the region's data."""
        return Bench()

    @cached_property
    def detail(self) -> Detail:
        """The selected row in words."""
        return Detail()

    @cached_property
    def band(self) -> ListBand:
        """What stands over a list."""
        return ListBand()

    @cached_property
    def message(self) -> MessageBar:
        """One sentence over the list."""
        return MessageBar()

    @cached_property
    def tables(self) -> WorkTables:
        """The lists themselves."""
        return WorkTables()

    @cached_property
    def found_bar(self) -> FoundBar:
        """Ranges of what was found."""
        return FoundBar()

    @cached_property
    def found_foot(self) -> FoundFoot:
        """What stands under what was found."""
        return FoundFoot()

    @cached_property
    def found_side(self) -> FoundSide:
        """The found row in words."""
        return FoundSide()
