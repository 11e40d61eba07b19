"""Printing where CUPS itself misbehaves: programs of ours stand in for lp and lpstat."""

import stat
import threading
import time

import pytest

from app.adapters import cups_words
from app.adapters.printing import CupsPrinter
from app.core.errors import AppError
from app.services.printing import KEPT


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Small programs in the place of CUPS."""

    def install(**bodies):
        for name, body in bodies.items():
            path = tmp_path / name
            path.write_text(f"#!/bin/sh\n{body}\n")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return install


def test_without_a_print_service_the_clerk_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    printer = CupsPrinter()
    assert not printer.available()
    assert printer.printers() == ()
    with pytest.raises(AppError, match="没有装打印服务"):
        printer.print(b"x", "申请表")


def test_a_service_that_hangs_is_left(office, monkeypatch):
    monkeypatch.setattr("app.adapters.printing._PRINT_SECONDS", 0.2)
    office(lp="exec sleep 60", lpstat="exit 1")
    with pytest.raises(AppError, match="没有回应"):
        CupsPrinter().print(b"x", "申请表")


def test_a_service_that_takes_its_time_gets_the_whole_paper(office, monkeypatch, tmp_path):
    monkeypatch.setattr("app.adapters.printing._SLICE", 0.01)
    office(lp=f"sleep 0.2; cat > {tmp_path}/paper; sleep 0.2; echo 'request id is Laser-7 (1 file(s))'", lpstat="exit 1")
    paper = bytes(range(256)) * 1000  # more than a pipe holds
    assert CupsPrinter().print(paper, "申请表") == "Laser-7"
    assert (tmp_path / "paper").read_bytes() == paper


def test_what_hangs_is_ended_when_the_window_closes(office, monkeypatch, tmp_path):
    monkeypatch.setattr("app.adapters.printing._REST_SECONDS", 0.1)
    office(lp=f"touch {tmp_path}/begun; exec sleep 60", lpstat="exit 1")
    printer, said = CupsPrinter(), []

    def work() -> None:
        try:
            printer.print(b"x", "申请表")
        except AppError as problem:
            said.append(problem.sentence)

    thread = threading.Thread(target=work)
    thread.start()
    end = time.monotonic() + 60
    while not (tmp_path / "begun").exists() and time.monotonic() < end:
        time.sleep(0.02)
    printer.rest()
    thread.join(30)
    assert len(said) == 1


def test_a_job_is_followed_no_longer_once_the_window_closes(office):
    office(lpstat="echo 'Laser-1 root 1 now'; echo '\tAlerts: none'")
    printer = CupsPrinter()
    printer.rest()
    assert "还没印完" in printer.follow("Laser-1", 3600)


def test_a_job_without_a_name_is_not_followed():
    assert CupsPrinter().follow("", 3600) == ""


@pytest.mark.parametrize("copies", [0, -1, 21, 1000])
def test_a_thousand_copies_are_a_mistake(copies):
    with pytest.raises(ValueError, match="copies"):
        CupsPrinter().print(b"x", "申请表", copies)


def test_something_new_that_lp_says_still_leaves_a_way_on():
    assert "看看打印机有没有报警" in cups_words.refused("lp: something new")
    assert KEPT in cups_words.refused("lp: something new")


def test_reasons_that_stop_no_paper_are_not_told():
    assert cups_words.trouble(("toner-low-report", "none", "cups-waiting-for-job-completed")) == ""
