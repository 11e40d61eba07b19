"""Why a row was found: which shown characters belong to what was asked for. A place that the mask hides is never marked."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from app.core import masks
from app.core.names import MIDDLE_DOT, tidy_name
from app.core.pinyin import initials

if TYPE_CHECKING:
    from collections.abc import Sequence

CERT_HEAD, PHONE_HEAD = 6, 7
"""The store finds a number by its beginning from so many characters on."""

_DROPPED = re.compile(r"[\s·•‧・⋅∙.\-‐‑–—_/]+")

Spans = tuple[tuple[int, int], ...]
"""Start and length of each marked run."""


def parts_of(asked: str) -> list[str]:
    """Return the parts of a question, each of which must match, as the store compares them."""
    return [part for word in asked.split() if (part := fold(word))]


def fold(text: str) -> str:
    """Return text as the store compares it."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).casefold())


def letters(person: str, parts: Sequence[str]) -> tuple[str, int]:
    """Return the initials a part begins, and how many letters of them."""
    for part in parts:
        if part.isascii() and part.isalpha():
            for letters in initials(person):
                if letters.startswith(part):
                    return letters, len(part)
    return "", 0


def name_marks(person: str, parts: Sequence[str]) -> Spans:
    """Mark the characters of a masked name that stand in the whole name where it was asked for."""
    whole = tidy_name(person)
    places: list[int] = []
    shown = 0
    for whole_part, masked in zip(whole.split(MIDDLE_DOT), masks.mask_name(person).split(MIDDLE_DOT), strict=False):
        inner = [-1] * len(whole_part)
        if inner and masked:
            inner[0] = shown
            if len(inner) > 1 and masked[-1] != "*":
                inner[-1] = shown + len(masked) - 1
        places += [*inner, -1]
        shown += len(masked) + 1
    return spans(whole, places[: len(whole)], parts)


def spans(whole: str, places: Sequence[int], parts: Sequence[str]) -> Spans:
    """Return the runs of shown places (−1 for hidden) whose characters belong to a part found anywhere in ``whole``."""
    kept = [(fold(char), place) for char, place in zip(whole, places, strict=False)]
    folded = "".join(char for char, _ in kept)
    owners = [place for char, place in kept for _ in char]
    hits: set[int] = set()
    for part in parts:
        at = folded.find(part)
        while at >= 0:
            hits.update(place for place in owners[at : at + len(part)] if place >= 0)
            at = folded.find(part, at + 1)
    return _runs(hits)


def whole(text: str, parts: Sequence[str]) -> Spans:
    """Return the runs of a text shown whole that belong to a part found anywhere in it."""
    return spans(text, list(range(len(text))), parts)


def ends(number: str, shown: str, parts: Sequence[str], least_head: int) -> Spans:
    """Mark what is visible of a masked number's beginning and end, where a part is its beginning or its end."""
    bare = fold(number)
    head, _, tail = shown.partition("*")
    head, tail = head.rstrip(), tail.lstrip("* ")
    hits: set[int] = set()
    for part in parts:
        if not part.isascii() or not bare:
            continue
        if bare.endswith(part):
            hits.update(range(len(shown) - min(len(part), len(tail)), len(shown)))
        if len(part) >= least_head and bare.startswith(part):
            hits.update(range(len(head)))
    return _runs(hits)


def _runs(hits: set[int]) -> Spans:
    runs: list[tuple[int, int]] = []
    for at in sorted(hits):
        if runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((at, 1))
    return tuple(runs)
