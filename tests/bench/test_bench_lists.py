"""A full counter: search among ten thousand applications, and a list of a thousand drafts on screen.

Search is set against the one index step it cannot do without (the same beginning of initials in the same encrypted file), in the same
run. Printed with ``-s``.
"""

import statistics
import time
from dataclasses import replace

import pytest
import whole_kit
from test_bench_store import p95, timed, typed
from test_bench_window import Painted, told
from window_kit import counter_at

from app.adapters.paths import resources
from app.ui import theme

MANY, DRAFTS = 10_000, 1_000
SURNAMES, GIVEN = "赵钱孙李周吴郑王沈单", "桂兰建国秀英志强玉梅"
QUESTIONS = ("桂兰", "sgl", "0999", "沈", "赵桂 0100", "兰建国", "13800000077")


def filled(store, count):
    store._db.execute("PRAGMA synchronous=OFF")  # filling is not what is measured
    for at in range(count):
        name = SURNAMES[at % 10] + GIVEN[at // 10 % 10] + GIVEN[at // 100 % 10]
        person = replace(typed(0).applicant, name=name, cert_number=f"6209021900{at:08}", phone=f"138{at:08}")
        store.save_draft(replace(typed(0), id=f"01JR{at:022}", applicant=person), whole_kit.CLERK)
    store._db.execute("PRAGMA synchronous=FULL")


def test_search_among_ten_thousand(tmp_path, benchmark, monkeypatch, record_property):
    whole_kit.quick_slots(monkeypatch)
    store = whole_kit.open_desk(tmp_path).store
    filled(store, MANY)
    step = "SELECT application FROM finders WHERE kind = 'initials' AND value >= 'sgl' AND value < 'sgm' LIMIT 50"
    floor, searched = timed(
        lambda _at: store._db.execute(step).fetchall(),
        lambda at: store.search(QUESTIONS[at % len(QUESTIONS)]),
    )
    figures = {"floor_p95_ms": p95(floor), "search_p95_ms": p95(searched), "search_p50_ms": statistics.median(searched)}
    figures["ratio_p95"] = figures["search_p95_ms"] / figures["floor_p95_ms"]
    told(figures, benchmark, record_property)
    benchmark.pedantic(store.search, args=("桂兰",), rounds=20)
    store.close()


@pytest.mark.parametrize("count", [DRAFTS])
def test_a_list_of_drafts_opens_quickly(qapp, tmp_path, benchmark, monkeypatch, record_property, count):
    theme.apply(qapp, resources())
    whole_kit.quick_slots(monkeypatch)
    desk = whole_kit.open_desk(tmp_path)
    filled(desk.store, count)
    desk.store.close()
    with counter_at(tmp_path) as counter:
        page = counter.window.page("workbench")

        def opened(name):
            begun = time.perf_counter()
            page.choose(name)
            while counter.window.lane.pending:
                qapp.processEvents()
            painted = Painted(page)
            page.update()
            return painted.wait(begun)

        times = [opened("drafts") for _ in range(15)]
        told({"drafts_first_ms": times[0], "drafts_p50_ms": statistics.median(times)}, benchmark, record_property)
        benchmark.pedantic(opened, args=("drafts",), rounds=3)
