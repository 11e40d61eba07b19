"""The settings of a hall as a file (TOML) that people can read: only what means the same at every counter, nothing secret, no names."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.errors import RefusedFileError
from app.core.settings import Kind, Setting, Value
from app.core.settings_all import ALL, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = 1
"""Number of the format. A file of a later one is left alone: half of a hall's rules would be none."""

MOST_BYTES: Final = 256 * 1024
ENDING: Final = ".toml"

_HEAD = """\
# 窗口程序的设置。在另一个窗口打开「管理」「设置」，按「读入文件」：先列出哪些不一样，主管看过才改。
# 没有口令和密钥，没有窗口、人和打印机的名字。不想带走的行可以删掉。
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that a file wants otherwise; both values as they are kept."""

    setting: Setting
    old: str
    new: str

    @property
    def words(self) -> tuple[str, str]:
        """Both values for people."""
        return self.setting.say(self.setting.read(self.old)), self.setting.say(self.setting.read(self.new))


@dataclass(frozen=True, slots=True)
class Difference:
    """What reading a file in would do: ``changes``, how many are the same, names it does not know, and what it does not take with why."""

    changes: tuple[Change, ...] = ()
    same: int = 0
    unknown: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def written(values: Mapping[str, str], day: str) -> bytes:
    """Return the file. ``values``: kept texts by id; only those that travel are taken. ``day``: ISO, when it was written."""
    lines = [_HEAD, f"format = {FORMAT}", f'written = "{day}"', "", "[settings]"]
    section = ""
    for one in ALL:
        if one.hall and one.id in values:
            lines += ["", f"# —— {one.section} ——"] if one.section != section else []
            section = one.section
            about = "，".join(part for part in (one.range, _codes(one)) if part)
            lines += [f"# {one.name}" + (f"（{about}）" if about else ""), f'"{one.id}" = {_literal(one.read(values[one.id]))}']
    return ("\n".join(lines) + "\n").encode()


def compare(data: bytes, values: Mapping[str, str], held: Mapping[str, str]) -> Difference:
    """Hold a file against what is kept. ``held``: ids that cannot be changed here, with the reason.

    RefusedFileError for what is no such file, and for one that a newer program wrote.
    """
    changes: list[Change] = []
    unknown: list[str] = []
    refused: list[tuple[str, str]] = []
    same = 0
    for id_, raw in _settings(data).items():
        one = SETTINGS.get(id_)
        if one is None:
            unknown.append(id_[:40])
            continue
        text = _text(one, raw)
        problem = "不随文件走，在每个窗口自己设" if not one.hall else _misfit(one, text)
        if not problem and text is not None and one.read(text) == one.read(values.get(id_, "")):
            same += 1
        elif problem or text is None or id_ in held:
            refused.append((one.name, problem or held[id_]))
        else:
            changes.append(Change(one, values.get(id_, ""), one.write(one.read(text))))
    return Difference(tuple(changes), same, tuple(unknown), tuple(refused))


def _settings(data: bytes) -> dict[str, object]:
    if len(data) > MOST_BYTES:
        raise RefusedFileError("这个文件太大，不是设置文件", "settings: size")
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise RefusedFileError("这个文件读不懂，设置没有动。到原来的窗口再存一次", "settings: no TOML") from error
    number, settings = found.get("format"), found.get("settings")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1 or not isinstance(settings, dict):
        raise RefusedFileError("这不是窗口程序的设置文件，设置没有动", "settings: format")
    if number > FORMAT:
        raise RefusedFileError(
            "这个文件是更新的程序版本写的，设置没有动。把这台的程序升级，再读一次", f"settings: format {number}"
        )
    return {str(id_): raw for id_, raw in settings.items()}


def _text(one: Setting, raw: object) -> str | None:
    """Return what a file holds as the text that is kept, None for something of another kind."""
    if one.kind is Kind.SWITCH:
        return one.write(raw) if isinstance(raw, bool) else None
    if one.kind is Kind.NUMBER:
        return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else "" if raw == "" else None
    return raw if isinstance(raw, str) else None


def _misfit(one: Setting, text: str | None) -> str:
    if text is None:
        return "写的是 true 或 false" if one.kind is Kind.SWITCH else "写的不是它的值"
    return one.problem(text)


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return json.dumps(value or "", ensure_ascii=False).replace("\x7f", "\\u007F")


def _codes(one: Setting) -> str:
    if one.kind is Kind.SWITCH:
        return f"true {one.words[1][1]}，false {one.words[0][1]}"
    return "、".join(code for code, _ in one.words)
