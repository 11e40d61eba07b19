"""How cost grows: with 10² to 10⁶ applications in the store, and with 1 to 60 pages of a case. Writes growth.csv and growth.svg beside itself.

    PYTHONPATH=.:tests:tests/bench .venv/bin/python tests/bench/growth.py FOLDER [--most 1000000]

FOLDER takes the stores, ``FOLDER/<count>/data``, and keeps them for the next run; those that are there are taken as they are. ``--plot`` draws what the
table has and measures nothing. Figures are CPU time of this program: other people's work on the same machine says little about them.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import secrets
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["SPEECHD_CMD"] = "/bin/false"

import big_store
import plot
import whole_kit
import window_kit
from PIL import Image
from PySide6.QtWidgets import QApplication
from test_bench_lists import DAY, keystrokes
from test_bench_store import p95, typed
from test_bench_window import Painted

from app.adapters.imaging import PageMaker
from app.adapters.paths import resources
from app.adapters.store import keys
from app.core.application import Page
from app.core.checks import check
from app.demo import live
from app.services import intake, originals
from app.services.finalise import DOCUMENTS, Ready, finalise
from app.ui import theme

HERE = Path(__file__).parent
COUNTS = tuple(10**power for power in range(2, 7))
PAPER = "reports"
PAGES = (1, 2, 5, 10, 20, 40, 60)
SEARCHES, DRAFTS, UNLOCKS, CASES = 3, 200, 3, 3
NOTE = "Both axes logarithmic. 2 cores, Debian 12, Python 3.11; CPU time of the program, medians unless named p95; tests/bench/growth.py."
NAMES = {
    "unlock": "unlock to workbench",
    "search_p95": "search, a keystroke, p95",
    "search_p50": "search, a keystroke, p50",
    "counts_first": "counts, first",
    "counts_after": "counts, after",
    "draft_p95": "stored draft, p95",
    "attach": "pages taken, all",
    "materials": "materials shown",
    "accept": "acceptance, 4 papers",
    "bundle": "form, receipt, list",
}


def own(act, *given):
    """CPU milliseconds of this process for one act."""
    begun = time.process_time()
    act(*given)
    return (time.process_time() - begun) * 1000


def stores(folder, most):
    """Rows of the stores: (count, measure, figure)."""
    for count in (count for count in COUNTS if count <= most):
        data = folder / str(count) / "data"
        if not data.exists():
            data.parent.mkdir(parents=True)
            big_store.make(data, count)
        big = big_store.Big(data, count, 0)
        yield count, "store_mb", (data / "store.db").stat().st_size / 1e6
        yield count, "unlock", statistics.median(unlocked(big) for _ in range(UNLOCKS))
        store = big.open()
        yield count, "counts_first", own(store.counts, DAY)
        yield count, "counts_after", statistics.median(own(store.counts, DAY) for _ in range(20))
        times = sorted(own(store.search, text) for _ in range(SEARCHES) for text in keystrokes())
        yield count, "search_p50", times[len(times) // 2]
        yield count, "search_p95", p95(times)
        id_ = f"01JRZ{secrets.randbelow(10**21):021}"  # another one in each run: it stays behind as void
        drafts = [replace(typed(at), id=id_) for at in range(DRAFTS)]
        yield count, "draft_p95", p95(sorted(own(store.save_draft, one, whole_kit.CLERK) for one in drafts))
        store.discard_draft(id_, whole_kit.CLERK, "measured")
        store.close()


def unlocked(big):
    """CPU milliseconds from the passphrase to the frame that shows list and counts."""
    with window_kit.counter_at(big.folder, unlocked=False, ahead=True) as counter:
        page = counter.window.page("lock")
        counter.wait("lock", lambda: page.clerk.value() and page.open_button.isEnabled())
        counter.wait("warm", lambda: not counter.window.lane.pending and "app.ui.cover" in sys.modules)
        live(50)
        begun = time.process_time()
        page.unlock.emit(whole_kit.CLERK, whole_kit.PASSPHRASE)
        while not _ready(counter.window):
            live(1)
        counter.window.repaint()
        took = (time.process_time() - begun) * 1000
        counter.settle()
    return took


def _ready(window):
    if window.current != "workbench":
        return False
    page = window.page("workbench")
    return page.table.lines() and page.work_lists.count("drafts")


def pages(folder):
    """Rows of cases: (pages, measure, figure). A page is a scan of A4 at 150 dpi, found, judged and stored."""
    keys._ARGON2 = whole_kit.QUICK
    scan = originals.Incoming(_scan(), "scan.jpg")
    desk = whole_kit.open_desk(folder / "services", imaging=PageMaker())
    for count in PAGES:
        cases = [case(desk, (scan,) * count) for _ in range(CASES)]
        for name in cases[0]:
            yield count, name, statistics.median(one[name] for one in cases)
    desk.store.close()
    yield from shown(folder / "window", _scan())


def case(desk, files):
    """CPU milliseconds of taking the files of one case, of its acceptance, and of drawing its papers once more."""
    application, _ = intake.save(desk, whole_kit.complete(desk))
    begun = time.process_time()
    taken = originals.take(desk, application, PAPER, files)
    attach = (time.process_time() - begun) * 1000
    ready = originals.place(application, PAPER, taken.pages)
    assert len(ready.paper(PAPER).pages) == len(files)
    for finding in check(ready, desk.region, desk.clock.now().date()):
        if finding.stops:
            ready = ready.with_reason(finding.id, "both were looked at")
    begun = time.process_time()
    done = finalise(desk, ready)
    accept = (time.process_time() - begun) * 1000
    assert isinstance(done, Ready), done
    return {"attach": attach, "accept": accept, "bundle": own(drawn, desk, done.application)}


def drawn(desk, application):
    """Draw the four papers of an acceptance again."""
    for _, what, edition in DOCUMENTS:
        desk.printery.render(what, edition, application, desk.region, desk.counter, moment="2026-02-06T10:00:00")


def shown(folder, scan):
    """Rows of the materials step: from the step before until it is painted and every small picture in sight is there."""
    with window_kit.counter_at(folder, ahead=True) as counter:
        counter.wait("built", lambda: counter.window.has("case") and "finished" in counter.page._pages)
        counter.new()
        counter.answer_at_once()
        store, session = counter.window.desk.store, counter.session
        capture = PageMaker().pages(scan, "scan.jpg", formats=("jpg",), max_bytes=10**7, dropped=print)[0]
        session.flush()
        counter.settle()
        kept = []
        for count in PAGES:
            while len(kept) < count:
                kept.append(
                    window_kit.on_lane(
                        counter.window.lane, lambda: store.add_capture(counter.application.id, PAPER, capture, "file")
                    )
                )
            paper = counter.application.paper(PAPER)
            session.replace(counter.application.with_paper(replace(paper, pages=tuple(map(Page, kept)), seen=True)))
            times = []
            for _ in range(CASES + 1):
                counter.page.open_step("disease")
                counter.settle()
                times.append(own(arrive, counter))
            yield count, "materials", statistics.median(times[1:])


def arrive(counter):
    counter.page.open_step("materials")
    page = counter.page.page("materials")
    painted = Painted(page)
    page.update()
    painted.wait(0)
    while counter.window.lane.pending or page.store._ask or page.store._waiting:
        live(1)
    QApplication.processEvents()


def _scan():
    picture = Image.open(resources() / "specimens" / whole_kit.PZH / "lab.jpg").convert("RGB").resize((1240, 1754))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85, dpi=(150, 150))
    return file.getvalue()


def written(rows):
    with (HERE / "growth.csv").open("w", encoding="ascii", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("axis", "x", "measure", "figure"))
        table.writerows((axis, x, name, f"{figure:.2f}") for axis, x, name, figure in rows)


def read():
    with (HERE / "growth.csv").open(encoding="ascii", newline="") as file:
        return [(row["axis"], int(row["x"]), row["measure"], float(row["figure"])) for row in csv.DictReader(file)]


def plotted(rows):
    def lines(axis, names):
        found = {NAMES[name]: [(x, max(y, 0.05)) for a, x, n, y in rows if (a, n) == (axis, name)] for name in names}
        return {name: points for name, points in found.items() if points}

    sizes = {x: f"{y:.0f} MB" if y < 1000 else f"{y / 1000:.1f} GB" for axis, x, name, y in rows if name == "store_mb"}
    charts = [
        plot.Chart(
            "Applications in the store",
            "applications (size of the store below)",
            "CPU time, ms",
            lines("applications", ("unlock", "search_p95", "search_p50", "counts_first", "counts_after", "draft_p95")),
            {x: f"{x:,}" for x in sorted(sizes)},
            sizes,
        ),
        plot.Chart(
            "Pages of one case",
            "pages of A4",
            "CPU time, ms",
            lines("pages", ("attach", "materials", "accept", "bundle")),
            {x: str(x) for x in PAGES},
        ),
    ]
    (HERE / "growth.svg").write_text(plot.svg(charts, NOTE), "utf-8")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--most", type=int, default=COUNTS[-1])
    options.add_argument("--plot", action="store_true")
    given = options.parse_args()
    if not given.plot:
        QApplication.instance() or QApplication(sys.argv[:1])
        theme.apply(QApplication.instance(), resources())
        rows = []
        for axis, measured in (("applications", stores(given.folder, given.most)), ("pages", None)):
            with tempfile.TemporaryDirectory() as scratch:
                for x, name, figure in measured or pages(Path(scratch)):
                    rows.append((axis, x, name, figure))
                    print(axis, x, name, f"{figure:.2f}", flush=True)  # noqa: T201 - the figure is the point
                    written(rows)
    plotted(read())


if __name__ == "__main__":
    main()
