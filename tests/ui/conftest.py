"""For tests of windows: the real theme on the test's QApplication, once for the process."""

from pathlib import Path

import pytest

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(scope="session")
def themed(qapp):
    from app.ui import theme

    return theme._Current.theme or theme.apply(qapp, RESOURCES)


@pytest.fixture(autouse=True)
def _dressed(themed):
    """Every test under tests/ui sees the widgets as a clerk does."""


@pytest.fixture
def qtbot(qtbot, themed):
    """A widget that a test keeps by itself is a window of its own, and is dressed as one."""
    from app.ui import theme

    keep = qtbot.addWidget

    def add(widget, **more):
        if widget.parent() is None and not widget.styleSheet():
            theme.dress(widget)
        keep(widget, **more)

    qtbot.addWidget = add
    return qtbot


@pytest.fixture(autouse=True, scope="session")
def _empty_clipboard(qapp):
    """What Python put into the clipboard would end after Python itself, and take the process with it."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(autouse=True, scope="module")
def _nothing_ahead():
    """Windows build no page that the test does not open: a sixth of what a window costs. Where that is the point, this is overridden."""
    from ahead_kit import nothing

    from app.ui import prebuild

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prebuild, "case_pages", nothing)
        yield
