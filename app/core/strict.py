"""Strict readers of the office's JSON: nothing is guessed, passed over or put right. ValueError names what does not fit."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any, Final

ULID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
MOST: Final = 2**53 - 1
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


def loads(data: bytes) -> Any:
    """Return what stands in JSON text of UTF-8. A key given twice, NaN and infinity do not fit."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError(type(error).__name__) from error


def match(told: dict[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    """Return a text that is wholly of a pattern."""
    value = told[key]
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(key)
    return value


def number(told: dict[str, Any], key: str) -> int:
    """Return a whole number from 1 to the largest that every JSON reader keeps exactly."""
    value = told[key]
    if type(value) is not int or not 1 <= value <= MOST:
        raise ValueError(key)
    return value


def moment(told: dict[str, Any]) -> str:
    """Return the local time under ``at``, ISO to the second."""
    text = match(told, "at", _MOMENT)
    dt.datetime.fromisoformat(text)
    return text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a key twice")
    return told


def _no(constant: str) -> Any:
    raise ValueError(constant)
