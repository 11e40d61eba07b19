from __future__ import annotations

import pytest
from whole_kit import quick_slots


@pytest.fixture
def quick(monkeypatch):
    quick_slots(monkeypatch)
