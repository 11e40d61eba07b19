"""The applicant's screen beside a case: which page stands there, what pressing it does for the clerk, and when nothing stands there.

It follows the case page. Nothing is shown while that page is out of sight: the lock, a list, a search or another case darken it at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer

from app.core import applicant_flow
from app.core.applicant_flow import Flow, home_of
from app.core.applicant_pages import Facts, items
from app.core.applicant_view import BLANK, Act, Page, View
from app.core.rating import Level
from app.services import applicant_screen, rating
from app.services.applicant_screen import Wishes
from app.services.signing import AnotherFormError
from app.ui import keys
from app.ui.case.answers_page import AnswersPage
from app.ui.case.applicant_sound import ACTS
from app.ui.case.applicant_stand import Stand
from app.ui.case.mirror_dialog import MirrorDialog

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QPixmap

    from app.core.errors import AppError
    from app.core.signature import Stroke
    from app.services.ports import Desk, Rendered
    from app.ui.case.case_page import CasePage
    from app.ui.case.papers_desk import PapersDesk
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

IDLE_MS = 60_000
"""So long the last page stays."""
_GONE = "申请人屏断开了，上面的内容已收起。写到一半的名字留着，按 F9 接着用"


NAMES: Final = {
    "applicant.name": "姓名",
    "applicant.cert_number": "证件号码",
    "applicant.phone": "联系电话",
    "applicant.address": "住址",
    "agent.name": "代办人",
    "diseases": "病种",
    "care.hospital": "确诊机构",
    "care.designated": "定点机构",
}
"""What the clerk calls what may be wrong."""


class ApplicantDesk(QObject):
    """Serves one case page. Everything that is shown comes from the session in hand; ``stand`` holds the window."""

    def __init__(self, desk: Desk, lane: Lane, page: CasePage, papers: PapersDesk) -> None:
        super().__init__(page)
        self._desk, self._lane, self._page, self._papers = desk, lane, page, papers
        self._session: CaseSession | None = None
        self._flow = Flow()
        self._wishes = Wishes()
        self._form: Rendered | None = None
        self._on = self._resting = self._again = self._here = self._reopens = False
        self._covered = page.isHidden()
        self._large: bool | None = None
        self.mirror: MirrorDialog | None = None
        self.stand = Stand(page)
        self.stand.pressed.connect(self._pressed)
        self.stand.written.connect(self._written)
        self.stand.chosen.connect(self._chosen)
        self.stand.closed.connect(lambda: self._darken(""))
        self.stand.lost.connect(lambda: self._darken(_GONE))
        self.stand.shown.connect(self._look_again)
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self._rest)
        page.installEventFilter(self)
        page.step_shown.connect(self._follow)
        page.frame.header.screen_wanted.connect(self.toggle)
        keys.bind(page, "mirror", self.look)
        papers.elsewhere = self._sign

    # the case
    def attach(self, session: CaseSession) -> None:
        """Show this case from now on, and nothing of the one before."""
        if self._session is not None:
            self._session.changed.disconnect(self._show)
            self._session.saved.disconnect(self._tell_wrong_soon)
        self._close_mirror()
        self.stand.next_person()
        self._on = self._on and not self.stand.alone and session.editable
        if self.stand.alone:
            self.stand.put_away()
        self._session, self._form, self._large = session, None, None
        self._resting = self._again = self._reopens = False
        self._here = session.editable
        self._flow = Flow(case=session.application.id)
        session.changed.connect(self._show)
        session.saved.connect(self._tell_wrong_soon)
        desk = self._desk
        self._lane.run(lambda: applicant_screen.wishes(desk), then=lambda found: self._take(session, found), owner=self)

    def _take(self, session: CaseSession, wishes: Wishes) -> None:
        if session is not self._session:
            return
        self._wishes = wishes
        # A case that was accepted before is looked up, maybe before somebody else's eyes: it is shown when the clerk says so.
        self._on = self._on or (session.editable and self.stand.apart(wishes))
        if self._on:
            self._open()
        self._show()

    def rest(self) -> None:
        """Go away for good: the window closes."""
        self._on = False
        self._close_mirror()
        self.stand.rest()

    # what the clerk does
    def toggle(self) -> None:
        """F9: show the applicant's screen, or darken it."""
        if self._session is None or self._covered or self._wishes.texts is None:
            return
        self._on, self._resting = not self._on, False
        if self._on:
            self._open()
        elif self.stand.alone:
            self.stand.put_away()
        self._show()

    def look(self) -> None:
        """Shift F9: see what the applicant sees, and press for somebody who only says it."""
        if not self._on:
            self.toggle()
        if not self._on or self.mirror is not None:
            return
        self.mirror = MirrorDialog(self._page, self.stand.where(), self._view, self._picture, self._silent)
        self.mirror.pressed.connect(self._for_somebody)
        self.mirror.large_wanted.connect(self._other_size)
        self.mirror.finished.connect(self._mirror_closed)
        self.mirror.open()

    @property
    def on(self) -> bool:
        """Whether this case stands on the applicant's screen."""
        return self._on and not self._covered and self.stand.lit

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Darken the screen the moment the case goes out of the clerk's sight, and bring it back with the case."""
        if watched is self._page and not event.spontaneous() and event.type() in (QEvent.Type.Hide, QEvent.Type.Show):
            self._covered = event.type() == QEvent.Type.Hide
            if self.stand.sound is not None:
                self.stand.sound.lock(locked=self._covered)
            if self._covered and self.stand.alone:
                self._on = False
                self.stand.put_away()
            self._show()
        return False

    # what stands there
    def _open(self) -> None:
        if told := self.stand.open(self._wishes, self._view(), large=self._letters()):
            self._page.message.say("warn", told)
        self._bring_code()

    def _facts(self, session: CaseSession) -> Facts:
        state, desk = session.state, self._desk
        phone = applicant_screen.hotline(desk, state.region)
        return Facts(state.application, state.region, state.needs, desk.counter.name, phone)

    def _view(self) -> View:
        session, texts = self._session, self._wishes.texts
        if session is None or texts is None or not self._on or self._covered or self._resting or session.given:
            return BLANK
        return applicant_flow.view(self._flow, self._facts(session), texts)

    def _show(self) -> None:
        view = self._view()
        self.stand.show(view, aloud=self._wishes.aloud)
        if view.page is not Page.THANKS:
            self._idle.stop()
        elif not self._idle.isActive():
            self._idle.start()
        self._page.frame.header.set_screen(on=self._on)
        self._tell_heard()

    def _darken(self, told: str) -> None:
        """Go on without the screen: a person closed it, or its monitor went."""
        self._on = False
        self._close_mirror()
        if told:
            self._page.message.say("warn", told)
        self._show()

    def _rest(self) -> None:
        self._resting = True
        self._show()

    def _follow(self, step: str) -> None:
        self._resting = False
        if step == "answers" and self._page.message.text() == self._wrong():
            self._page.message.clear()
        self._flow = self._flow.follow(step)
        if self._reopens and step == "answers":
            self._reopens, self._on = False, True
            self._open()
        if step == "finished":
            self._bring_code()
            self._ask_rating()
        self._show()

    def _bring_code(self) -> None:
        session, window, printery = self._session, self.stand.window, self._desk.printery
        if window is None or session is None or session.application.acceptance is None:
            return
        number = session.application.acceptance.number
        self._lane.run(lambda: printery.code(number), then=lambda code: window.set_code(number, *code), owner=window)

    def _letters(self) -> bool:
        return self._wishes.large if self._large is None else self._large

    def _other_size(self) -> None:
        self._large = not self._letters()
        if self.stand.window is not None:
            self.stand.window.set_large(large=self._large)

    # what was pressed
    def _pressed(self, act: Act) -> None:
        session, texts = self._session, self._wishes.texts
        if act in ACTS:
            if self.stand.sound is not None:
                self.stand.sound.press(act)
            return
        if session is None or texts is None or not self.on:
            return
        facts = self._facts(session)
        if act is Act.SKIP and self._view().page is Page.RATE:
            self._rate(Level.SKIPPED)
        self._flow = applicant_flow.turn(self._flow, act, facts, texts)
        if act is Act.WRONG and self._flow.changing:
            self._lead(self._flow.changing)
        elif act is Act.RIGHT and session.editable and applicant_flow.all_right(self._flow, facts):
            session.edit("read_back", value=True)
        self._show()

    def _for_somebody(self, act: Act) -> None:
        """Press for somebody who said it."""
        if act is Act.PAPER:
            self._to_paper()
        elif act is Act.WIPE and self.stand.window is not None:
            self.stand.window.wipe()
        else:
            self._pressed(act)

    def _lead(self, path: str) -> None:
        """Lead the clerk to the field that is not right; F8 leads back."""
        step = home_of(path)
        self._close_mirror()
        if self.stand.alone:
            # One monitor: the clerk's page comes forward, and the applicant's again with the new value.
            self._on, self._reopens = False, True
            self.stand.put_away()
        self._page.window().activateWindow()
        self._page.change(step)
        if self._page.step == step:
            self._page.page(step).focus_field(path)
        self._tell_wrong()

    def _wrong(self) -> str:
        name = NAMES.get(self._flow.changing, "")
        return f"申请人说「{name}」不对。改好按 F8，再给他看一遍" if name else ""

    def _tell_wrong(self) -> None:
        if self._flow.changing and self._page.message.isHidden():
            self._page.message.say("warn", self._wrong())

    def _tell_wrong_soon(self, _at: str) -> None:
        """Tell it behind what the page says of a stored case."""
        QTimer.singleShot(0, self, self._tell_wrong)

    def _tell_heard(self) -> None:
        session, answers = self._session, self._page.page("answers") if self._page.step == "answers" else None
        if session is None or not self._flow.right or not isinstance(answers, AnswersPage):
            return
        facts = self._facts(session)
        count = len(items(facts))
        right = count - len(applicant_flow.open_items(self._flow, facts))
        answers.tell_heard(f"申请人屏上 {count} 件，说对的 {right} 件")

    # signing
    def _sign(self, session: CaseSession, form: Rendered) -> bool:
        """Let the form be signed on the applicant's screen; False where that one is dark."""
        if session is not self._session or not self.on:
            return False
        self._form = form
        self._flow = replace(self._flow, signing=form.digest, again=self._again, keeping=False)
        self._resting = self._again = False
        self._show()
        self.look()
        return True

    def _written(self, strokes: tuple[Stroke, ...], width: int, height: int) -> None:
        session, form, texts = self._session, self._form, self._wishes.texts
        if session is None or form is None or texts is None or self._flow.signing != form.digest or self._flow.keeping:
            return
        self._flow = applicant_flow.turn(self._flow, Act.WRITTEN, self._facts(session), texts)
        self._show()
        self._papers.keep_name(
            session,
            form,
            strokes,
            width,
            height,
            lambda problem: self._kept(session, problem) if self._session is session else None,
        )

    def _kept(self, session: CaseSession, problem: AppError | None) -> None:
        self._flow = replace(self._flow, keeping=False)
        if problem is None or isinstance(problem, AnotherFormError):
            self._end_signing()
        self._show()
        if isinstance(problem, AnotherFormError) and session is self._session:
            # The form is another by now: it is fetched, heard and signed anew.
            self._again = True
            self._papers.sign()

    def _end_signing(self) -> None:
        self._flow = replace(self._flow, signing="", again=False, keeping=False)
        self._form = None
        self.stand.forget()
        self._close_mirror()

    def _to_paper(self) -> None:
        self._end_signing()
        self._page.message.say("accent", "改签在纸上：打印申请表，签好按 F6 扫回")
        self._show()

    # the rating
    def _ask_rating(self) -> None:
        """Ask how it was, where the case was accepted before the applicant's eyes and nobody was asked yet."""
        session, desk = self._session, self._desk
        if session is None or session.application.acceptance is None or not self._here:
            return
        application = session.application

        def then(offered: bool) -> None:
            if self._session is session:
                self._flow = replace(self._flow, rates=offered)
                self._show()

        self._lane.run(lambda: rating.offered(desk, application), then=then, owner=self)

    def _chosen(self, code: str) -> None:
        self._rate(Level(int(code)))
        self._flow = replace(self._flow, rated=True)
        self._show()

    def _rate(self, level: Level) -> None:
        """Keep what was chosen, nothing too: the clerk hears neither."""
        session, desk = self._session, self._desk
        if session is None or self._flow.rated or not self._flow.rates:
            return
        id_ = session.application.id
        self._lane.run(
            lambda: rating.keep(desk, id_, level),
            failed=lambda problem: self._page.message.say("bad", problem.sentence),
            owner=self,
        )

    # the mirror
    def _picture(self, size: QSize) -> QPixmap | None:
        return self.stand.picture(size) if self.on else None

    def _silent(self) -> str:
        return self.stand.sound.voice.why_not if self.stand.sound is not None else ""

    def _look_again(self) -> None:
        if self.mirror is not None:
            self.mirror.look()

    def _mirror_closed(self) -> None:
        self.mirror = None

    def _close_mirror(self) -> None:
        if self.mirror is not None:
            self.mirror.reject()
