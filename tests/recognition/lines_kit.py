"""What the real engine read off the specimens (``record.py``), and lines made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from app.core.readings import Line

HERE = Path(__file__).parent


@cache
def recorded(name: str) -> tuple[Line, ...]:
    """``gansu-jiuquan.id-front``."""
    found = json.loads((HERE / "lines" / f"{name}.json").read_text("utf-8"))
    return tuple(Line(text, score, tuple(box), tuple(chars)) for text, score, box, chars in found)


def lines(*texts: str, score: float = 0.99) -> tuple[Line, ...]:
    """Rows from top to bottom, each as wide as its text."""
    step = 0.9 / max(len(texts), 12)
    return tuple(
        Line(text, score, (0.1, 0.05 + at * step, min(0.8, 0.02 * len(text)), step * 0.6)) for at, text in enumerate(texts)
    )


def changed(found: tuple[Line, ...], old: str, new: str) -> tuple[Line, ...]:
    """The same lines with one text read differently, as surely as before."""
    assert sum(old in line.text for line in found) == 1
    return tuple(
        replace(line, text=line.text.replace(old, new), chars=line.chars if len(old) == len(new) else ())
        if old in line.text
        else line
        for line in found
    )


def said(reading) -> dict[str, str]:
    return {one.name: one.value for one in reading.readings}


def certain(reading) -> dict[str, str]:
    return {one.name: one.value for one in reading.readings if one.certain}
