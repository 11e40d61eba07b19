"""What the memory's worker does in the window, by the demonstration's robot."""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import replace

import people
import whole_kit
from process_kit import let_go
from PySide6.QtWidgets import QApplication
from whole_kit import PZH

from app.adapters.paths import resources
from app.demo import Robot, live
from app.ui.case.session import CaseSession

PAPER, MARKS = "reports", 50


def _begin(robot, nth):
    window = robot.window
    robot.shortcut("F5")
    robot.wait("case", lambda: window.current == "case" and window.case_page().session is not None)
    session = window.case_page().session
    who = {path.replace(".", "__"): value for path, value in people.person(nth).items()}
    mine = session.application
    session.replace(replace(whole_kit.complete(window.desk, **who), id=mine.id, step=mine.step, started_at=mine.started_at))
    return session


def _drop(robot, session, files):
    page = robot.window.case_page()
    page.open_step("materials")
    materials = page.page("materials")
    materials.focus_field(f"papers.{PAPER}")
    slot = materials.list.slot(PAPER)
    before = len(session.application.paper(PAPER).pages)
    robot.drop(materials, slot.mapTo(materials, slot.rect().center()), files)
    robot.wait("pages", lambda: len(session.application.paper(PAPER).pages) == before + len(files))
    robot.settle()
    return materials


def _trim(window):
    """Drop what the store keeps of its pages (64 MB at most) and what nobody holds."""
    store = window.desk.store
    window.lane.ask(lambda: store._db.execute("PRAGMA shrink_memory").fetchall()).result()
    let_go()


def pages(window, count, say):
    """One case with so many pages of A4, all of them looked through."""
    robot = Robot(window, window.desk.data_dir)
    session = _begin(robot, 1)
    scans = [window.desk.data_dir / f"scan{at}.jpg" for at in range(count)]
    for at in range(0, count, 5):
        materials = _drop(robot, session, scans[at : at + 5])
    say("pages_taken")
    strip = materials.list.slot(PAPER).strip
    bar = strip.verticalScrollBar()
    for at in range(0, bar.maximum() + 1, max(1, strip.viewport().height() // 2)):
        bar.setValue(at)
        live(80)
    for at in range(count):
        strip.setCurrentIndex(strip.pages.index(at))
        live(60)
        robot.settle()
    say("pages_shown")
    _trim(window)
    say("pages_shown_trimmed")


def cases(window, count, say):
    """So many cases, each with two pages, accepted; memory without the store's pages after every fifty."""
    robot = Robot(window, window.desk.data_dir)
    files = [resources() / "specimens" / PZH / name for name in ("id-front.jpg", "id-back.jpg")]
    for nth in range(1, count + 1):
        session = _begin(robot, nth)
        _drop(robot, session, files)
        session.replace(whole_kit.seen(window.desk, session.application))
        page = window.case_page()
        page.open_step("answers")
        robot.fill("read_back", value=True)
        robot.shortcut("F8")
        robot.wait("accepted", lambda page=page: page.step == "finished")
        robot.settle()
        robot.shortcut("F2")
        robot.settle()
        if nth in {1, 10} or not nth % MARKS:
            say(f"cases_{nth}")
            _trim(window)
            kinds = Counter(type(one).__name__ for one in gc.get_objects())
            sessions = sum(isinstance(one, CaseSession) for one in gc.get_objects())
            widgets = len(QApplication.allWidgets())
            say(f"cases_{nth}_trimmed", sessions=sessions, widgets=widgets, kinds=dict(kinds.most_common(400)))
