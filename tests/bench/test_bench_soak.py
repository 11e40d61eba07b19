"""A long day in one process: 500 cases through the services, 50 through five windows that are opened and closed in turn.

Held: open files, threads, windows and Qt objects do not grow; memory after the last case lies within a band of that after an early one;
nothing of a closed window is left. Printed with ``-s``: memory, store size, and the slowest of each step (wall, and its own CPU).
"""

import time
import weakref
from collections import defaultdict

import whole_kit
import window_kit
from people import person
from process_kit import counted, handles, let_go, memory
from test_bench_window import told
from whole_kit import PZH
from window_kit import counter_at

from app.adapters.imaging import PageMaker
from app.adapters.paths import resources
from app.core.application import State
from app.services import intake, originals
from app.services.finalise import Ready, finalise, preview
from app.ui import theme

CASES, MARKS = 500, (50, 200, 500)
WINDOWS, EACH = 5, 10
FILES = ("id-front.jpg", "id-back.jpg")
GROWTH_MB = 8
"""What the heap may differ by between two looks without anything being kept: three more windows moved it by 1 to 3 MB, 450 more cases by 2."""


class Steps:
    """How long each step took, the longest first."""

    def __init__(self):
        self.took = defaultdict(list)

    def __call__(self, name, act):
        begun, own = time.perf_counter(), time.process_time()
        result = act()
        self.took[name].append(((time.perf_counter() - begun) * 1000, (time.process_time() - own) * 1000))
        return result

    def figures(self):
        found = {}
        for name, took in self.took.items():
            found[f"{name}_most_ms"] = max(wall for wall, _ in took)
            found[f"{name}_cpu_p50_ms"], found[f"{name}_cpu_most_ms"] = (
                sorted(own for _, own in took)[at] for at in (len(took) // 2, -1)
            )
        return found


def served(desk, nth, steps):
    """One case as it comes: typed and stored again and again, two pages taken, looked at, accepted, found again and opened."""
    who = person(nth)
    application = whole_kit.answered(desk, **{path.replace(".", "__"): value for path, value in who.items()})
    application, _ = steps("draft", lambda: intake.save(desk, application))
    files = whole_kit.files_of(PZH, *FILES)
    taken = steps("pages", lambda: originals.take(desk, application, "identity", files))
    assert (len(taken.pages), taken.refused) == (len(FILES), ())
    application = whole_kit.seen(desk, originals.place(application, "identity", taken.pages))
    application, _ = steps("draft", lambda: intake.save(desk, application))
    steps("preview", lambda: preview(desk, application))
    ready = steps("accept", lambda: finalise(desk, application))
    assert isinstance(ready, Ready)
    hits = steps("search", lambda: desk.store.search(who["applicant.cert_number"]))
    assert application.id in str(hits)
    steps("counts", lambda: desk.store.counts("2026-02-06"))
    assert steps("reopen", lambda: intake.reopen(desk, application.id)).state is State.READY
    assert set(steps("documents", lambda: desk.store.documents(application.id))) >= {"form"}


def grew(looks, early, late):
    """Megabytes that no file backs, between two looks; what others share of the libraries comes and goes with them."""
    return looks[late].anonymous - looks[early].anonymous


def test_five_hundred_cases_through_the_services(tmp_path, benchmark, monkeypatch, record_property):
    whole_kit.quick_slots(monkeypatch)
    desk = whole_kit.open_desk(tmp_path / "data", imaging=PageMaker())
    steps, looks, held, full = Steps(), {}, {}, {}

    def soak():
        for nth in range(1, CASES + 1):
            served(desk, nth, steps)
            if nth in MARKS:
                full[nth] = memory().anonymous
                let_go(desk.store)
                looks[nth], held[nth] = memory(), handles()

    benchmark.pedantic(soak, rounds=1)
    desk.store.close()
    figures = {f"{name}_{nth}": getattr(look, name) for nth, look in looks.items() for name in ("rss", "anonymous")}
    figures |= {f"with_the_stores_pages_{nth}": most for nth, most in full.items()}
    figures |= {f"files_{nth}": float(one.files) for nth, one in held.items()}
    size = sum(path.stat().st_size for path in (tmp_path / "data").iterdir() if "ballast" not in path.name)
    told(figures | steps.figures() | {"store_kb_a_case": size / 1024 / CASES}, benchmark, record_property)
    assert len(set(held.values())) == 1
    assert grew(looks, 50, 200) < GROWTH_MB
    assert grew(looks, 50, 500) < GROWTH_MB


def test_fifty_cases_through_windows(qapp, tmp_path, benchmark, monkeypatch, record_property):
    """Typed as a clerk types, five windows over the same store one after the other."""
    theme.apply(qapp, resources())
    whole_kit.quick_slots(monkeypatch)
    looks, held, kinds, gone, left, steps = {}, {}, {}, [], [], Steps()

    def case_of(place):
        case, who = whole_kit.case_of(place), person(len(gone))
        return case | {"answers": [one | {"value": who.get(one["path"], one["value"])} for one in case["answers"]]}

    monkeypatch.setattr(window_kit, "case_of", case_of)

    def window():
        with counter_at(tmp_path / "data", ahead=True) as counter:
            gone.append(weakref.ref(counter.window))
            for _ in range(EACH):
                typed_case(counter, steps)
                gone.append(weakref.ref(counter.session))
            let_go()
            left.append(sum(one() is not None for one in gone))

    def soak():
        for nth in range(WINDOWS):
            steps("window", window)
            let_go()
            looks[nth], held[nth], kinds[nth] = memory(), handles(), counted()

    benchmark.pedantic(soak, rounds=1)
    figures = {f"{name}_{nth}": getattr(look, name) for nth, look in looks.items() for name in ("rss", "anonymous")}
    figures |= {
        f"{name}_{nth}": float(getattr(one, name))
        for nth, one in held.items()
        for name in ("files", "threads", "windows", "objects")
    }
    told(figures | steps.figures(), benchmark, record_property)
    assert left == [2] * WINDOWS  # the window and the case in hand
    assert [one() for one in gone if one() is not None] == []
    assert kinds[WINDOWS - 1] - kinds[1] == {}
    assert held[WINDOWS - 1] == held[1]
    assert grew(looks, 1, WINDOWS - 1) < GROWTH_MB


def typed_case(counter, steps):
    """One case by keys: answers, a card dropped on its slot, the papers seen, accepted; then back at the workbench."""
    steps("new", counter.new)
    steps("answers", counter.answer_all)
    steps("pages", lambda: dropped(counter))
    counter.see_papers()
    counter.give_reasons()
    steps("accept", counter.accept)
    counter.shortcut("F2")
    counter.settle()


def dropped(counter):
    counter.page.open_step("materials")
    materials = counter.page.page("materials")
    materials.focus_field("papers.identity")
    slot = materials.list.slot("identity")
    files = [resources() / "specimens" / PZH / name for name in FILES]
    counter.drop(materials, slot.mapTo(materials, slot.rect().center()), files)
    counter.wait("原件", lambda: len(counter.application.paper("identity").pages) == len(FILES))
    counter.settle()
