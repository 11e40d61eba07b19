"""What was copied or read by a machine and nobody has confirmed yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.checks.findings import doubt, label_of, step_of
from app.core.sources import CAMERA, KINDS, unconfirmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.application import Application
    from app.core.findings import Finding


def check_copied(application: Application) -> Iterator[Finding]:
    """Yield a doubt for each value that waits for a person's word; no reason passes it."""
    if application.acceptance is not None:
        return
    waiting = unconfirmed(application)
    for source in waiting:
        if source.kind == CAMERA:
            continue
        came = f"{KINDS[source.kind]}的，没核对"
        origin = f"照{source.origin}抄。" if source.origin else ""
        todo = f"{origin}问过按 Ctrl Enter；不对就改"
        yield replace(doubt(f"source.{source.path}", source.path, f"{label_of(source.path)}是{came}", todo), confirm=True)
    read = [source.path for source in waiting if source.kind == CAMERA]
    for step in dict.fromkeys(step_of(path) for path in read):
        here = [path for path in read if step_of(path) == step]
        one = "开具日期" if here[0].endswith(".issued_on") else label_of(here[0])
        title = f"照片识读的 {len(here)} 项没核对" if len(here) > 1 else f"{one}是{KINDS[CAMERA]}的，没核对"
        yield replace(
            doubt(f"read.{step}", here[0], title, "按 Ctrl K 对着原图核对，或在那一格按 Ctrl Enter；不对就改"), confirm=True
        )
