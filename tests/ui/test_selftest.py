"""早晨自检: everything is looked at, what needs a hand says the next step, and nothing that hangs holds it up."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
from window_kit import counter_at

from app.adapters.transfer.places import AnyPlaces
from app.core.places import PlaceKind, PlaceSettings
from app.core.workdays import Calendar
from app.services import selftest
from app.services.ports.devices import Scanner
from app.ui.selftest import SelfTestDialog


@pytest.fixture(scope="module")
def counter(qapp, tmp_path_factory):
    with counter_at(tmp_path_factory.mktemp("selftest")) as there:
        yield there


@pytest.fixture(autouse=True)
def _no_camera(monkeypatch):
    """Qt Multimedia warns of every library that is missing; the camera's own tests load it."""
    monkeypatch.setattr("app.ui.selftest.multimedia", lambda: False)


@pytest.fixture
def tested(counter):
    counter.begin()
    counter.window.beside.act("selftest")
    dialog = counter.window.findChildren(SelfTestDialog)[-1]
    counter.wait("都有回答", dialog.act.isEnabled)
    yield dialog
    dialog.reject()
    counter.settle()


class Scanners:
    """A scanner that hangs until it is let go, or answers at once."""

    def __init__(self, *names, hang=None):
        self.names, self.hang = names, hang

    def found(self):
        if self.hang is not None:
            self.hang.wait(60)
        return [Scanner(name, "escl", name) for name in self.names]


def year(*published):
    return Calendar(frozenset(), frozenset(), frozenset(published))


@pytest.mark.parametrize(
    ("published", "day", "tone"),
    [
        ((2026,), dt.date(2026, 2, 6), "good"),
        ((2026,), dt.date(2026, 10, 31), "good"),
        ((2026,), dt.date(2026, 11, 1), "warn"),
        ((2026, 2027), dt.date(2026, 11, 1), "good"),
        ((2025,), dt.date(2026, 2, 6), "bad"),
    ],
)
def test_the_holidays_are_good_only_as_far_as_they_are_published(published, day, tone):
    found = selftest.calendar(year(*published), day)
    assert found.tone == tone
    assert bool(found.todo) is (tone != "good")


def test_a_place_that_takes_what_is_sent_is_good_and_nothing_stays_there(tmp_path):
    folder = tmp_path / "office"
    folder.mkdir()
    there = PlaceSettings(name="共享文件夹", kind=PlaceKind.FOLDER, address=str(folder))
    assert selftest.place(AnyPlaces(), (there,), "PZ-03").tone == "good"
    assert [one for one in folder.rglob("*") if one.is_file()] == []


def test_a_place_that_is_not_there_is_no_reason_not_to_open(tmp_path):
    gone = PlaceSettings(name="共享文件夹", kind=PlaceKind.FOLDER, address=str(tmp_path / "gone"))
    found = selftest.place(AnyPlaces(), (gone,), "PZ-03")
    assert found.tone == "warn"
    assert "照常受理" in found.todo
    assert found.said.startswith("共享文件夹：")


def test_everything_is_looked_at_and_the_workbench_remembers(counter, tested):
    assert len(tested.lines()) == len(selftest.ITEMS)
    assert not any("正在看" in line for line in tested.lines())
    counter.wait("记下", lambda: counter.window.beside.morning.row().value != "今天还没做")
    assert any(one.act == "selftest" for one in counter.audit())


def test_the_slip_prints_what_was_found(counter, tested):
    tested.slip.emit()
    counter.wait("印好", lambda: counter.printer.printed)
    counter.wait("说了", lambda: "送到打印机" in tested._note.full())


def test_a_scanner_that_hangs_is_said_to_be_late_and_the_rest_is_there(counter, monkeypatch):
    free = threading.Event()
    counter.begin()
    morning = counter.window.beside.morning
    monkeypatch.setattr(morning, "_desk", replace(morning._desk, scanners=Scanners(hang=free)))
    morning.open()
    dialog = counter.window.findChildren(SelfTestDialog)[-1]
    counter.wait("只差扫描仪", lambda: sum("正在看" in line for line in dialog.lines()) == 1)
    morning._late.timeout.emit()
    late = next(line for line in dialog.lines() if line.startswith("扫描仪"))
    assert "没有应答" in late
    free.set()
    counter.settle()
    assert next(line for line in dialog.lines() if line.startswith("扫描仪")) == late
    dialog.reject()
