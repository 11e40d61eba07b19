"""The office's window: same house as the counter's, other tabs."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from app.ui import keys
from app.ui.admin_dialogs import Ask
from app.ui.crash import CrashDialog
from app.ui.door.secret import SecretField
from app.ui.errands import Errands
from app.ui.kit import Dialog, Tab
from app.ui.lane import Lane
from app.ui.office.exchange_page import ExchangePage
from app.ui.office.review_page import ReviewPage
from app.ui.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.answer import Answer, Content
    from app.core.errors import AppError
    from app.ui.office.desk import Exchanged, Inbox, OfficeDesk
    from app.ui.office.reading import Case, Leaf
    from app.ui.shell import PageBase

TABS = (Tab("review", "审核", "workbench"), Tab("exchange", "收发", "search"))


class _Voice(QObject):
    """Carries words from another thread to this one."""

    said = Signal(str)


class OfficeWindow:
    """The window over an :class:`OfficeDesk`. ``place``: the name of the place that was set up, '' for none yet.

    ``every``: minutes between two looks at the place by itself, 0 for none.
    """

    def __init__(
        self, desk: OfficeDesk, now: Callable[[], dt.datetime], place: str = "", by: str = "", *, every: int = 0
    ) -> None:
        self._desk, self._now, self._place = desk, now, place
        self._folder: Path | None = None
        self._problems: tuple[str, ...] = ()
        self._last, self._name = "", desk.name()
        self._busy = False
        self._signing = False
        self._opening = self._progress = ""
        self._next: dt.datetime | None = None
        self.shell = Shell(now, TABS)
        self.lane = Lane(self.shell)
        self.errands = Errands(self.shell)
        self._near, self._far = _Voice(self.shell), _Voice(self.shell)
        self.review = ReviewPage(now)
        self.exchange = ExchangePage()
        self.exchange.by.put(by)
        pages: dict[str, PageBase] = {"review": self.review, "exchange": self.exchange}
        for name, page in pages.items():
            self.shell.add(name, partial(_same, page))
        for source in (self.lane.crashed, self.errands.crashed):
            source.connect(self.crashed)
        self.lane.troubled.connect(self._troubled)
        self.shell.tab.connect(self._go)
        self.shell.closing.connect(self._close)
        self.shell.foot.on.connect(self.review.sign)
        self._near.said.connect(self._checking)
        self._far.said.connect(self._told)
        self.review.opened.connect(self.open_case)
        self.review.decided.connect(self._ask)
        self.review.originals.wanted.connect(self._draw)
        self.review.taken_over.connect(self._ask_over)
        self._timer = QTimer(self.shell)
        self._timer.timeout.connect(self._by_itself)
        self.exchange.every.chosen.connect(lambda minutes: self._fetch_every(int(minutes)))
        for page in (self.review, self.exchange):
            page.fetch.connect(self.fetch)
        self.exchange.publish.connect(self.publish)
        self.exchange.choose.connect(self.choose)
        for name, act in (("read_in", self.fetch), ("export", self.publish), ("files", self.choose)):
            keys.bind(self.shell, name, act)
        self._go("review")
        self._show_place()
        self._fetch_every(every)
        self.lane.run(self._desk.locked, then=self._begin, failed=self._troubled, owner=self.shell)

    def _begin(self, locked: bool) -> None:
        """Read what waits, once the private keys are open."""
        if not locked:
            self._read()
            return
        dialog = Ask(
            self.shell,
            "打开经办机构的私钥",
            "没有口令，件打不开，答复签不了。口令只在这个窗口开着时记着。",
            "打开",
            {"secret": ("口令", SecretField("经办机构·口令"))},
            lambda told: "" if told["secret"] else "键入做密钥时设的口令",
            stay="先不打开",
        )

        def opened(_none: object) -> None:
            dialog.done_well()
            self.review.say("accent", "")
            self._read()

        def answered(told: dict[str, str]) -> None:
            self.lane.run(
                lambda: self._desk.unlock(told["secret"]), opened, lambda problem: dialog.fail(problem.sentence), dialog
            )

        dialog.answered.connect(answered)
        self.review.say("warn", "私钥锁着，先用口令打开")
        dialog.open()

    # what a person does
    def use_folder(self, folder: Path) -> None:
        """Work with this folder or stick from now on, in this window."""
        self._folder, self._place = folder, folder.name
        self._show_place()

    def choose(self) -> None:
        """Ask for another folder."""
        if self._busy:
            return
        chosen = QFileDialog.getExistingDirectory(self.shell, "收件的文件夹或 U 盘")
        if chosen:
            self.use_folder(Path(chosen))

    def fetch(self) -> None:
        """Fetch what counters sent, sign for it, and put every answer."""
        self._exchange(fetch=True)

    def publish(self) -> None:
        """Put every answer that is not there yet."""
        self._exchange(fetch=False)

    def open_case(self, digest: str) -> None:
        """Verify a submission and show it."""
        self._opening = digest
        today = self._now().date()
        self.review.say("accent", "正在核对签名和摘要")
        by = self.exchange.by.value().strip()
        self.lane.run(lambda: self._desk.open(digest, today, by), partial(self._opened, digest), self._not_opened, self.shell)

    def crashed(self, error: BaseException) -> None:
        """Say that a bug of ours lost nothing."""
        CrashDialog.show_for(self.shell, error)

    # opening
    def _opened(self, digest: str, case: Case) -> None:
        if digest == self._opening:
            self.review.say("accent", "")
            self.review.show_case(case)
            self.shell.foot.ways("签发答复" if self.shell.current == "review" else "")

    def _not_opened(self, error: AppError) -> None:
        self.review.show_case(None)
        self.shell.foot.ways()
        self._read(lambda: self.review.say("bad", error.sentence))

    def _draw(self, leaf: Leaf) -> None:
        case = self.review.case
        if case is None:
            return
        self.lane.run(
            lambda: self._desk.leaf(case.digest, leaf),
            partial(self.review.originals.set_page, leaf),
            lambda error: self.review.originals.say(leaf, error.sentence),
            self.shell,
        )

    def _ask_over(self, digest: str) -> None:
        by = self.exchange.by.value().strip()
        dialog = Dialog(
            self.shell, "把这件接过来？", "先问过本人：他写到一半的答复不会带过来。谁什么时候接的，会记下来。", "接过来", "不接"
        )

        def over(_none: object) -> None:
            self.open_case(digest)
            self._read()

        dialog.acted.connect(
            lambda _reason: self.lane.run(lambda: self._desk.take_over(digest, by), over, self._troubled, self.shell)
        )
        dialog.open()

    # answering
    def _ask(self, digest: str, made: Content, reads: str) -> None:
        if self._signing:
            return
        twin = self.review.case.twin if self.review.case else ""
        dialog = Dialog(
            self.shell,
            "签发这份答复？" if not twin else "同一件有两份，签发这一份？",
            f"申请人会看到：{reads.rstrip('。')}。\n签发后收不回来。"
            + (f"\n还有 {unlooked} 项没看。" if (unlooked := self.review.unlooked()) else "")
            + (f"\n{twin}。" if twin else ""),
            "签发",
            "再看看",
        )
        dialog.acted.connect(lambda _reason: self._give(digest, made))
        dialog.open()

    def _give(self, digest: str, made: Content) -> None:
        self._signing = True
        by = self.exchange.by.value().strip()
        self.lane.run(lambda: self._desk.give(digest, made, by), self._given, self._not_given, self.shell, self._unsigned)

    def _given(self, answer: Answer) -> None:
        self._signing = False
        said = f"签发了：{answer.counter} 第 {answer.seq} 份。"
        if not self._place:
            said += "还没有报送地点，按 F3 换一个文件夹再发"
        self._read(lambda: self.review.say("good", said))
        if self._place:
            self.publish()

    def _not_given(self, error: AppError) -> None:
        self._signing = False
        self.review.say("bad", error.sentence)

    def _unsigned(self) -> None:
        self._signing = False

    # the place
    def _fetch_every(self, minutes: int) -> None:
        """Look at the place by itself from now on, or not at all."""
        self.exchange.every.put(str(minutes))
        self._timer.stop()
        self._next = None
        if minutes:
            self._timer.start(minutes * 60_000)
            self._next = self._now() + dt.timedelta(minutes=minutes)
        self._link()

    def _by_itself(self) -> None:
        """Fetch without disturbing whoever reads: what came of it stands in the top bar and among the exchanges."""
        self._next = self._now() + dt.timedelta(milliseconds=self._timer.interval())
        if self._place and not self._busy and not self._signing:
            self._exchange(fetch=True, asked=False)
        else:
            self._link()

    def _exchange(self, *, fetch: bool, asked: bool = True) -> None:
        if self._busy:
            return
        if not self._place:
            self._troubled_sentence("还没有报送地点。按 F3，换一个文件夹")
            return
        self._busy = True
        folder, said = self._folder, self._far.said.emit
        self._told("正在连上报送地点")
        self.errands.run(
            lambda: self._desk.exchange(folder, said, fetch=fetch),
            partial(self._exchanged, fetch),
            partial(self._not_exchanged, asked),
            self.shell,
            self._rest,
        )

    def _exchanged(self, fetch: bool, done: Exchanged) -> None:
        self._rest()
        if fetch:
            self._problems = done.problems
        now = f"{self._now():%H:%M}"
        parts = [f"收下 {done.came} 件" if fetch else "", f"放过去 {done.put} 份答复" if done.put or not fetch else ""]
        parts.append(f"{done.waiting} 件没传全，下次再收" if done.waiting else "")
        self._last = f"{now} " + "，".join(one for one in parts if one)
        self._link()
        tone = "warn" if done.problems else "good"
        said = self._last + (f"，{len(done.problems)} 件要人看" if done.problems else "")
        self.exchange.bar.say(tone, said)
        self._read()

    def _not_exchanged(self, asked: bool, error: AppError) -> None:
        self._rest()
        self._last = f"{self._now():%H:%M} 没有连上"
        self._link()
        if asked:
            self._troubled_sentence(error.sentence)
        else:
            self.exchange.bar.say("bad", error.sentence)

    def _rest(self) -> None:
        self._busy = False
        self.exchange.show_busy("")
        self._show_place()

    def _checking(self, words: str) -> None:
        """Say how far the reading of the list is, unless something else stands there."""
        if self.review.bar.text() in {"", self._progress}:
            self._progress = words
            self.review.say("accent", words)

    def _told(self, words: str) -> None:
        if self._busy:
            self.exchange.show_busy(words)
            self.shell.topbar.put(link=words, link_icon="hard-drive-download", **self._who())

    # inside
    def _read(self, then: Callable[[], object] | None = None) -> None:
        """Read what waits; then say what came before it."""
        self.lane.run(lambda: self._desk.inbox(self._near.said.emit), partial(self._show, then), self._troubled, self.shell)

    def _show(self, then: Callable[[], object] | None, inbox: Inbox) -> None:
        had = self.review.case
        if self._progress and self.review.bar.text() == self._progress:
            self.review.say("warn", had.twin if had else "")
        self._progress = ""
        self.review.show_inbox(inbox, self._last)
        self.exchange.show_inbox(inbox, self._problems)
        if had is not None and self.review.case is None:
            self.shell.foot.ways()
            if then is None:
                self.review.say("warn", "打开着的那件已经不等答复了，关上了。多半是别人答复了，按 F3 看")
        if then is not None:
            then()

    def _go(self, name: str) -> None:
        self.shell.open(name)
        self.shell.foot.ways("签发答复" if name == "review" and self.review.case else "")

    def _who(self) -> dict[str, str]:
        return {"place": self._name, "clerk": self.exchange.by.value().strip()}

    def _link(self) -> None:
        link = f"{self._place}·{self._last}" if self._last else self._place or "没有报送地点"
        if self._next is not None and self._place:
            link += f"，{self._next:%H:%M} 再收"
        self.shell.topbar.put(link=link, link_icon="hard-drive-download", **self._who())

    def _show_place(self) -> None:
        self.exchange.show_place(self._place, self._name)
        self._link()

    def _troubled(self, error: AppError) -> None:
        self._troubled_sentence(error.sentence)

    def _troubled_sentence(self, sentence: str) -> None:
        self.review.say("bad", sentence)
        self.exchange.bar.say("bad", sentence)

    def _close(self) -> None:
        self._timer.stop()
        self.errands.stop()
        self.lane.stop()


def _same(page: PageBase) -> PageBase:
    return page
