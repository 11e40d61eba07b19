"""One walk through every page and dialog of the program: by keyboard, by ear, and on a small screen. What is new is found by itself."""

import importlib
import pkgutil
import re
from contextlib import contextmanager
from pathlib import Path

import keyboard_kit as kit
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage, QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from whole_kit import quick_slots
from window_kit import counter_at

import app.ui
from app.demo import commit
from app.ui import help as f1
from app.ui import keys
from app.ui.admin_dialogs import CodeDialog
from app.ui.applicant.voice import Voice
from app.ui.case.camera_dialog import CameraDialog
from app.ui.case.case_page import STEPS
from app.ui.case.characters_dialog import CharactersDialog
from app.ui.case.read_dialog import ReadDialog, ReadValue
from app.ui.kit import Button, Dialog, Field, Text, TextArea
from app.ui.kit.form import INPUTS
from app.ui.queue_stick import Stick

SMALL = (910, 512)
"""1366 × 768 at 150 %, in logical px; 1920 × 1080 at 200 % (960 × 540) has a little more."""


class Tour:
    """What was found, by what was looked for."""

    def __init__(self, counter):
        self.counter = counter
        self.found: dict[str, list[str]] = {}
        self.dialogs: set[type] = set()
        self.known: set = set()
        self.pages: set[str] = set()

    def look(self, place, root):
        """Look at a page or a dialog with everything there is to look for."""
        checks = {
            "mute": kit.mute,
            "trees": kit.trees,
            "astray": kit.astray,
            "unseen": lambda one: kit.unseen(one, self.known),
            "clashes": kit.clashes,
            "idle": kit.idle,
        }
        if place == "keys":
            # The list of all keys names also those of other pages.
            del checks["idle"]
        for name, check in checks.items():
            self.found.setdefault(name, []).extend(f"{place}: {line}" for line in check(root))

    def page(self, place):
        """Look at the page on screen, and again in a small window."""
        window = self.counter.window
        self.pages.add(window.current)
        in_front(self.counter, window)
        self.look(place, window)
        self.cut(f"{place} whole", window)
        with self.small():
            self.cut(f"{place} small", window)

    def cut(self, place, root):
        for _ in range(3):
            QCoreApplication.processEvents()
        self.found.setdefault("cut", []).extend(f"{place}: {line}" for line in kit.cut(root))

    @contextmanager
    def small(self):
        window = self.counter.window
        if window.width() == SMALL[0]:
            yield
            return
        least = window.minimumSize()
        window.setMinimumSize(1, 1)
        window.resize(*SMALL)
        self.counter.settle()
        try:
            yield
        finally:
            window.setMinimumSize(least)
            window.resize(1366, 768)
            self.counter.settle()

    def dialog(self, place, act):
        """Look at the dialog that an act opens in a small window, and close it by Esc."""
        with self.small():
            in_front(self.counter, self.counter.window)
            act()
            self.counter.wait(place, lambda: shown(self.counter))
            self.counter.settle()
            one = shown(self.counter)[0]
            self.dialogs.add(type(one))
            in_front(self.counter, one)
            self.look(place, one)
            self.cut(place, one)
            window = self.counter.window
            if one.height() > window.height() or one.width() > window.width():
                self.found.setdefault("cut", []).append(f"{place} is {one.size().toTuple()}")
            QTest.keyClick(one, Qt.Key.Key_Escape)
            self.counter.wait("closed", lambda: not shown(self.counter))
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def in_front(counter, window):
    window.activateWindow()
    counter.wait("window in front", window.isActiveWindow)
    if QApplication.focusWidget() is None:
        window.focusNextChild()


def shown(counter):
    return [one for one in counter.window.findChildren(QDialog) if one.isVisible()]


