"""For tests of the applicant's screen: the real theme, a window that builds nothing ahead, and a voice that is only noted down."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(scope="session")
def themed(qapp):
    from app.ui import theme

    return theme._Current.theme or theme.apply(qapp, RESOURCES)


@pytest.fixture(autouse=True)
def _dressed(themed):
    """Every widget looks as the applicant sees it."""


class NotedVoice(QObject):
    """A voice that keeps what it is given to say, and speaks until it is told that it ended."""

    speaking = Signal(bool)
    state_changed = Signal()

    def __init__(self, parent=None, *, language="", called=""):
        super().__init__(parent)
        self.language, self.called = language, called
        self.said = []
        self.why_not, self.speed = "", 0

    def look(self):
        self.state_changed.emit()

    def say(self, text):
        self.said.append((text, self.speed))
        self.speaking.emit(True)

    def slower(self):
        self.speed += 1
        self.say(self.said[-1][0])

    def stop(self):
        self.speaking.emit(False)

    def next_person(self):
        self.stop()
        self.speed = 0

    def lock(self, *, locked):
        if locked:
            self.stop()

    def close(self):
        self.stop()


@pytest.fixture(autouse=True, scope="module")
def _quiet():
    """No process that reads aloud, and no page that the test does not open."""
    from ahead_kit import nothing

    from app.ui import prebuild
    from app.ui.case.applicant_sound import Sound

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prebuild, "case_pages", nothing)
        patch.setattr(Sound, "voice_of", NotedVoice)
        yield
