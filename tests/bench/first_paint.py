"""Starts one window, says on stdout when its first frame was whole (``time.monotonic``, one clock for all processes), and ends.

``first_paint.py floor FONT…``: an empty QMainWindow with these fonts loaded. ``first_paint.py ours``: the program by its own
entry point, without arguments as on every morning (its data directory through ``XDG_DATA_HOME``). The frame is whole when ``showMaximized`` comes back (the offscreen platform paints within it), else when the event loop does.
"""

import os
import sys
import time


def watched(show):
    """Wrap ``showMaximized`` for the first window that is shown."""

    def wrapper(window):
        from PySide6.QtCore import QEvent, QObject, QTimer

        class Watch(QObject):
            painted = False

            def eventFilter(self, watched, event):
                if event.type() == QEvent.Type.Paint:
                    self.painted = True
                    window.removeEventFilter(self)
                    QTimer.singleShot(0, end)
                return False

        watch = Watch(window)
        window.installEventFilter(watch)
        show(window)
        if watch.painted:
            end()

    return wrapper


def end():
    print(time.monotonic(), flush=True)  # noqa: T201 - the answer
    os._exit(0)


def floor(fonts):
    from PySide6.QtGui import QFontDatabase
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication(sys.argv[:1])
    for font in fonts:
        QFontDatabase.addApplicationFont(font)
    window = QMainWindow()
    window.resize(window.screen().availableSize())
    watched(QMainWindow.showMaximized)(window)
    app.exec()


def ours():
    import app.main
    from app.cli import main

    # The last thing that run() calls before it makes the application: by then it has imported what it imports, in its own order.
    before = app.main.speak_to_fcitx

    def hook():
        from app.ui.main_window import MainWindow

        MainWindow.showMaximized = watched(MainWindow.showMaximized)
        before()

    app.main.speak_to_fcitx = hook
    main([])


if __name__ == "__main__":
    floor(sys.argv[2:]) if sys.argv[1] == "floor" else ours()
