"""What the people of a counter need of the machine: questions asked, ways in made on the local lane, codes shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import clerks
from app.services.ports import Role
from app.ui.admin_dialogs import Ask, CodeDialog, answered
from app.ui.admin_people import ROLES
from app.ui.door.secret import SecretField
from app.ui.kit import Dialog, Field, Segments
from app.ui.print_work import print_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.services.clerks import Invitation
    from app.services.ports import Desk
    from app.ui.admin_people import PeopleSection
    from app.ui.lane import Lane

_OWN = "自己的口令"


class PeopleDesk(QObject):
    """Serves one clerk's desk. ``said(tone, sentence)`` what came of a wish; ``changed()`` when somebody stands otherwise now."""

    said = Signal(str, str)
    changed = Signal()

    def __init__(self, parent: QObject, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(parent)
        self._window, self._lane, self._desk = window, lane, desk
        self._page: PeopleSection | None = None

    def serve(self, page: PeopleSection) -> None:
        """Wire the section."""
        self._page = page
        page.add_wanted.connect(self._add)
        page.invite_wanted.connect(self._invite)
        page.resume_wanted.connect(self._resume)
        page.stop_wanted.connect(self._stop)
        page.role_wanted.connect(self._role)
        page.passphrase_wanted.connect(self._passphrase)
        page.recovery_wanted.connect(self._recovery)
        page.rekey_wanted.connect(self._rekey)

    # people
    def _add(self) -> None:
        role = Segments("加一人·角色", [(one.value, word) for one, word in ROLES.items()])
        role.put(Role.CLERK.value)
        dialog = Ask(
            self._window,
            "加一位经办人员",
            "加好后给一个一次性码。本人用它第一次打开，当场设自己的口令。",
            "加上",
            {
                "name": ("姓名", Field("加一人·姓名")),
                "role": ("角色", role),
                "own": (_OWN, SecretField("加一人·自己的口令")),
            },
            lambda a: clerks.name_problem(a["name"]) or _needs(a["own"]),
        )
        desk = self._desk
        answered(self._lane, dialog, lambda a: lambda: clerks.add(desk, a["name"], Role(a["role"]), a["own"]), self._show_code)

    def _invite(self, name: str) -> None:
        desk = self._desk
        dialog = self._prove(f"给{name}发一次性码", "本人用它打开，当场设新口令；原来的口令到那时作废，办过的件都在。", "发")
        answered(self._lane, dialog, lambda a: lambda: clerks.invite(desk, name, a["own"]), self._show_code)

    def _resume(self, name: str) -> None:
        desk = self._desk
        dialog = self._prove(f"恢复{name}", "角色和停用前一样。给一个一次性码，本人用它打开，当场设新口令。", "恢复")
        answered(self._lane, dialog, lambda a: lambda: clerks.resume(desk, name, a["own"]), self._show_code)

    def _stop(self, name: str) -> None:
        desk = self._desk
        dialog = Dialog(
            self._window, f"停用{name}？", "口令和一次性码都作废，不能再打开。经手的件和操作记录都留着，以后可以恢复。", "停用", "不停用",
            danger=True,
        )  # fmt: skip
        dialog.acted.connect(lambda _reason: self._do(lambda: clerks.stop(desk, name), f"{name}已停用"))
        dialog.open()

    def _role(self, name: str) -> None:
        desk, person = self._desk, self._page.person(name) if self._page else None
        if person is None:
            return
        role = Role.CLERK if person.clerk.role is Role.SUPERVISOR else Role.SUPERVISOR
        self._do(lambda: clerks.set_role(desk, name, role), f"{name}现在是{ROLES[role]}")

    def _show_code(self, made: Invitation) -> None:
        until = f"{made.until.month} 月 {made.until.day} 日"
        CodeDialog(
            self._window,
            f"{made.name}的一次性码",
            f"当面告诉本人，或抄在纸上。只显示这一次，用一次就作废，到 {until}为止。",
            made.code,
            lines=("本人在锁定页选自己的姓名，按「忘了口令」，键入它，再设口令。",),
        ).open()
        self.changed.emit()

    # own passphrase, keys of the store
    def _passphrase(self) -> None:
        desk = self._desk
        dialog = Ask(
            self._window,
            "换我的口令",
            "换好马上用新的。别的人和恢复码不受影响。",
            "换成新的",
            {
                "old": ("现在的口令", SecretField("换口令·现在的")),
                "new": ("新口令", SecretField("换口令·新的")),
                "again": ("再键入一遍", SecretField("换口令·再键入一遍")),
            },
            lambda a: _needs(a["old"]) or clerks.new_passphrase_problem(a["new"], a["again"]),
        )
        answered(
            self._lane,
            dialog,
            lambda a: lambda: clerks.change_passphrase(desk, a["old"], a["new"], a["again"]),
            lambda _none: self._told("口令已换，下次用新的打开"),
        )

    def reset(self, code: str) -> None:
        """Somebody came in by the recovery code: offer to set the passphrase at once, while the paper is open."""
        desk = self._desk
        dialog = Ask(
            self._window,
            f"给{desk.clerk}设新口令",
            "用恢复码打开了。现在设好新口令，恢复码封回去；原来的口令作废。",
            "设好",
            {
                "new": ("新口令", SecretField("新口令")),
                "again": ("再键入一遍", SecretField("再键入一遍")),
            },
            lambda a: clerks.new_passphrase_problem(a["new"], a["again"]),
            stay="以后再说",
        )
        answered(
            self._lane, dialog, lambda a: lambda: clerks.reset_passphrase(desk, code, a["new"], a["again"]), lambda _none: None
        )

    def _recovery(self) -> None:
        desk = self._desk
        dialog = self._prove("换恢复码", "原来那张纸从此打不开。新的只显示这一次，马上打印或抄下，封好。", "换")
        answered(self._lane, dialog, lambda a: lambda: clerks.renew_recovery(desk, a["own"]), self._show_recovery)

    def _rekey(self) -> None:
        desk = self._desk
        dialog = self._prove(
            "换数据钥匙",
            "全部数据换一把钥匙重新加密，每 100 MB 约 2 秒，中途断电不丢。换好后：恢复码换新的，"
            "别的人都要一次性码，第二份备份自动重做一份。",
            "换",
            danger=True,
        )
        answered(self._lane, dialog, lambda a: lambda: clerks.rekey(desk, a["own"]), self._show_recovery)

    def _show_recovery(self, code: str) -> None:
        desk = self._desk
        dialog = CodeDialog(
            self._window, "新的恢复码", "只显示这一次。打印或抄下，封好，锁进柜子；旧的那张销毁。", code, prints=True
        )

        dialog.printed.connect(
            lambda: print_code(
                desk,
                self._lane,
                code,
                owner=dialog,
                done=lambda: dialog.message.say("good", "已送到打印机"),
                failed=lambda sentence: dialog.message.say("bad", f"{sentence}。也可以抄在纸上"),
            )
        )
        dialog.open()
        self.changed.emit()

    # inside
    def _prove(self, title: str, text: str, act: str, *, danger: bool = False) -> Ask:
        fields = {"own": (_OWN, SecretField(f"{title}·自己的口令"))}
        return Ask(self._window, title, text, act, fields, lambda a: _needs(a["own"]), danger=danger)

    def _do(self, work: Callable[[], object], words: str) -> None:
        self._lane.run(
            work,
            then=lambda _result: self._told(words),
            failed=lambda problem: self.said.emit("bad", problem.sentence),
            owner=self,
        )

    def _told(self, words: str) -> None:
        self.said.emit("good", words)
        self.changed.emit()


def _needs(passphrase: str) -> str:
    return "" if passphrase else "写上自己的口令，证明是本人"
