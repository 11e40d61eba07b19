"""F6 in the real window over a real store: pages come one by one from a scanner made by hand, and every way it can go wrong."""

import io
import threading
from pathlib import Path

import materials_kit as kit
import pytest
import scan_kit
from PIL import Image
from PySide6.QtWidgets import QPushButton
from scan_kit import ALPHA, BETA, FakeScanners
from signed_kit import flat
from whole_kit import CLERK, printery, quick_slots
from window_kit import counter_at, on_lane

from app.core import dividers
from app.core.errors import DeviceError
from app.main import Workplace
from app.services import devices
from app.services.originals import Incoming
from app.services.ports import Abilities, Feed, ScanWish
from app.ui.case import scan_work

SHEETS = [kit.jpeg(620, 877, lines=lines) for lines in (20, 24, 28)]
SLOT = "identity"


class Bench:
    """The window at its materials, with this scanner on the desk."""

    def __init__(self, counter, scanners):
        self.counter, self.scanners = counter, scanners
        self.desk = counter.window._work.materials
        self.page = counter.page.page("materials")

    def set_up(self, scanner=ALPHA, wish=None):
        desk = self.counter.window.desk
        on_lane(self.counter.window.lane, lambda: devices.remember(desk, SLOT, scanner, wish or ScanWish()))
        self.desk.scans._know(devices.Remembered(scanner, wish or ScanWish()))

    def pages(self, slot=SLOT):
        return self.counter.application.paper(slot).pages

    def until(self, what, condition):
        self.counter.wait(what, condition)

    def scan(self, key="F6"):
        self.counter.shortcut(key)

    def over(self):
        self.counter.settle()  # which scanner it is, the lane answers first
        self.until("扫完", lambda: not self.desk.work.busy)
        self.counter.settle()

    def said(self, slot=SLOT):
        return self.page.list.slot(slot).said()

    def button(self, slot=SLOT):
        found = [b for b in self.page.list.slot(slot)._message.findChildren(QPushButton) if b.isVisible()]
        return found[0] if found else None


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    """One window for all: what is tested here begins with a new case and another scanner."""
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        patch.setattr(Workplace, "_devices", lambda _self: Switch.now)
        with counter_at(tmp_path_factory.mktemp("counter") / "data") as counter:
            yield counter


class _Switch:
    """The scanners of the desk, which each test replaces."""

    def __init__(self):
        self.fake = FakeScanners()

    @property
    def now(self):
        return self

    def __getattr__(self, name):
        return getattr(self.fake, name)


Switch = _Switch()


@pytest.fixture
def bench(shared):
    Switch.fake = FakeScanners()
    shared.begin()
    shared.window.new_case()
    shared.page.open_step("materials")
    made = Bench(shared, Switch.fake)
    made.desk.work._barren = 0
    made.desk.scans._able.clear()
    made.page.focus_field(f"papers.{SLOT}")
    shared.settle()
    yield made
    Switch.fake.let_go()
    made.desk.work.stop()
    made.over()
    if made.desk.scans.dialog is not None:
        made.desk.scans.dialog.reject()
    desk = shared.window.desk
    on_lane(shared.window.lane, lambda: [devices.forget(desk, name) for name in ("", SLOT)])
    made.desk.scans._know(None)


def test_without_a_scanner_f6_says_so_and_opens_the_choice_which_then_scans(bench):
    assert bench.page.scans.scan_button.text().strip().startswith("选扫描仪")
    bench.scanners.paper = [SHEETS[0]]
    bench.scan()
    bench.until("扫描仪", lambda: bench.desk.scans.dialog is not None and len(bench.desk.scans.dialog.list.lines()) == 2)
    dialog = bench.desk.scans.dialog
    assert dialog.list.hasFocus()
    dialog.list.set_current(BETA.id)
    dialog.confirm()
    bench.until("一页", lambda: len(bench.pages()) == 1)
    bench.over()
    assert bench.scanners.asked[0][0] == BETA.id
    assert "选扫描仪" not in bench.page.scans.scan_button.text()
    desk = bench.counter.window.desk
    assert on_lane(bench.counter.window.lane, lambda: devices.remembered(desk, SLOT)).scanner == BETA


