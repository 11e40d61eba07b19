import pytest
from PySide6.QtWidgets import QLineEdit

from app.ui.clipboard import AFTER_MS, ClipboardSweeper


@pytest.fixture
def sweeper(qapp, monkeypatch):
    # The offscreen platform never says that a program owns the clipboard.
    monkeypatch.setattr(type(qapp.clipboard()), "ownsClipboard", lambda _self: True)
    qapp.clipboard().clear()
    made = ClipboardSweeper(qapp, qapp, after_ms=40)
    yield made
    made.sweep()
    qapp.clipboard().dataChanged.disconnect(made._changed)
    made.deleteLater()


def copied(qapp, qtbot, text):
    field = QLineEdit(text)
    qtbot.addWidget(field)
    field.selectAll()
    field.copy()
    assert qapp.clipboard().text() == text


def test_what_was_copied_is_gone_after_its_time(qapp, qtbot, sweeper):
    copied(qapp, qtbot, "51040219000101998X")
    qtbot.waitUntil(lambda: qapp.clipboard().text() == "", timeout=2000)


def test_a_minute_is_the_time():
    assert AFTER_MS == 60_000


def test_each_copy_has_its_own_time(qapp, qtbot, sweeper):
    sweeper._timer.setInterval(10_000)
    copied(qapp, qtbot, "13800001234")
    copied(qapp, qtbot, "沈桂兰")
    assert sweeper._timer.isActive()
    sweeper.sweep()
    assert qapp.clipboard().text() == ""


def test_what_another_program_copied_meanwhile_stays(qapp, qtbot, sweeper, monkeypatch):
    copied(qapp, qtbot, "沈桂兰")
    monkeypatch.setattr(type(qapp.clipboard()), "ownsClipboard", lambda _self: False)
    qapp.clipboard().setText("别的程序的内容")
    sweeper.sweep()
    assert qapp.clipboard().text() == "别的程序的内容"


def test_the_text_itself_is_not_remembered(qapp, qtbot, sweeper):
    sweeper._timer.setInterval(10_000)
    copied(qapp, qtbot, "沈桂兰")
    assert "沈桂兰" not in repr(vars(sweeper))
    assert len(sweeper._digest) == 32
