"""The notice on personal data, read from ``resources/notices``."""

from __future__ import annotations

import string
import tomllib
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.notice import PLACES, Notice

if TYPE_CHECKING:
    from pathlib import Path

FILE = "personal-data.zh-CN.toml"


def load_notice(resources: Path) -> Notice:
    """Return the notice. AppError when the file is missing, says nothing, or names a place that cannot be filled."""
    try:
        found = tomllib.loads((resources / "notices" / FILE).read_text(encoding="utf-8"))
        parts = tuple((str(part["head"]), str(part["text"])) for part in found["part"])
        notice = Notice(str(found["version"]), str(found["title"]), parts)
        named = {name for _, text in parts for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise _unusable(type(error).__name__) from error
    if not notice.version or not parts or named - PLACES:
        raise _unusable(f"version, parts or places: {sorted(named - PLACES)}")
    return notice


def _unusable(detail: str) -> AppError:
    return AppError("程序文件不全：个人信息处理告知读不出来。重新安装程序，已存的内容不受影响", f"{FILE}: {detail}")