def test_each_page_is_stored_and_shown_before_the_next_is_asked_for(bench):
    bench.set_up()
    bench.scanners.paper, bench.scanners.gate = list(SHEETS), threading.Semaphore(0)
    height = bench.page.list.slot(SLOT).height()
    bench.scan()
    slot = bench.page.list.slot(SLOT)
    bench.until("在扫", lambda: slot.busy == "正在扫 第 1 页 · Esc 停")
    bench.counter.settle()
    assert slot.height() == height
    for at in (1, 2):
        bench.scanners.gate.release()
        bench.until("下一页", lambda at=at: slot.busy == f"正在扫 第 {at + 1} 页 · Esc 停")
        assert len(bench.pages()) == at
        bench.until("交回", lambda at=at: bench.scanners.handed == at)
        assert slot.strip.pages.rowCount() >= at
        bench.until("存上", lambda at=at: len(bench.counter.stored().paper(SLOT).pages) == at)
    bench.scanners.gate.release()
    bench.over()
    assert len(bench.pages()) == 3
    assert slot.busy == ""
    assert bench.counter.stored().paper(SLOT).pages == bench.pages()


def test_escape_stops_the_paper_and_keeps_what_came(bench):
    bench.set_up()
    bench.scanners.paper, bench.scanners.gate = list(SHEETS), threading.Semaphore(1)
    bench.scan()
    bench.until("一页", lambda: len(bench.pages()) == 1 and bench.scanners.handed == 1)
    bench.counter.shortcut("Esc")
    bench.over()
    assert len(bench.pages()) == 1
    assert len(bench.scanners.paper) == 2
    assert bench.said() == ""


def test_an_empty_feeder_is_one_sentence_with_the_way_on(bench):
    bench.set_up()
    bench.scan()
    bench.until("没有纸", lambda: bench.said() == scan_kit.EMPTY)
    assert bench.counter.dialog() is None
    bench.scanners.paper = [SHEETS[0]]
    bench.button().click()
    bench.until("一页", lambda: len(bench.pages()) == 1)
    bench.over()
    assert bench.said() == ""


def test_a_jam_keeps_the_pages_before_it_and_goes_on_with_shift_f6(bench):
    bench.set_up()
    bench.scanners.paper = [SHEETS[0], DeviceError(scan_kit.JAM), SHEETS[1]]
    bench.scan()
    bench.until("卡纸", lambda: "卡纸" in bench.said())
    assert len(bench.pages()) == 1
    assert bench.button().text().startswith("接着扫")
    bench.counter.shortcut("Shift+F6")
    bench.until("两页", lambda: len(bench.pages()) == 2)
    bench.over()


def test_a_device_that_gives_nothing_twice_offers_another_one(bench):
    bench.set_up()
    bench.scanners.paper = [DeviceError("扫描仪连不上了。看电源和连线，再扫一次")] * 2
    for offer in ("接着扫", "换扫描仪"):
        bench.scan()
        bench.over()
        assert bench.button().text().startswith(offer)
    bench.button().click()
    bench.until("扫描仪", lambda: bench.desk.scans.dialog is not None)


def test_a_hung_driver_is_left_behind_and_the_store_goes_on(bench, monkeypatch):
    bench.set_up()
    bench.scanners.hung = True
    bench.scan()
    bench.until("在扫", lambda: bool(bench.scanners.asked))
    bench.counter.session.edit(f"papers.{SLOT}.seen", value=True)
    bench.counter.session.flush()
    bench.until("存上", lambda: bench.counter.stored().paper(SLOT).seen)
    bench.desk.work._hung.setInterval(50)
    bench.counter.shortcut("Esc")
    bench.until("说了", lambda: bench.said() == scan_work.HUNG)
    bench.desk.work._hung.setInterval(scan_work.PATIENCE_MS)
    bench.scanners.hung = False
    bench.scanners.paper = [SHEETS[0]]
    bench.scan()
    bench.until("一页", lambda: len(bench.pages()) == 1)
    bench.over()


def test_pages_of_a_scan_reach_the_case_it_began_in(bench):
    bench.set_up()
    bench.scanners.paper, bench.scanners.gate = SHEETS[:2], threading.Semaphore(1)
    first = bench.counter.session
    bench.scan()
    bench.until("一页", lambda: len(first.application.paper(SLOT).pages) == 1)
    bench.counter.window.new_case()
    bench.counter.page.open_step("materials")
    bench.counter.settle()
    assert not bench.page.scans.scanning
    bench.scan()
    bench.until("还在扫", lambda: "上一件还在扫" in bench.said(bench.page.current))
    bench.scanners.gate.release()
    bench.over()
    assert len(first.application.paper(SLOT).pages) == 2
    assert bench.pages() == ()
    assert len(bench.counter.stored(first.application.id).paper(SLOT).pages) == 2


