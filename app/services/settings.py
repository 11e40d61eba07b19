"""The settings of this counter: how each stands, who made it so, changing one, and taking the hall's settings along as a file.

Most are rows of the store. The others live where something else needs them (:data:`_HOMES`): the scale beside the store, since Qt reads it
before any store is open, the second copy's folder with the counter, the office's key and the watched folder behind their own services.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.settings import Setting, Value, Who
from app.core.settings_all import (
    ALL,
    COPY_FOLDER,
    COVER,
    IDLE,
    LANGUAGE,
    OFFICE_KEY,
    PRINTED,
    RETENTION,
    SCALE,
    SETTINGS,
    WATCHED,
)
from app.core.settings_file import ENDING, MOST_BYTES, Difference, written
from app.core.settings_file import compare as compared
from app.services import answers, clerks, devices, printing, privacy, retention, second_copy
from app.services.outside import write_new
from app.services.ports import Made

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.services.ports import Desk

FROM_FILE = "照设置文件改"
"""The reason that is kept where a setting asks for one and a file changed it."""

_NOBODY = Made("", "")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a setting stands. ``text``: as it is kept; ``held``: why it cannot be changed here now, '' when it can; ``note``: what else holds."""

    setting: Setting
    text: str
    made: Made = _NOBODY
    held: str = ""
    note: str = ""

    @property
    def value(self) -> Value:
        """What holds."""
        return self.setting.read(self.text)

    @property
    def words(self) -> str:
        """What holds, for people."""
        return self.setting.say(self.value)

    @property
    def changed(self) -> bool:
        """Whether somebody has it otherwise than the program came."""
        return not self.held and self.value != self.setting.default


@dataclass(frozen=True, slots=True)
class _Home:
    read: Callable[[Desk], str]
    write: Callable[[Desk, str], object]


def standings(desk: Desk) -> tuple[Standing, ...]:
    """Return how every setting stands, fixed ones too."""
    made = desk.store.made_settings()
    hidden = {LANGUAGE} if len(desk.languages) <= 1 else set()
    return tuple(_standing(desk, one, made) for one in ALL if one.id not in hidden)


def idle_minutes(desk: Desk) -> int:
    """Return after how many minutes without a key or a click the window locks itself."""
    return int(SETTINGS[IDLE].read(desk.store.setting(IDLE)) or 0)


def change(desk: Desk, id_: str, text: str, reason: str = "") -> Standing:
    """Change a setting and return how it stands now; the audit gets its name. AppError says what fits, who may, or what is missing. KeyError for an unknown one."""
    one = SETTINGS[id_]
    if one.who is Who.SUPERVISOR:
        clerks.require_supervisor(desk)
    if problem := _held(desk, one) or one.problem(text):
        raise AppError(problem)
    if one.asks and not reason.strip():
        raise AppError("写一句为什么这样设")
    text = one.write(one.read(text))
    if id_ in _HOMES:
        _HOMES[id_].write(desk, text)
    elif id_ == COVER:
        privacy.set_cover(desk, on=bool(one.read(text)), reason=reason)
    else:
        desk.store.make_settings({id_: _row(desk, one, text)}, desk.clerk)
    return _standing(desk, one, desk.store.made_settings())


def save_file(desk: Desk, folder: Path) -> str:
    """Write what a hall shares where the supervisor chose; returns the file's name. AppError when the place does not take it."""
    clerks.require_supervisor(desk)
    now = desk.clock.now()
    name = f"settings-{now:%Y%m%d-%H%M}{ENDING}"
    try:
        write_new(folder / name, [written(_travelling(desk), now.date().isoformat())])
    except FileExistsError:
        raise AppError(f"那里已有 {name}，没有覆盖。换一个文件夹") from None
    except OSError as problem:
        raise AppError("这个文件夹写不进去，设置没有存。换一个文件夹", type(problem).__name__) from problem
    desk.store.note(desk.clerk, "settings_file", "", name)
    return name


