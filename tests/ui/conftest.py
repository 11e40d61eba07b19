"""For tests of windows: the real theme on the test's QApplication, once for the process."""

from pathlib import Path

import pytest

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(scope="session")
def themed(qapp):
    from app.ui import theme

    return theme.apply(qapp, RESOURCES)


@pytest.fixture(autouse=True)
def _dressed(themed):
    """Every test under tests/ui sees the widgets as a clerk does."""
