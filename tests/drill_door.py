"""Lives that need little: two programs at one door, an export."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from drill_kit import say
from drill_world import reopened
from whole_kit import CLERK, FixedClock

from app.adapters.export import export_applications
from app.adapters.imaging import PageMaker
from app.adapters.store import Vault
from app.core.application import State
from app.core.errors import StoreError


def warm() -> None:
    """All that is needed is loaded."""


def knocking(data_dir: str, id_: str) -> None:
    """Whoever is let in writes one revision and leaves."""
    while True:
        try:
            store = reopened(Path(data_dir))
        except StoreError as refused:
            say("refused", refused.sentence)
            continue
        application = store.application(id_)
        assert application is not None
        say("stored", store.save_draft(replace(application, summary=f"{os.getpid()}"), CLERK).revision)
        store.close()


def exporting(data_dir: str, code: str, out: str) -> None:
    """Export all that is accepted in a store of the store's own tests."""
    store = Vault(Path(data_dir), FixedClock("2026-03-06")).open_with_recovery(code)
    ids = [entry.id for entry in store.entries(states=[State.READY])]
    while True:
        export_applications(store, PageMaker(), {}, Path(out), ids, CLERK, progress=lambda done, _: say("done", done))
        say("whole")
