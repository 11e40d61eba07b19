"""A step page in its frame, fed as the session feeds it: each answer goes into the application and comes back as a new state."""

import datetime as dt
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.adapters.calendar import load_calendar
from app.adapters.notices import load_notice
from app.adapters.paths import resources
from app.adapters.regions import load_region, shipped
from app.core.application import Agent, Applicant, Application, Care, Disease, Insurance
from app.core.checks import check
from app.core.requirements import needs
from app.core.workdays import due
from app.services import intake
from app.ui import theme
from app.ui.case.state import CaseState
from app.ui.kit import CaseFrame

TODAY = dt.date(2026, 2, 6)
JQ, PZH, SNJ = "gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"


@cache
def region(name):
    return load_region(shipped() / name)


def blank(place=PZH, **changes):
    application = Application("01B", place, "1", insurance=Insurance(place=region(place).name))
    return replace(application, **changes)


def filled(place=PZH, **changes):
    application = Application(
        "01F",
        place,
        "1",
        by_agent=True,
        applicant=Applicant(
            name="沈桂兰",
            cert_number="510402195309120025",
            sex="2",
            birth="1953-09-12",
            nation="01",
            phone="13800001234",
            address="柳荫路 12 号",
        ),
        agent=Agent(name="周敏", relation="child", cert_number="510402197605020022", phone="13800001235", address="同上"),
        insurance=Insurance(kind="390", place=region(place).name, voucher="card", arrears="no"),
        diseases=(Disease("糖尿病", "M01600", "2026-01-19"),),
        care=Care(hospital="第一人民医院", grade="02", doctor="赵一川"),
        summary="多饮多尿 3 年。",
        notified="2026.1",
    )
    return replace(application, **changes)


def state_of(application, place=PZH):
    where = region(place) if isinstance(place, str) else place
    days = where.limit.workdays
    calendar = load_calendar()
    return CaseState(
        application=application,
        region=where,
        findings=check(application, where, TODAY),
        needs=needs(application, where, TODAY),
        today=TODAY,
        calendar=calendar,
        promise=due(calendar, TODAY, days) if days else None,
        notice=load_notice(resources()),
    )


def write(widget, text):
    """Write as an input method does: each character is composed, then committed."""
    for char in text:
        QApplication.sendEvent(widget, QInputMethodEvent("x", []))
        event = QInputMethodEvent("", [])
        event.setCommitString(char)
        QApplication.sendEvent(widget, event)


@contextmanager
def framed(page):
    """Keep a page in its frame for many tests."""
    frame = CaseFrame()
    theme.dress(frame)
    frame.set_middle(page)
    yield page, frame
    frame.close()
    frame.deleteLater()


@contextmanager
def desks(qtbot, framed):
    """Yield what shows a case on a page that many tests share, one after the other."""
    with ExitStack() as leaving:

        def make(application=None, place=PZH, **more):
            leaving.close()
            made = Desk(qtbot, framed, application or blank(place if isinstance(place, str) else PZH), place, **more)
            leaving.callback(made.leave)
            return made

        yield make


class Desk:
    """The page, the application it changes, and every answer it gave."""

    def __init__(self, qtbot, framed, application, place=PZH, size=(1366, 724)):
        self.page, self.frame = framed
        self.application, self.place = application, place
        self.answers = []
        # What a page keeps of a case goes with the case.
        self.page.show_case(state_of(replace(application, id="01X"), place))
        self.page.set_editable(True)
        self.page.edited.connect(self._take)
        self.show()
        self.resize(*size)
        self.frame.show()
        self.frame.activateWindow()
        qtbot.waitUntil(self.frame.isActiveWindow)
        for _ in range(3):  # what another place needs is made, laid out, and laid out again once its words are known
            QApplication.processEvents()

    def leave(self):
        self.page.edited.disconnect(self._take)

    def resize(self, width, height):
        self.frame.resize(width, height)
        self.frame.fold(folded=width < 1341)
        QApplication.processEvents()

    def show(self, application=None):
        self.application = application or self.application
        self.page.show_case(state_of(self.application, self.place))

    def at(self, path):
        """Return the field of a path as the demo finds it: by its property."""
        return next(w for w in self.page.findChildren(object) if w.property("path") == path)

    def focus(self):
        widget = QApplication.focusWidget()
        return widget.property("path") if widget is not None else None

    def _take(self, path, value):
        self.answers.append((path, value))
        self.application = intake.answer(self.application, path, value)
        self.show()
