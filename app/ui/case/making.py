"""Makes the pages of a case, a slice between two ``yield``: while nobody does anything, or at once for a clerk who did not wait for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.ui.slices import drawn, styled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.ui.case.case_page import CasePage
    from app.ui.case.state import CaseState
    from app.ui.shell import Shell

ROWS: Final = 14
"""Findings that a case begins with, with an agent."""


def frame(shell: Shell, case: CasePage) -> Iterator[None]:
    """Give the page of the case its place and draw it."""
    yield
    shell.place(case)
    yield from drawn(case)


def rows(case: CasePage, state: CaseState) -> Iterator[None]:
    """Make the rows of the findings that a case begins with."""
    for finding in state.findings[:1]:
        yield from case.frame.panel.stock(finding, ROWS)


def step(case: CasePage, name: str, state: CaseState) -> Iterator[None]:
    """Make the page of a step and fill it: with the blank case ``state``, or with the one that is open."""
    page = case.page(name)
    yield
    kept = case.keep(name)  # before anything in it is asked for its size: whatever was, is styled again at each new parent
    yield
    yield from rows(case, _now(case, state))
    if name != "finished":
        yield from page.ahead(_now(case, state))
        page.show_case(_now(case, state))
        yield
    if not case.step and case.covered is None:
        case.frame.foot.hints(page.hints())
        yield
    yield from styled(kept)
    kept.resize(case.frame.room())
    if case.session is None:
        yield from drawn(kept)
    side = page.side_panel()
    # The printing beside the receipt is styled when a case gets there: nobody comes to it without one, and an idle window would keep it.
    if side is not None and (case.session is not None or name != "finished"):
        yield from styled(side)
    case.made_whole.add(name)


def _now(case: CasePage, blank: CaseState) -> CaseState:
    """Return how the open case stands at this moment: it may have been opened, or gone on with, since the slice before."""
    return case.session.state if case.session is not None else blank
