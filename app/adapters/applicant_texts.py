"""The languages of the applicant's screen, read from ``resources/applicant``: one file each, named by its language tag."""

from __future__ import annotations

import logging
import tomllib
from typing import TYPE_CHECKING, Any

from app.core.applicant_texts import FIRST, Texts, TextsError
from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FOLDER = "applicant"
_HEAD = ("name", "voice", "promise")


def load_texts(resources: Path) -> tuple[Texts, ...]:
    """Return the languages, the one that is always there first. One that cannot be used is left out and logged; AppError when that is the first."""
    found: dict[str, Texts] = {}
    for path in sorted((resources / FOLDER).glob("*.toml")):
        try:
            found[path.stem] = load(path)
        except (OSError, ValueError) as problem:
            if path.stem == FIRST:
                raise _unusable(str(problem)) from problem
            logging.getLogger("app.applicant").warning("language.refused %s", path.stem, exc_info=problem)
    if FIRST not in found:
        raise _unusable("missing")
    return (found.pop(FIRST), *found.values())


def load(path: Path) -> Texts:
    """Read one language. OSError, ValueError (TextsError among them) say what is wrong with it."""
    record = tomllib.loads(path.read_text(encoding="utf-8"))
    head = {name: record.pop(name, "") for name in _HEAD}
    words = dict(_flat(record))
    if not all(isinstance(text, str) for text in (*head.values(), *words.values())):
        raise TextsError("something is no text")
    return Texts(path.stem, words=words, **head)


def _flat(record: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{at}{key}.")
        else:
            yield f"{at}{key}", value


def _unusable(detail: str) -> AppError:
    return AppError("程序文件不全：申请人屏的文字读不出来。重新安装程序，已存的内容不受影响", f"{FOLDER}: {detail}")
