"""The people of a counter: letting in, stopping, passphrases, one-time codes, and the keys of the store.

Whoever lets somebody in proves who he is with his own passphrase, since the data key is held by nobody but the slots: an unlocked window
left alone gives no keys away.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.names import read_name
from app.services.ports import Role
from app.services.setup import passphrase_problem

if TYPE_CHECKING:
    from app.services.ports import Clerk, Desk

CODE_DAYS = 3
"""A one-time code works on the day it is made and the two after it: over a weekend a new one is cheap."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the list, and which ways in there are: a passphrase of his own, a one-time code until a day (ISO, '' for none)."""

    clerk: Clerk
    has_passphrase: bool
    code_until: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code, shown once, and the last day it works."""

    name: str
    code: str
    until: dt.date


def people(desk: Desk) -> list[Person]:
    """Return everybody who works or worked here."""
    return [Person(clerk, *desk.vault.ways(clerk.name)) for clerk in desk.store.clerks()]


def is_supervisor(desk: Desk) -> bool:
    """Whether the clerk at the desk is an active supervisor, as the store says now."""
    return any(c.name == desk.clerk and c.role is Role.SUPERVISOR and not c.disabled_at for c in desk.store.clerks())


def require_supervisor(desk: Desk) -> None:
    """Raise AppError unless a supervisor is at the desk."""
    if not is_supervisor(desk):
        raise AppError("这一步由主管来做。锁定，让主管用自己的口令打开")


def name_problem(name: str) -> str:
    """Say why this cannot be somebody's name, or nothing."""
    return read_name(name).problem if name.strip() else "写上姓名"


def new_passphrase_problem(passphrase: str, repeated: str) -> str:
    """Say why this cannot be a new passphrase, or nothing."""
    return passphrase_problem(passphrase) or ("" if passphrase == repeated else "两次键入的口令不一样")


def add(desk: Desk, name: str, role: Role, passphrase: str) -> Invitation:
    """Let somebody in: on the list at once, and a one-time code for the first time. ``passphrase`` is the supervisor's own."""
    require_supervisor(desk)
    name = name.strip()
    problem = name_problem(name)
    if problem:
        raise AppError(problem)
    desk.vault.check(desk.clerk, passphrase)
    desk.store.add_clerk(name, role, desk.clerk)
    return invite(desk, name, passphrase)


def invite(desk: Desk, name: str, passphrase: str) -> Invitation:
    """Make a one-time code for somebody who forgot, or never had, a passphrase. What they worked on is not touched."""
    require_supervisor(desk)
    clerk = _at_work(desk, name)
    until = desk.clock.now().date() + dt.timedelta(days=CODE_DAYS - 1)
    code = desk.vault.make_once(desk.clerk, passphrase, clerk.name, until)
    desk.store.note(desk.clerk, "once_code", "", name)
    return Invitation(name, code, until)


def stop(desk: Desk, name: str) -> None:
    """Stop somebody: no way in any more, all records stay. AppError for oneself, so that a supervisor is always left."""
    require_supervisor(desk)
    if name == desk.clerk:
        raise AppError("不能停用正在办事的自己。让另一位主管来停")
    desk.store.stop_clerk(name, desk.clerk)
    desk.vault.remove(name)


def resume(desk: Desk, name: str, passphrase: str) -> Invitation:
    """Let somebody who was stopped work again, in the role of before, by a one-time code."""
    require_supervisor(desk)
    before = next((clerk for clerk in desk.store.clerks() if clerk.name == name and clerk.disabled_at), None)
    if before is None:
        raise AppError("这位没有停用，不用恢复")
    return add(desk, name, before.role, passphrase)


def set_role(desk: Desk, name: str, role: Role) -> None:
    """Give somebody another role. AppError for oneself, so that a supervisor is always left."""
    require_supervisor(desk)
    if name == desk.clerk:
        raise AppError("不能改自己的角色。让另一位主管来改")
    desk.store.set_role(_at_work(desk, name).name, role, desk.clerk)


def change_passphrase(desk: Desk, old: str, new: str, repeated: str) -> None:
    """Change the own passphrase. WrongSecretError for a wrong old one, AppError says why a new one is no good."""
    _sound(new, repeated)
    desk.vault.set_passphrase(desk.clerk, old, new)
    desk.store.note(desk.clerk, "passphrase")


def reset_passphrase(desk: Desk, code: str, new: str, repeated: str) -> None:
    """Set the passphrase of the clerk at the desk, who came in by the recovery code."""
    _sound(new, repeated)
    desk.vault.set_by_recovery(desk.clerk, code, new)
    desk.store.note(desk.clerk, "passphrase", "", "recovery")


def renew_recovery(desk: Desk, passphrase: str) -> str:
    """Return a new recovery code; the printed one opens nothing any more."""
    require_supervisor(desk)
    code = desk.vault.make_recovery(desk.clerk, passphrase)
    desk.store.note(desk.clerk, "recovery_renewed")
    return code


def rekey(desk: Desk, passphrase: str) -> str:
    """Give the store a new data key: for a key file or backup in wrong hands. Returns the new recovery code.

    Everybody else needs a one-time code afterwards. Takes seconds for each hundred megabytes.
    """
    require_supervisor(desk)
    code = desk.vault.rekey(desk.store, desk.clerk, passphrase)
    desk.store.note(desk.clerk, "rekey")
    return code


def _at_work(desk: Desk, name: str) -> Clerk:
    for clerk in desk.store.clerks():
        if clerk.name == name and not clerk.disabled_at:
            return clerk
    raise AppError("这位已停用或不在名单里。先恢复，再发一次性码")


def _sound(new: str, repeated: str) -> None:
    problem = new_passphrase_problem(new, repeated)
    if problem:
        raise AppError(problem)
