"""Step 1: what is applied for, who applies, and who acts for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal

from app.core.codes import NATIONS, SEX
from app.core.days import parse_day
from app.core.identity import CERT_KINDS, age_on
from app.services import cards
from app.ui import keys
from app.ui.case.notice_dialog import notice_dialog
from app.ui.case.person_fields import CertChip, cert_kind, cert_number, derived, phone
from app.ui.case.step import FormPage, choice, pairs_of
from app.ui.kit.buttons import Button
from app.ui.kit.choices import Check, Combo, Segments
from app.ui.kit.fields import DateField, Field
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

    from app.core.region import Region
    from app.ui.case.state import CaseState
    from app.ui.keys import KeyHint

WHO = ((str(False), "本人"), (str(True), "代办"))
_WIDE = 260
_SHORT = 6
"""Letters of a hint that leave room for another one."""
_TYPED = "照证件填；号码里有的，空着的自己会填"
_READ = "两张证都放上读卡器，空着的自己会填"
_AGENT = "照代办人的证件填"


class IdentityPage(FormPage):
    """Kind of application, applicant, agent. Birth date and sex come along with a sound number (the session fills them).

    ``read_wanted()``: the card on the reader is to be read once more. Its button is there only while there is a reader.
    """

    step: ClassVar[str] = "identity"
    read_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("身份", _TYPED)
        self.read_button = Button("读卡", key=keys.cap("read_card"), icon="id-card")
        self.read_button.clicked.connect(self.read_wanted)
        self.read_button.hide()
        self._reader = False
        head = self.title.parentWidget()
        box = head.layout() if head is not None else None
        if box is not None:
            box.addWidget(self.read_button)

    def set_reader(self, *, there: bool) -> None:
        """Say that cards can be read here, or no more."""
        if there == self._reader:
            return
        self._reader = there
        self.note.put(_READ if there else _TYPED)
        self.read_button.setVisible(there)
        if self._state is not None:
            self.arrange(self._state)
        self.hints_changed.emit()

    def build(self, region: Region) -> Iterator[None]:
        """Make the fields."""
        self._agent: list[QWidget] = []
        form, add = self.form, self.bound.add
        form.head("申请")
        kind = add("kind", choice("申请·申请类型", pairs_of(region.kinds)))
        self._who = Segments("申请·谁来办理", WHO)
        form.row("申请类型", kind, 8, form.between("谁来办理"), add("by_agent", self._who))
        yield
        self._build_applicant()
        yield
        self._build_agent(region)
        yield
        self._build_notice()

    def _build_applicant(self) -> None:
        form, add = self.form, self.bound.add
        self._applicant_head = form.head("申请人")
        form.row(
            "姓名",
            add("applicant.name", Field("申请人·姓名", width=180)),
            form.between("性别"),
            add("applicant.sex", Segments("申请人·性别", [(code, SEX[code]) for code in ("2", "1")])),
            form.between("民族"),
            add("applicant.nation", Combo("申请人·民族", NATIONS.items(), width=132, placeholder="可空")),
        )
        form.row("证件类型", add("applicant.cert_kind", cert_kind("申请人·证件类型")))
        self._number = add("applicant.cert_number", cert_number("申请人·证件号码", _WIDE))
        self._chip = CertChip()
        self._derived = Text("", "small", elide=True)
        form.row("证件号码", self._number, self._chip, (self._derived, 1))
        until = DateField("申请人·证件有效期", placeholder="可空，或长期", words=("长期",))
        self._age = Text("", "small")
        form.row(
            "出生日期",
            add("applicant.birth", DateField("申请人·出生日期")),
            self._age,
            8,
            form.between("证件有效期至"),
            add("applicant.cert_until", until),
        )
        form.row("住址", (add("applicant.address", Field("申请人·住址", placeholder="写到门牌或村组")), 1))
        form.row(
            "联系电话",
            add("applicant.phone", phone("申请人·联系电话")),
            form.between("另一电话"),
            add("applicant.other_phone", phone("申请人·另一电话", "可空")),
            (Text("结果会打联系电话", "small", elide=True), 1),
        )

    def _build_agent(self, region: Region) -> None:
        form, add = self.form, self.bound.add
        self._agent_head = head = form.head("代办人", _AGENT)
        relation = choice("代办人·关系", pairs_of(region.relations))
        names = form.row(
            "姓名",
            add("agent.name", Field("代办人·姓名", width=180)),
            form.between("关系"),
            add("agent.relation", relation),
        )
        self._agent_number = cert_number("代办人·证件号码")
        self._agent_number.setMaximumWidth(_WIDE)
        self._agent_number.setMinimumWidth(196)
        self._agent_chip = CertChip()
        cert = form.row(
            "证件类型",
            add("agent.cert_kind", cert_kind("代办人·证件类型")),
            form.between("号码"),
            (add("agent.cert_number", self._agent_number), 100),
            self._agent_chip,
            (Text(""), 1),
        )
        contact = form.row(
            "电话",
            add("agent.phone", phone("代办人·电话")),
            form.between("住址"),
            (add("agent.address", Field("代办人·住址")), 1),
        )
        self._agent += [head, names, cert, contact]

    def _build_notice(self) -> None:
        self.form.head("个人信息", "念给申请人听，或转过屏幕给申请人看")
        told = self.bound.add("notified", Check("已告知个人信息怎样处理", name="个人信息·已告知"))
        look = Button("看告知", "small", icon="file-text")
        look.setObjectName("notice")
        look.clicked.connect(self.show_notice)
        self.form.row("告知", told, look)

    def show_notice(self) -> None:
        """Open the notice, in letters an applicant can read from the other side of the counter."""
        if self._state is not None:
            notice_dialog(self, self._state.notice).open()

    def arrange(self, state: CaseState) -> None:
        """Show the agent only when there is one, and what the numbers say as they are typed."""
        applicant, agent = state.application.applicant, state.application.agent
        for part in self._agent:
            part.setVisible(state.application.by_agent)
        reading = self._chip.read(applicant.cert_kind, applicant.cert_number, state.today)
        self._derived.put(derived(reading, state.today))
        self._hint(self._number, applicant.cert_kind)
        self._agent_chip.read(agent.cert_kind, agent.cert_number, state.today)
        self._hint(self._agent_number, agent.cert_kind)
        self._applicant_head.say(cards.head(state.application, cards.APPLICANT, state.today))
        self._agent_head.say(cards.head(state.application, cards.AGENT, state.today) or _AGENT)
        born = parse_day(applicant.birth)
        known = born is not None and born <= state.today
        self._age.put(f"{age_on(born, state.today)} 岁" if born and known and reading.birth is None else "")

    def answer(self, path: str, value: object) -> None:
        """Pass on an answer; who comes to the window is yes or no, and what was told is a version of the notice."""
        if path == "by_agent":
            value = value == str(True)
        elif path == "notified":
            value = self._state.notice.version if value and self._state is not None else ""
        super().answer(path, value)

    def hints(self) -> list[KeyHint]:
        """Return what the keys do in this form."""
        read = [keys.hint("read_card")] if self._reader else []
        return [*super().hints(), *read, keys.hint("options"), keys.hint("list")]

    def _hint(self, field: Field, kind: str) -> None:
        known = CERT_KINDS.get(kind)
        hint = known.hint if known else "照证件填"
        readable = self._reader and kind in cards.CALLED
        field.setPlaceholderText(f"{hint}，或按 F5 读卡" if readable and len(hint) <= _SHORT else hint)
