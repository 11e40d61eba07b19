"""Types into the real window until it is killed, and says each thing it typed. Run by the drill as a program.

    python window_worker.py type|drop DATA_DIR

Lines: ``ready``, ``t TIME PATH TEXT`` after each keystroke, ``dropped TIME``, ``page TIME ORIGINAL`` once a page is in the store.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from whole_kit import PZH, FixedClock, KeepingPrinter, QuietWorkplace
from window_kit import Counter

from app.adapters.paths import resources
from app.demo import commit
from app.ui import theme

TEXTS = {
    "applicant.name": "沈桂兰",
    "applicant.cert_number": "510402190001019980",
    "applicant.phone": "13800001234",
    "applicant.other_phone": "0812-2600000",
    "applicant.address": "样本路 16 号 1 栋 502 室，柳荫巷里第二个门，找不到就打电话",
}


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - what the drill listens to


def type_on(counter: Counter) -> None:
    keys = [(path, text[:end]) for path, text in TEXTS.items() for end in range(1, len(text) + 1)]
    keys = [key for key in keys if any(w.property("path") == key[0] for w in counter.window.findChildren(object))]
    at = 0

    def key() -> None:
        nonlocal at
        path, text = keys[at % len(keys)]
        field = counter.field(path)
        if len(text) == 1:
            field.setFocus()
            field.selectAll()
        commit(field, text[-1])
        say("t", time.time(), path, text)
        at += 1

    timer = QTimer(counter.window)
    timer.timeout.connect(key)
    timer.start(60)


def drop(counter: Counter) -> None:
    from PySide6.QtCore import QPoint

    counter.page.open_step("materials")
    materials = counter.page.page("materials")
    materials.focus_field("papers.identity")
    slot = materials.list.slot("identity")
    files = [resources() / "specimens" / PZH / name for name in ("id-front.jpg", "id-back.jpg", "diagnosis.jpg", "lab.jpg")]
    seen: set[str] = set()

    def stored(_at: str) -> None:
        for page in counter.application.paper("identity").pages:
            if page.original not in seen:
                seen.add(page.original)
                say("page", time.time(), page.original)

    counter.session.saved.connect(stored)
    counter.drop(materials, slot.mapTo(materials, QPoint(60, 20)), files)
    say("dropped", time.time())


def main(what: str, data_dir: str) -> None:
    app = QApplication(sys.argv[:1])
    theme.apply(app, resources())
    counter = Counter(Path(data_dir), FixedClock(), KeepingPrinter(), door=QuietWorkplace)
    counter.unlock()
    counter.window.new_case()
    counter.settle()
    counter.fill("applicant.name", "开始")
    counter.session.flush()
    counter.settle()
    say("ready", counter.application.id)
    (type_on if what == "type" else drop)(counter)
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
