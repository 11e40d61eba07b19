"""Cyclic garbage is taken apart on the GUI thread, whoever made it."""

import gc
import threading
import weakref

from PySide6.QtCore import QObject

from app.ui.rubbish import WHOLE_EVERY, Rubbish


class Ring(QObject):
    """An object of Qt that only a collection can take apart."""

    def __init__(self):
        super().__init__()
        self.itself = self


def test_a_lane_that_allocates_much_takes_nothing_of_qt_apart(qapp):
    rubbish = Rubbish(qapp)
    gone_on = []
    ring = Ring()
    weakref.finalize(ring, lambda: gone_on.append(threading.current_thread()))
    del ring
    thread = threading.Thread(target=lambda: [[{}] for _ in range(200_000)])
    thread.start()
    thread.join()
    assert gone_on == []
    for _ in range(WHOLE_EVERY):
        rubbish.look()
    assert gone_on == [threading.main_thread()]
    assert not gc.isenabled()
    rubbish.deleteLater()
