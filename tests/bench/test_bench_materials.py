"""Two hundred pages on the materials step: what one frame of scrolling the thumbnails takes, and one more page that arrives.

A frame is set against painting as many bare pixmaps of that size, in the same run. Printed with ``-s``.
"""

import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from test_bench_store import p95
from test_bench_window import told

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))

import materials_kit as kit

from app.adapters.paths import resources
from app.core.quality import Spot
from app.ui import theme
from app.ui.case.materials_page import MaterialsPage

PAGES, FRAMES = 200, 120


@pytest.fixture
def page(qapp, qtbot):
    theme.apply(qapp, resources())
    made = MaterialsPage()
    qtbot.addWidget(made)
    made.resize(670, 620)
    jpeg = kit.jpeg()
    made.thumbnails_wanted.connect(lambda ids: [made.set_thumbnail(id_, jpeg) for id_ in ids])
    made.show_case(kit.state_of(many(PAGES)))
    made.show()
    made.focus_field("papers.reports")
    strip = made.list.slot("reports").strip
    bar = strip.verticalScrollBar()
    # Every picture is decoded once before anything is measured: what is measured is painting.
    for at in range(0, bar.maximum() + 1, strip.viewport().height()):
        bar.setValue(at)
        made.repaint()
        qtbot.waitUntil(lambda: not made.store._waiting and not made.store._ask, timeout=20_000)
    return made


def many(count):
    pages = tuple(
        replace(one, spots=(Spot("blur", 0.2, 0.2, 0.3, 0.3),) if at % 7 == 3 else ())
        for at, one in enumerate(kit.pages("rep", count))
    )
    application = kit.half_way()
    return application.with_paper(replace(application.paper("reports"), pages=pages))


def test_scrolling_two_hundred_thumbnails(page, benchmark, record_property):
    strip = page.list.slot("reports").strip
    bar = strip.verticalScrollBar()
    shown = sum(strip.visualRect(strip.pages.index(at)).intersects(strip.viewport().rect()) for at in range(PAGES))
    look = theme.current()
    picture = QPixmap(look.size("thumb_w") - 5, look.size("thumb_h") - 24)
    picture.fill(look.color("accent"))
    target = QPixmap(strip.viewport().size())
    floor, frames, own = [], [], []
    for at in range(FRAMES):
        began = time.perf_counter()
        painter = QPainter(target)
        for nth in range(shown):
            painter.drawPixmap(QPointF(nth * 9.0, nth * 3.0), picture)
        painter.end()
        floor.append((time.perf_counter() - began) * 1000)
        began, cpu = time.perf_counter(), time.thread_time()
        bar.setValue((at * 37) % max(1, bar.maximum()))
        strip.viewport().repaint()
        frames.append((time.perf_counter() - began) * 1000)
        own.append((time.thread_time() - cpu) * 1000)
        QApplication.processEvents()
    figures = {
        "thumbnails_in_sight": float(shown),
        "bare_pixmaps_p50_ms": statistics.median(floor),
        "frame_p50_ms": statistics.median(frames),
        "frame_p95_ms": p95(sorted(frames)),
        "frame_cpu_p50_ms": statistics.median(own),
        "frame_cpu_p95_ms": p95(sorted(own)),
    }
    figures["of_a_60_hz_frame"] = figures["frame_p95_ms"] / (1000 / 60)
    figures["of_a_60_hz_frame_cpu"] = figures["frame_cpu_p95_ms"] / (1000 / 60)
    told(figures, benchmark, record_property)
    assert shown >= 6
    benchmark.pedantic(strip.viewport().repaint, rounds=20)


def test_one_more_page_behind_two_hundred(page, benchmark, record_property):
    shown = []
    for more in range(1, 21):
        state = kit.state_of(many(PAGES + more))
        began = time.perf_counter()
        page.show_case(state)
        shown.append((time.perf_counter() - began) * 1000)
        QApplication.processEvents()
    told({"page_shown_p50_ms": statistics.median(shown), "page_shown_p95_ms": p95(sorted(shown))}, benchmark, record_property)
    benchmark.pedantic(page.show_case, args=(kit.state_of(many(PAGES)),), rounds=3)