def compare(desk: Desk, path: Path) -> Difference:
    """Say what reading a file in would change; nothing is changed. AppError when it cannot be read or is no such file."""
    clerks.require_supervisor(desk)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise AppError("这个文件读不出来：U 盘拔了，或被移走。插好再读一次", type(problem).__name__) from problem
    held = {one.id: why for one in ALL if (why := _held(desk, one))}
    return compared(data, _travelling(desk), held)


def apply(desk: Desk, difference: Difference) -> None:
    """Do what :func:`compare` said, all of it or nothing. AppError unless a supervisor is at the desk."""
    clerks.require_supervisor(desk)
    values = {one.setting.id: _row(desk, one.setting, one.new) for one in difference.changes}
    kept = {privacy.REASON: FROM_FILE} if COVER in values else {}
    kept |= {retention.PURGED_ON: ""} if RETENTION in values else {}
    desk.store.make_settings(values, desk.clerk, kept)
    desk.store.note(desk.clerk, "settings_read", "", f"{len(values)} 项")


# inside
def _standing(desk: Desk, one: Setting, made: Mapping[str, Made]) -> Standing:
    return Standing(one, _kept(desk, one), made.get(one.id, _NOBODY), _held(desk, one), _note(desk, one))


def _kept(desk: Desk, one: Setting) -> str:
    if one.who is Who.FIXED:
        return one.write(one.default)
    if one.id in _HOMES:
        return _HOMES[one.id].read(desk)
    if one.id.startswith(PRINTED):
        copies = printing.wish(desk, one.id.removeprefix(PRINTED)).copies
        return str(copies) if copies else ""
    return desk.store.setting(one.id)


def _row(desk: Desk, one: Setting, text: str) -> str:
    """Return what the store keeps for a value: how a paper prints remembers its printer beside the copies."""
    if not one.id.startswith(PRINTED):
        return text
    printer = printing.wish(desk, one.id.removeprefix(PRINTED)).printer
    return printing.habit(printing.Wish(printer, int(text or 0)))


def _travelling(desk: Desk) -> Mapping[str, str]:
    # What the region states itself is no counter's to hand on.
    return {one.id: _kept(desk, one) for one in ALL if one.hall and not _held(desk, one)}


def _held(desk: Desk, one: Setting) -> str:
    days = desk.region.retention.days
    if one.id == RETENTION and days is not None:
        return f"{desk.region.name}规定保留 {days} 天，本窗口不另设"
    return ""


def _note(desk: Desk, one: Setting) -> str:
    if one.id == OFFICE_KEY and (fingerprint := answers.fingerprint(desk)):
        return f"在用 {fingerprint}，打电话和经办机构核对过才算"
    return ""


def _read_scale(desk: Desk) -> str:
    try:
        return (desk.data_dir / "scale").read_text("ascii", "replace").strip()
    except OSError:
        return ""


def _write_scale(desk: Desk, text: str) -> None:
    path = desk.data_dir / "scale"
    try:
        draft = path.with_name("scale.next")
        draft.write_text(text, "ascii")
        draft.replace(path)
    except OSError as problem:
        raise AppError("数据文件夹写不进去，放大倍数没有改。让管理员给写入权限", type(problem).__name__) from problem
    desk.store.make_settings({SCALE: text}, desk.clerk)


def _copy_folder(desk: Desk) -> str:
    counter = desk.store.counter()
    return counter.second_copy if counter else ""


def _watched(desk: Desk) -> str:
    place = devices.watched(desk)
    return place.path if place else ""


_HOMES: Mapping[str, _Home] = {
    SCALE: _Home(_read_scale, _write_scale),
    COPY_FOLDER: _Home(_copy_folder, second_copy.choose),
    OFFICE_KEY: _Home(lambda desk: desk.store.setting(OFFICE_KEY), answers.set_key),
    RETENTION: _Home(lambda desk: retention.standing(desk)[1], retention.set_days),
    WATCHED: _Home(_watched, devices.watch),
}