@pytest.fixture(scope="module")
def counter(qapp, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        patch.setattr(Voice, "look", lambda _voice: None)
        flash = qapp.cursorFlashTime()
        qapp.setCursorFlashTime(0)
        with counter_at(tmp_path_factory.mktemp("counter") / "data") as made:
            yield made
        qapp.setCursorFlashTime(flash)


READ = [
    ReadValue("applicant.name", "姓名", "沈桂兰", "沈桂兰", QImage(240, 40, QImage.Format.Format_RGB32), unsure=(1,)),
    ReadValue("applicant.sex", "性别", "2", "2", QImage(), shown="女", offered="女", certain=True),
]


@pytest.fixture(scope="module")
def tour(counter):
    made = Tour(counter)
    for part in (workbench, case, accepted, lists, administration, lock):
        part(made, counter)
    return made


def press(counter, key):
    return lambda: counter.shortcut(key)


def click(counter, words):
    """Press the button in sight that begins with these words."""

    def act():
        next(
            one for one in counter.window.findChildren(Button) if one.isVisible() and one.text().strip().startswith(words)
        ).click()

    return act


def workbench(tour, counter):
    counter.settle()
    tour.page("workbench")
    with tour.small():
        tour.dialog("keys", press(counter, "F1"))
        tour.dialog("explain", press(counter, "Shift+F1"))
        for button in [one for one in counter.window.findChildren(Button) if one.objectName().startswith("status-")]:
            tour.dialog(button.objectName(), button.click)


def case(tour, counter):
    counter.new()
    tour.page("identity, empty")
    tour.dialog("notice on personal data", click(counter, "看告知"))
    counter.answer_all()
    for step in STEPS[:4]:
        counter.page.open_step(step)
        counter.settle()
        tour.page(step)
    counter.page.open_step("identity")
    tour.dialog("a doubt", lambda: counter.page.ask_reason(counter.session.state.stops[0].id))
    counter.page.open_step("materials")
    with tour.small():
        # The key itself would load the camera's plugins.
        tour.dialog("camera", lambda: CameraDialog(counter.page, "诊断证明", 1).open())
        tour.dialog("what was read", lambda: ReadDialog(counter.page, READ).open())
        tour.dialog("a character", lambda: CharactersDialog(counter.page, "姓名").open())
        for place, key in (("scanner", "Ctrl+F6"), ("missing papers", "F7"), ("declined", "Ctrl+F7"), ("mirror", "Shift+F9")):
            tour.dialog(place, press(counter, key))
    counter.shortcut("F9")  # the applicant's screen is dark again: signing stays with the clerk's
    counter.page.open_step("answers")
    counter.settle()
    tour.page("answers, not ready")


def accepted(tour, counter):
    counter.answer_at_once()
    counter.settle()
    tour.page("answers")
    counter.accept()
    tour.page("finished")
    with tour.small():
        for place, key in (("how to print", "Ctrl+Shift+P"), ("sign", "Ctrl+Shift+S"), ("signed back", "F6")):
            tour.dialog(place, press(counter, key))
    counter.shortcut("F2")
    counter.settle()
    tour.page("workbench, used")


def lists(tour, counter):
    for name in ("queue", "outcomes"):
        counter.window.tab.emit(name)
        counter.settle()
        if name == "queue":
            counter.window.queue_page().set_stick(Stick("报送-02", Path("/media/x/报送-02"), answers=1))
        tour.page(name)
    tour.dialog("heard by telephone", press(counter, "Ctrl+Shift+T"))


def administration(tour, counter):
    counter.window.tab.emit("admin")
    counter.settle()
    for at in range(1, 10):
        if f"Alt+{at}" in kit.sequences(counter.window):
            counter.shortcut(f"Alt+{at}")
            counter.settle()
            tour.page(f"admin {at}")
    with tour.small():
        for section, words in (("Alt+1", "加一人"), ("Alt+1", "换恢复码"), ("Alt+2", "加一处")):
            counter.shortcut(section)
            counter.settle()
            tour.dialog(words, click(counter, words))
        tour.dialog("a code", lambda: CodeDialog(counter.window, "一次性码", "只显示这一次。", "ABCD-EFGH-JKLM-NPQR").open())


def lock(tour, counter):
    counter.shortcut("Ctrl+L")
    counter.settle()
    tour.page("lock")
    counter.unlock()


@pytest.mark.qt_log_ignore(
    "Couldn't (load|resolve)"
)  # the self-test asks for cameras, and Qt's plugin for what this machine lacks
@pytest.mark.parametrize(
    ("looked_for", "why"),
    [
        ("mute", "a screen reader finds nothing to say"),
        ("trees", "a tree widget in a key task"),
        ("astray", "Tab misses it or jumps"),
        ("unseen", "nobody sees where the focus is"),
        ("clashes", "two shortcuts want one key, so neither works"),
        ("idle", "a key is shown that does nothing here"),
        ("cut", "words are cut off"),
    ],
)
def test_every_page_and_dialog_can_be_worked_by_hand_ear_and_eye(tour, looked_for, why):
    assert not tour.found[looked_for], "\n".join([why, *tour.found[looked_for]])


def test_the_walk_came_to_every_page_and_to_every_kind_of_dialog(tour, counter):
    for module in pkgutil.walk_packages(app.ui.__path__, "app.ui."):
        importlib.import_module(module.name)
    assert tour.pages >= set(counter.window._makers) - {"first"}
    queue, kinds = [QDialog], set()
    while queue:
        below = [kind for kind in queue.pop().__subclasses__() if kind.__module__.startswith("app.ui.")]
        kinds |= set(below)
        queue += [*below, *([Dialog] if Dialog not in kinds else [])]
    # One needs the settings' file of another counter, one a camera; one is looked at beside this walk.
    elsewhere = {"DifferenceDialog", "CodeDialog", "CallDialog"}
    assert {kind.__name__ for kind in kinds - tour.dialogs} <= elsewhere


def test_no_key_is_a_letter_or_belongs_to_an_input_method():
    taken = {
        "Ctrl+Space",
        "Shift+Space",
        "Ctrl+.",
        "Shift",
        "Ctrl",
        "Ctrl+Shift+F",
        "Space",
        "Return",
        "Enter",
        "Tab",
        "Shift+Return",
    }
    spelled = {one: QKeySequence(one) for key in keys.KEYS.values() for one in key.sequences}
    for words, sequence in spelled.items():
        pressed = sequence[0]
        assert not sequence.isEmpty(), words
        assert pressed.keyboardModifiers() & ~Qt.KeyboardModifier.ShiftModifier or pressed.key() >= Qt.Key.Key_Escape, words
        assert sequence.toString() not in taken, words


def test_the_list_of_keys_names_every_key_once_and_each_is_bound_somewhere():
    shown = [name for _, names in f1.SHOWN for name in names]
    assert len(shown) == len(set(shown))
    assert set(shown) | set(f1.SAME) == set(keys.KEYS)
    assert set(f1.SAME.values()) <= set(shown)
    folder = Path(app.ui.__path__[0])
    source = "".join(one.read_text("utf-8") for one in folder.rglob("*.py") if one.name not in {"keys.py", "help.py"})
    for name, key in keys.KEYS.items():
        assert not key.sequences or re.search(rf"""["']{name}["']""", source), f"{name} is bound nowhere"


@pytest.fixture
def at_work(counter, monkeypatch):
    """A case with everything answered, at its first step. That the person was here before is another test's."""
    counter.begin()
    monkeypatch.setattr(counter.page, "gate", lambda _step: False)
    counter.new()
    counter.answer_at_once()
    counter.page.open_step("identity")
    counter.settle()
    return counter


def test_enter_moves_on_through_every_field_and_ends_nothing(at_work):
    counter, page = at_work, at_work.page
    ended = []
    for signal in (page.accept, page.put_aside, page.next_one):
        signal.connect(lambda *_: ended.append(1))
    for step in ("identity", "insurance", "disease", "materials", "answers"):
        page.open_step(step)
        counter.settle()
        middle = page.page(step)
        fields = [one for one in kit.tabbed(middle) if isinstance(one, INPUTS)]
        assert fields, step
        before = counter.application
        for field in fields:
            if not (field.isVisible() and field.isEnabled()):
                continue
            field.setFocus(Qt.FocusReason.TabFocusReason)
            on = Qt.KeyboardModifier.ControlModifier if isinstance(field, TextArea) else Qt.KeyboardModifier.NoModifier
            QTest.keyClick(field, Qt.Key.Key_Return, on)
            there = QApplication.focusWidget()
            if there is not field and step != "materials":
                QTest.keyClick(there, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
                assert QApplication.focusWidget() is field, f"{step}: Shift Enter does not come back to {kit.call(field)}"
        assert (page.step, ended, shown(counter)) == (step, [], [])
        assert counter.application == before


def test_while_a_word_is_composed_no_shortcut_does_anything(at_work):
    counter, page = at_work, at_work.page
    field = counter.field("applicant.name")
    assert isinstance(field, (Field, TextArea))
    before = counter.application
    for key in sorted(kit.sequences(counter.window)):
        field.setFocus()
        QApplication.sendEvent(field, QInputMethodEvent("shen", []))
        QTest.keySequence(counter.window, QKeySequence(key))
        assert (page.step, counter.window.current, shown(counter), counter.application) == ("identity", "case", [], before), key
        QApplication.sendEvent(field, QInputMethodEvent("", []))
    QTest.keySequence(counter.window, QKeySequence("F8"))
    assert page.step == "insurance"


@pytest.mark.parametrize("back", ["F8", "Shift+F8"])
def test_what_is_changed_from_the_answers_leads_straight_back_to_its_section(at_work, back):
    counter, page = at_work, at_work.page
    page.open_step("answers")
    counter.settle()
    answers = page.page("answers")
    counter.shortcut("Alt+3")
    assert page.step == "disease"
    counter.fill("care.doctor", "赵一川")
    counter.shortcut(back)
    counter.settle()
    assert page.step == "answers"
    section, area = answers.sections["disease"], answers._area
    top = section.mapTo(area.viewport(), section.rect().topLeft()).y()
    assert 0 <= top < area.viewport().height()
    assert "赵一川" in " ".join(section.values().values())
    counter.shortcut("Shift+F8")
    assert page.step == "materials"


def test_a_possible_mistake_shows_what_was_filled_in_and_goes_on_with_a_reason_that_travels(at_work):
    counter, page = at_work, at_work.page
    counter.session.edit("applicant.birth", "1953-09-13")
    page.open_step("answers")
    counter.settle()
    doubt = next(one for one in counter.session.state.stops if one.field == "applicant.birth")
    page.ask_reason(doubt.id)
    dialog = counter.dialog()
    in_front(counter, dialog)
    assert "1953-09-13" in " ".join(kit.names(dialog))
    assert dialog.act.accessibleName().startswith("照这样办")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert counter.dialog() is dialog
    commit(dialog.reason, "户口簿上就是这一天")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    counter.settle()
    assert doubt.id not in {one.id for one in counter.session.state.stops}
    assert "户口簿上就是这一天" in {one.reason for one in counter.session.state.findings}
    told = " ".join(one.full() for one in page.page("answers").sections["identity"].findChildren(Text))
    assert "户口簿上就是这一天" in told
    page.ask_reason(doubt.id)
    counter.dialog().stay.click()
    counter.settle()
    assert (page.step, counter.window.focusWidget().property("path")) == ("identity", "applicant.birth")
    counter.shortcut("F8")
    assert page.step == "answers"
