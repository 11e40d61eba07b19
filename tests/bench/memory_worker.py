"""The program by its own entry point, unlocked and worked by itself; says on stdout what its memory is, a JSON object a line. Run by the bench.

    python memory_worker.py pages|cases DATA_DIR COUNT
    python memory_worker.py floor DATA_DIR 0 FONT…

``pages``: idle with the pages built ahead, then a case with COUNT pages shown, recognition at work beside it as on every day. ``cases``: COUNT
cases of two pages, accepted one after the other in one window, without recognition, which would take two seconds a page. ``floor``: an empty window with these fonts.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from dataclasses import asdict
from pathlib import Path

IDLE_S = 4
PASSPHRASE = "柳荫路上的桂花 12 棵"
CLERK = "罗静"


def say(what, **more):
    from process_kit import handles, memory

    print(json.dumps({"at": what, **asdict(memory()), **asdict(handles()), **more}), flush=True)  # noqa: T201 - the answer


class Work:
    """What is done in the window, a turn at a time, on its own thread."""

    def __init__(self, window, what, count):
        from PySide6.QtCore import QTimer

        self.window, self.what, self.count = window, what, count
        self._turns = self._do()
        self._timer = QTimer(window, interval=20)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self):
        try:
            next(self._turns)
        except StopIteration:
            self._timer.stop()
            self.window.close()
        except Exception:  # noqa: BLE001 - whoever started this wants to know, and no dialog
            traceback.print_exc()
            os._exit(1)

    def _until(self, ready, still=0.0):
        """Wait until something is so for a while."""
        since = None
        while since is None or time.monotonic() - since < still:
            since = (since or time.monotonic()) if ready() else None
            yield

    def _do(self):
        window = self.window
        yield from self._until(lambda: window.current == "lock" and window.page("lock").open_button.isEnabled(), 1)
        window.page("lock").unlock.emit(CLERK, PASSPHRASE)
        yield from self._until(lambda: window.current == "workbench" and not window.lane.pending)
        yield from self._until(lambda: window._prebuild is not None and window._prebuild.over, IDLE_S)
        say("idle")
        # From here on with hands that a clerk's process does not have; what they bring is told apart.
        import robot_hands

        say("hands")
        yield
        self._timer.stop()
        getattr(robot_hands, self.what)(window, self.count, say)


def floor(fonts):
    from PySide6.QtGui import QFontDatabase
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication(sys.argv[:1])
    for font in fonts:
        QFontDatabase.addApplicationFont(font)
    window = QMainWindow()
    window.showMaximized()
    application.processEvents()
    say("floor")


def main(what, data_dir, count):
    import app.main
    from app.services.ports.recognition import NOTHING_RECOGNISED

    # The last thing that run() calls before it makes the application: by then it has imported what it imports, in its own order.
    before = app.main.speak_to_fcitx

    def hook():
        from app.ui.main_window import MainWindow

        plain = MainWindow.__init__

        def made(window, *rest, **named):
            plain(window, *rest, **named)
            window.work = Work(window, what, count)

        MainWindow.__init__ = made
        before()

    app.main.speak_to_fcitx = hook
    if what == "cases":
        app.main.Workplace._reading = lambda _door: NOTHING_RECOGNISED
    code = app.main.run(Path(data_dir))
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    floor(sys.argv[4:]) if sys.argv[1] == "floor" else main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
