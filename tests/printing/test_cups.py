"""Printing through a real CUPS: what reaches the printer, and what is said when it does not."""

import os
import subprocess
from pathlib import Path

import pytest
from cups_kit import CUPSD, Office, wait
from whole_kit import bundle, complete, open_desk, quick_slots

from app.adapters.printing import CupsPrinter
from app.core.errors import AppError
from app.services import intake, printing
from app.services.finalise import finalise
from app.services.papers import Moment
from app.services.printing import Wish

pytestmark = pytest.mark.skipif(not Path(CUPSD).exists(), reason="cups-daemon is not installed")

PDF = b"%PDF-1.7\n\x00\xff not more than bytes\n%%EOF\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("cups"))
    office.start()
    try:
        office.add("Laser")
        office.add("Duplex", "both")
        office.told("lpadmin", "-d", "Laser")
        yield office
    finally:
        office.stop()


@pytest.fixture
def office(running, monkeypatch):
    """The print service with two idle printers, and this process speaking to it."""
    monkeypatch.setenv("CUPS_SERVER", running.server)
    running.clear("Laser", "Duplex")
    return running


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        desk = open_desk(tmp_path_factory.mktemp("counter"), printer=CupsPrinter())
        yield desk
        desk.store.close()


def test_the_bytes_that_reach_the_printer_are_the_stored_ones_on_a4(office, desk):
    application, _ = intake.save(desk, complete(desk))
    done = finalise(desk, application)
    stored = desk.store.documents(done.application.id)
    printing.remember(desk, "form", Wish("Duplex"))
    printing.remember(desk, "receipt", Wish("", 3))
    sheets = bundle(desk, done.application, Moment.ACCEPTED)
    errands = printing.errands(desk, done.application.id, [(sheet.document, sheet.copies) for sheet in sheets])
    sent = printing.send(desk.printer, errands)
    assert sent.problem == ""
    assert printing.follow(desk.printer, sent, 60) == ""
    for errand, job, at, copies in zip(sent.taken, sent.jobs, ("Duplex", "Laser", "Laser"), (1, 3, 2), strict=True):
        came = office.printed(at, job)
        assert came.pdf == stored[errand.kind].pdf
        assert came.copies == copies
        assert {"print-scaling=none", "media=A4", "PageSize=A4"} <= came.options
        assert ("Duplex=DuplexNoTumble" in came.options) is (errand.kind == "form")
        told = office.folder(at) / f"{job.rpartition('-')[2]}.pdf"
        size = subprocess.run(["pdfinfo", told], capture_output=True, text=True, check=True).stdout
        assert "Page size:       595.276 x 841.89 pts (A4)" in size


def test_a_title_names_the_paper_and_nobody(office, desk):
    application, _ = intake.save(desk, complete(desk))
    stored = desk.store.documents(finalise(desk, application).application.id)
    sent = printing.send(desk.printer, printing.errands(desk, application.id, [(stored["receipt"], 1)]))
    assert office.printed("Laser", sent.jobs[0]).title == "受理回执"


def test_both_sides_are_asked_for_only_where_the_printer_can(office):
    printer = CupsPrinter()
    plain = office.printed("Laser", printer.print(PDF, "申请表", two_sided=True))
    both = office.printed("Duplex", printer.print(PDF, "申请表", printer="Duplex", two_sided=True))
    assert "sides=two-sided-long-edge" not in plain.options
    assert {"sides=two-sided-long-edge", "Duplex=DuplexNoTumble"} <= both.options


def test_every_printer_is_listed_the_default_first(office):
    office.told("cupsdisable", "Duplex")
    found = CupsPrinter().printers()
    assert [(one.name, one.default) for one in found] == [("Laser", True), ("Duplex", False)]
    assert found[0].trouble == ""
    assert "停着" in found[1].trouble


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("media-empty-error", "没纸"),
        ("media-jam", "卡纸"),
        ("offline-report", "没连上打印机"),
        ("connecting-to-device", "没连上打印机"),
    ],
)
def test_a_printer_that_waits_for_somebody_says_for_what_and_prints_by_itself_later(office, reason, told):
    printer = CupsPrinter()
    (office.folder("Laser") / "wait").write_text(reason)
    job = printer.print(PDF, "受理回执")
    wait(lambda: reason in office.told("lpstat", "-l", "-p", "Laser"), reason)
    said = printer.follow(job, 0)
    assert told in said
    assert "不用再按" in said
    (office.folder("Laser") / "wait").unlink()
    assert printer.follow(job, 60) == ""
    assert office.printed("Laser", job).pdf == PDF


def test_a_stopped_printer_keeps_the_job_and_says_so(office):
    office.told("cupsdisable", "Laser")
    job = CupsPrinter().print(PDF, "受理回执")
    assert "停着" in CupsPrinter().follow(job, 0)
    office.told("cupsenable", "Laser")
    assert office.printed("Laser", job).pdf == PDF


def test_a_held_job_says_so(office):
    told = subprocess.run(
        ["lp", "-d", "Laser", "-H", "hold", "-"], input=PDF, capture_output=True, check=True, env={**os.environ, "LC_ALL": "C"}
    )
    job = told.stdout.decode().split()[3]
    assert "扣在打印队列里" in CupsPrinter().follow(job, 0)


def test_a_printer_whose_driver_breaks_is_told(office):
    (office.folder("Laser") / "broken").touch()
    job = CupsPrinter().print(PDF, "受理回执")
    wait(lambda: "disabled since" in office.told("lpstat", "-p", "Laser"), "a stopped printer")
    assert "停着" in CupsPrinter().follow(job, 0)


def test_a_printer_that_takes_nothing_is_told(office):
    office.told("cupsreject", "Laser")
    with pytest.raises(AppError, match="不收新任务"):
        CupsPrinter().print(PDF, "受理回执")
    assert [one.trouble for one in CupsPrinter().printers() if one.name == "Laser"] == ["不收新任务"]


def test_a_remembered_printer_that_is_gone_is_told(office):
    with pytest.raises(AppError, match="换一台"):
        CupsPrinter().print(PDF, "受理回执", printer="Gone")


def test_without_a_default_somebody_must_choose_but_one_alone_is_taken(office):
    office.told("lpadmin", "-x", "Laser")
    try:
        office.add("Third")
        with pytest.raises(AppError, match="还没有选默认打印机"):
            CupsPrinter().print(PDF, "受理回执")
        office.told("lpadmin", "-x", "Third")
        assert office.printed("Duplex", CupsPrinter().print(PDF, "受理回执")).pdf == PDF
    finally:
        office.told("lpadmin", "-x", "Third")
        office.add("Laser")
        office.told("lpadmin", "-d", "Laser")


def test_a_print_service_that_is_not_running_is_told(office):
    job = CupsPrinter().print(PDF, "受理回执")
    office.printed("Laser", job)
    office.stop()
    try:
        printer = CupsPrinter()
        assert not printer.available()
        assert printer.printers() == ()
        with pytest.raises(AppError, match="打印服务没有启动"):
            printer.print(PDF, "受理回执")
        assert "打印服务也没有回应" in printer.follow(job, 0)
    finally:
        office.start()
    assert CupsPrinter().available()