def test_a_page_taken_again_stands_in_the_same_place_and_counts(bench):
    bench.set_up()
    bench.scanners.paper = list(SHEETS)
    bench.scan()
    bench.over()
    before = bench.pages()
    bench.page.step_page(-1)
    bench.scanners.paper = [kit.jpeg(620, 877, lines=12), SHEETS[1]]
    bench.page.scan_wanted.emit(SLOT, 1)
    bench.over()
    after = bench.pages()
    assert [page.original for page in (after[0], after[2])] == [page.original for page in (before[0], before[2])]
    assert after[1].original != before[1].original
    assert after[1].retakes == 1
    assert len(bench.scanners.paper) == 1
    assert bench.page.current_page == 1
    bench.counter.shortcut("Ctrl+Z")
    assert bench.pages() == before


def test_a_file_given_for_a_page_stands_in_its_place_counts_and_can_be_taken_back(bench, tmp_path):
    file = tmp_path / "重拍.jpg"
    file.write_bytes(SHEETS[0])
    bench.page.files_given.emit(SLOT, [str(file)] * 3, "drop")
    bench.over()
    before = bench.pages()
    bench.page.file_again.emit(SLOT, 1, str(file), "file")
    bench.over()
    after = bench.pages()
    assert [page.retakes for page in after] == [0, 1, 0]
    assert (after[0], after[2]) == (before[0], before[2])
    assert bench.said(SLOT).startswith("第 2 页换成新的了")
    bench.page.image_again.emit(SLOT, 1, SHEETS[1])
    bench.over()
    assert [page.retakes for page in bench.pages()] == [0, 2, 0]
    bench.counter.shortcut("Ctrl+Z")
    assert bench.pages() == after


def test_a_large_page_is_looked_at_as_it_is_and_its_preview_is_made_when_somebody_zooms_into_it(bench, monkeypatch, tmp_path):
    made = []
    imaging = bench.counter.window.desk.imaging
    monkeypatch.setattr(imaging, "preview", lambda capture, side, was=imaging.preview: made.append(side) or was(capture, side))
    file = tmp_path / "大图.jpg"
    file.write_bytes(kit.jpeg(1240, 1754, lines=24))
    bench.page.files_given.emit(SLOT, [str(file)], "drop")
    bench.over()
    (page,), sheet = bench.pages(), bench.page.viewer.sheet
    bench.until("看得见", lambda: page.original in bench.page.viewer._previews)
    assert sheet._paper.picture.width() == sheet.wanted()
    assert made == []
    bench.page.viewer.zoom_by(1)
    bench.until("看得清", lambda: sheet._drawn_for == sheet.wanted())
    assert made == [1600]


def test_the_scanners_own_button_puts_the_page_into_the_next_paper(bench):
    bench.scanners.can = Abilities((Feed.FEEDER,), (200,), button=True)
    bench.set_up()
    bench.scanners.paper = [SHEETS[0]]
    bench.counter.settle()
    bench.until("会不会", lambda: ALPHA.id in bench.desk.scans._able)
    bench.counter.session.edit(f"papers.{SLOT}.seen", value=True)
    bench.scanners.presses = 1
    bench.until("按了", lambda: len(bench.pages("card")) == 1)
    bench.over()


def test_dividers_send_the_pages_of_one_stack_to_their_papers_and_it_ends_at_one_that_nobody_has_to_bring(bench):
    desk = bench.counter.window.desk
    drawn = printery().office_sheet(
        dividers.sheet(desk.region), "normal", desk.region, desk.counter, moment="2026-02-06T10:24:00"
    )
    ids = [one.id for one in desk.region.requirements if not one.made_here]
    card, agent, proof = (flat(drawn.pdf, ids.index(one)) for one in ("card", "agent_id", "diagnosis"))
    bench.set_up()
    bench.scanners.paper = [SHEETS[0], card, SHEETS[1], agent, SHEETS[2]]
    bench.scan()
    bench.over()
    assert [len(bench.pages(one)) for one in (SLOT, "card", "agent_id")] == [1, 1, 0]
    assert bench.scanners.paper == [SHEETS[2]], "what lies behind it stays in the feeder"
    assert dividers.NOT_ASKED in bench.said("card")
    assert "有效身份证件 1 页，社保卡 1 页" in bench.said("card")
    assert bench.counter.stored().paper("card").pages == bench.pages("card")
    bench.counter.shortcut("Ctrl+Z")
    assert (len(bench.pages()), bench.pages("card")) == (1, ())

    class Copied:
        """A stack that came as one file."""

        path = Path("stack.pdf")

        def read(self):
            out = io.BytesIO()
            pages = [Image.open(io.BytesIO(one)) for one in (SHEETS[1], proof, SHEETS[2])]
            pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=120)
            return out.getvalue()

    bench.desk.folder.came.emit((Copied(),))
    bench.until("分好", lambda: (len(bench.pages("card")), len(bench.pages("diagnosis"))) == (1, 1))


