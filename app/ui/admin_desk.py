"""What the administration page and handover need of the machine: questions asked, work on the local lane, answers and codes shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from app.core.received import ENDING
from app.services import administration, answers, clerks, handover, retention
from app.services.ports import Parcel, Role
from app.ui.admin import ROLES, AdminPage, Standing
from app.ui.admin_dialogs import Ask, CodeDialog
from app.ui.admin_office import OfficeStanding
from app.ui.admin_places_desk import PlacesDesk
from app.ui.door.secret import SecretField
from app.ui.kit import Dialog, Field, Segments
from app.ui.print_work import print_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.core.application import Application
    from app.services.clerks import Invitation
    from app.services.ports import Desk
    from app.ui.errands import Errands
    from app.ui.lane import Lane

_OWN = "自己的口令"
_COMING = f"移交文件和回执 (*.ckparcel *{ENDING})"


class AdminDesk(QObject):
    """Serves one clerk's desk. ``idle_set(minutes)`` when the setting is known or changed; ``moved()`` when a draft came, went or came back."""

    idle_set = Signal(int)
    moved = Signal()
    taken = Signal(str)

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, errands: Errands) -> None:
        super().__init__(window)
        self._window = window
        self._lane = lane
        self._desk = desk
        self._page: AdminPage | None = None
        self.places = PlacesDesk(self, window, lane, desk, errands)
        lane.run(lambda: administration.idle_minutes(desk), then=self.idle_set.emit, owner=self)

    def make(self) -> AdminPage:
        """Return the page, wired."""
        page = self._page = AdminPage(self._desk.clock.now)
        page.fresh_wanted.connect(self.read)
        page.add_wanted.connect(self._add)
        page.invite_wanted.connect(self._invite)
        page.resume_wanted.connect(self._resume)
        page.stop_wanted.connect(self._stop)
        page.role_wanted.connect(self._role)
        page.passphrase_wanted.connect(self._passphrase)
        page.recovery_wanted.connect(self._recovery)
        page.rekey_wanted.connect(self._rekey)
        page.idle_wanted.connect(self._idle)
        page.scale_wanted.connect(self._scale)
        page.audit_wanted.connect(self._audit)
        page.office.key_wanted.connect(self._office_key)
        page.office.days_wanted.connect(self._days)
        self.places.serve(page.places)
        self.places.said.connect(page.say)
        self.places.noted.connect(page.note_places)
        return page

    def show(self, section: str) -> None:
        """Show a section of the page, which is on screen."""
        if self._page is not None:
            self._page.choose(section)

    def read(self) -> None:
        """Read how things stand and show it."""
        desk, page = self._desk, self._page
        if page is None:
            return

        def look() -> Standing:
            return Standing(
                clerks.people(desk),
                desk.clerk,
                clerks.is_supervisor(desk),
                administration.idle_minutes(desk),
                administration.scale(desk),
                administration.newest(desk),
                OfficeStanding(answers.fingerprint(desk), *retention.standing(desk)),
            )

        self._lane.run(look, then=page.put, owner=page)
        self.places.read()

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
        self._asked(dialog, lambda a: lambda: clerks.add(desk, a["name"], Role(a["role"]), a["own"]), self._show_code)

    def _invite(self, name: str) -> None:
        desk = self._desk
        dialog = self._prove(f"给{name}发一次性码", "本人用它打开，当场设新口令；原来的口令到那时作废，办过的件都在。", "发")
        self._asked(dialog, lambda a: lambda: clerks.invite(desk, name, a["own"]), self._show_code)

    def _resume(self, name: str) -> None:
        desk = self._desk
        dialog = self._prove(f"恢复{name}", "角色和停用前一样。给一个一次性码，本人用它打开，当场设新口令。", "恢复")
        self._asked(dialog, lambda a: lambda: clerks.resume(desk, name, a["own"]), self._show_code)

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
        self.read()

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
        self._asked(
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
        self._asked(dialog, lambda a: lambda: clerks.reset_passphrase(desk, code, a["new"], a["again"]), lambda _none: None)

    def _recovery(self) -> None:
        desk = self._desk
        dialog = self._prove("换恢复码", "原来那张纸从此打不开。新的只显示这一次，马上打印或抄下，封好。", "换")
        self._asked(dialog, lambda a: lambda: clerks.renew_recovery(desk, a["own"]), self._show_recovery)

    def _rekey(self) -> None:
        desk = self._desk
        dialog = self._prove(
            "换数据钥匙",
            "全部数据换一把钥匙重新加密，每 100 MB 约 2 秒，中途断电不丢。换好后：恢复码换新的，"
            "别的人都要一次性码，第二份备份自动重做一份。",
            "换",
            danger=True,
        )
        self._asked(dialog, lambda a: lambda: clerks.rekey(desk, a["own"]), self._show_recovery)

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
        self.read()

    # settings, audit
    def _idle(self, text: str) -> None:
        desk, page = self._desk, self._page
        if page is None:
            return

        def changed(minutes: int) -> None:
            page.tell_idle("")
            self.idle_set.emit(minutes)
            self._told(f"离开 {minutes} 分钟自动锁定，现在起算")

        self._lane.run(
            lambda: administration.set_idle_minutes(desk, text),
            then=changed,
            failed=lambda problem: page.tell_idle(problem.sentence),
            owner=page,
        )

    def _office_key(self, text: str) -> None:
        desk, page = self._desk, self._page
        if page is None:
            return

        def changed(fingerprint: str) -> None:
            page.office.tell_key("")
            self._told(f"公钥换好了。打电话和经办机构核对：{fingerprint}")

        self._lane.run(
            lambda: answers.set_key(desk, text),
            then=changed,
            failed=lambda problem: page.office.tell_key(problem.sentence),
            owner=page,
        )

    def _days(self, text: str) -> None:
        desk, page = self._desk, self._page
        if page is None:
            return

        def changed(days: str) -> None:
            page.office.tell_days("")
            self._told(f"原件送达满 {days} 天清理" if days else "原件一直保留")

        self._lane.run(
            lambda: retention.set_days(desk, text),
            then=changed,
            failed=lambda problem: page.office.tell_days(problem.sentence),
            owner=page,
        )

    def _scale(self, percent: int) -> None:
        desk = self._desk
        self._do(lambda: administration.set_scale(desk, percent), f"放大 {percent} %，重开程序后生效")

    def _audit(self) -> None:
        desk = self._desk
        folder = QFileDialog.getExistingDirectory(self._window, "操作记录存到哪个文件夹")
        if folder:
            self._do(lambda: administration.save_audit(desk, Path(folder)), "操作记录已存成文件，连着每条的校验值")

    # handover
    def hand_over(self, id_: str) -> None:
        """Ask to whom and where, write the parcel, and show the code."""
        desk = self._desk
        dialog = Ask(
            self._window,
            "移交给另一个窗口",
            "写成一个加密文件，连原件和经过。移交后本机只能看，由对方接着办。同一个窗口的同事直接打开就行，不用移交。",
            "选文件夹，移交",
            {"to": ("交给谁", Field("移交·交给谁", placeholder="比如 2 号窗口 李娜"))},
            lambda a: "" if a["to"].strip() else "写上交给谁",
            stay="不移交",
        )

        def given(parcel: Parcel) -> None:
            CodeDialog(
                self._window,
                "移交码",
                f"文件 {parcel.file} 已写好。移交码另外告诉对方，不要和文件放在一起；只显示这一次。",
                parcel.code,
                lines=("对方在工作台按 Ctrl I，选这个文件，键入移交码。",),
            ).open()
            self.moved.emit()

        def work(answers: dict[str, str]) -> Callable[[], Parcel] | None:
            folder = QFileDialog.getExistingDirectory(self._window, "移交文件放进哪个文件夹")
            return (lambda: handover.hand_over(desk, id_, answers["to"], Path(folder))) if folder else None

        self._asked(dialog, work, given)

    def take_in(self) -> None:
        """Ask for a file and take it in: a parcel with its code, or the office's receipts with all that lie beside it."""
        picker = QFileDialog(self._window, "读入哪个移交文件或回执", "", _COMING)
        picker.setFileMode(QFileDialog.FileMode.ExistingFile)
        picker.setOption(QFileDialog.Option.DontUseNativeDialog, QGuiApplication.platformName() == "offscreen")
        picker.fileSelected.connect(self.take_in_file)
        picker.finished.connect(picker.deleteLater)
        picker.open()

    def take_in_file(self, file: str) -> None:
        """Ask for the code of a parcel, and take it in; of receipts, take in the whole folder."""
        desk = self._desk
        if file.endswith(ENDING):
            self._take_answers(Path(file).parent)
            return
        dialog = Ask(
            self._window,
            "读入移交的件",
            f"{Path(file).name}。移交码由对方另外告诉你，5 组，每组 4 个字。",
            "读入",
            {"code": ("移交码", Field("读入·移交码", numeric=True))},
            lambda a: "" if a["code"].strip() else "写上移交码",
        )

        def came(application: Application) -> None:
            self.moved.emit()
            self.taken.emit(application.id)

        self._asked(dialog, lambda a: lambda: handover.take_in(desk, Path(file), a["code"]), came)

    def _take_answers(self, folder: Path) -> None:
        desk = self._desk

        def done(read: answers.ReadIn) -> None:
            self.moved.emit()
            Dialog(self._window, "读过回执了", f"{read.sentence}。", "", "知道了").open()

        self._lane.run(
            lambda: answers.read_answers(desk, folder),
            then=done,
            failed=lambda problem: Dialog(self._window, "没有读入", problem.sentence, "", "知道了").open(),
            owner=self,
        )

    def take_back(self, id_: str, to: str) -> None:
        """Ask why a draft that was given away is taken back, and do it."""
        desk = self._desk
        dialog = Dialog(
            self._window,
            "拿回这件？",
            f"已交给{to}。先问清对方没有读入，或读入后不办：两边都办，就成了两件。拿回由主管做，留有理由。",
            "拿回",
            "不拿回",
            reason="为什么拿回，对方怎么说",
        )
        dialog.acted.connect(
            lambda reason: self._lane.run(
                lambda: handover.take_back(desk, id_, reason),
                then=lambda _none: self.moved.emit(),
                failed=lambda problem: Dialog(self._window, "没有拿回", problem.sentence, "知道了", "关上").open(),
                owner=self,
            )
        )
        dialog.open()

    # inside
    def _prove(self, title: str, text: str, act: str, *, danger: bool = False) -> Ask:
        fields = {"own": (_OWN, SecretField(f"{title}·自己的口令"))}
        return Ask(self._window, title, text, act, fields, lambda a: _needs(a["own"]), danger=danger)

    def _asked(
        self, dialog: Ask, work: Callable[[dict[str, str]], Callable[[], Any] | None], then: Callable[[Any], object]
    ) -> None:
        """Do what a dialog was answered, on the lane; the dialog closes when it was done."""

        def act(answers: dict[str, str]) -> None:
            job = work(answers)
            if job is None:
                dialog.fail("")
                return

            def done(result: object) -> None:
                dialog.done_well()
                then(result)

            self._lane.run(
                job,
                then=done,
                failed=lambda problem: dialog.fail(problem.sentence),
                owner=dialog,
                broken=lambda: dialog.fail("程序出了差错，这一步没有做成"),
            )

        dialog.answered.connect(act)
        dialog.open()

    def _do(self, work: Callable[[], object], words: str) -> None:
        page = self._page
        self._lane.run(
            work,
            then=lambda _result: self._told(words),
            failed=lambda problem: page.say("bad", problem.sentence) if page else None,
            owner=page,
        )

    def _told(self, words: str) -> None:
        if self._page is not None:
            self._page.say("good", words)
        self.read()


def _needs(passphrase: str) -> str:
    return "" if passphrase else "写上自己的口令，证明是本人"