def test_of_many_files_each_is_stored_before_the_next_is_read_and_a_bad_one_costs_only_itself(bench):
    desk, case, before = bench.counter.window.desk, bench.counter.application.id, []

    def reader(data):
        def read():
            kept = desk.store.application(case)
            before.append(len(kept.paper(SLOT).pages) if kept else 0)
            return Incoming(data, "a.jpg", "drop")

        return read

    heard = []
    bench.desk.take(SLOT, [reader(one) for one in (SHEETS[0], b"MZ not a picture", *SHEETS[1:])], then=heard.append)
    assert bench.desk.busy
    bench.until("收好", lambda: heard == [True])
    assert (before, len(bench.pages())) == ([0, 1, 1, 2], 3)
    assert "内容是程序" in bench.said()
    assert not bench.desk.busy


def test_a_refused_page_stops_the_paper_and_is_said(bench):
    bench.set_up()
    bench.scanners.paper = [b"MZ not a picture", *SHEETS]
    bench.scan()
    bench.over()
    assert bench.pages() == ()
    assert len(bench.scanners.paper) == 3
    assert "内容是程序" in bench.said()


def test_who_says_that_the_seal_is_there_is_noted(bench):
    bench.counter.session.edit("papers.diagnosis.sealed", value=True)
    assert bench.counter.application.paper("diagnosis").attested_by == CLERK
    bench.counter.session.edit("papers.diagnosis.sealed", value=False)
    assert bench.counter.application.paper("diagnosis").attested_by == ""


def test_the_scanner_of_one_paper_is_not_the_scanner_of_another(bench):
    desk, lane = bench.counter.window.desk, bench.counter.window.lane
    bench.set_up(ALPHA)
    on_lane(lane, lambda: devices.remember(desk, "card", BETA, ScanWish(Feed.GLASS, 300)))
    for slot, scanner, dpi in ((SLOT, ALPHA, 200), ("card", BETA, 300)):
        bench.scanners.paper = [SHEETS[0]]
        bench.page.scan_wanted.emit(slot, -1)
        bench.over()
        assert bench.scanners.asked[-1][0] == scanner.id
        assert bench.scanners.asked[-1][1].dpi == dpi
    on_lane(lane, lambda: devices.forget(desk, "card"))


def test_a_file_that_comes_while_nobody_looks_at_the_materials_is_only_offered(bench):
    class File:
        path = Path("new.jpg")

        def read(self):
            return SHEETS[0]

    bench.counter.window.open("workbench")
    bench.desk.folder.came.emit((File(),))
    bench.counter.settle()
    assert bench.pages() == ()
    bench.counter.window.open("case")
    assert "是这位的才收" in bench.said(bench.page.current)
    bench.button(bench.page.current).click()
    bench.until("收进来", lambda: len(bench.pages()) == 1)


def test_acceptance_waits_while_paper_runs(bench):
    bench.counter.answer_at_once()
    bench.set_up()
    bench.scanners.paper, bench.scanners.gate = [SHEETS[0]], threading.Semaphore(0)
    bench.scan()
    bench.until("在扫", lambda: bench.desk.work.busy)
    bench.counter.page.open_step("answers")
    bench.counter.fill("read_back", value=True)
    bench.counter.page.go_on()
    assert "原件还在收进来" in bench.counter.page.page("answers").message.text()
    assert bench.counter.application.acceptance is None


def test_a_file_in_the_watched_folder_goes_to_the_next_paper_and_an_old_one_is_only_offered(bench, tmp_path):
    desk = bench.counter.window.desk
    on_lane(bench.counter.window.lane, lambda: devices.watch(desk, str(tmp_path)))
    on_lane(bench.counter.window.lane, lambda: devices.mark_seen(desk, str(tmp_path), ()))
    (tmp_path / "old.jpg").write_bytes(SHEETS[1])
    watch = bench.desk.folder
    now = [0.0]
    watch._clock = lambda: now[0]
    watch.choose(str(tmp_path))
    try:
        bench.until("旧的", lambda: "1 个新文件" in bench.said(bench.page.current))
        assert bench.pages() == ()
        now[0] = 60.0
        (tmp_path / "new.jpg").write_bytes(SHEETS[0])
        bench.until("新的", lambda: len(bench.pages()) == 1)
        bench.counter.settle()
        bench.page.waiting_wanted.emit()
        bench.until("旧的收进来", lambda: len(bench.pages("card")) == 1)
    finally:
        watch.choose("")
        bench.counter.settle()
    assert (tmp_path / "old.jpg").exists()
    assert (tmp_path / "new.jpg").exists()
