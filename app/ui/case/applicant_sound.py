"""Reading aloud what stands on the applicant's screen: once more, slower, or no more, by one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.applicant_view import Act, Page
from app.ui.applicant.voice import SPEEDS, Voice

if TYPE_CHECKING:
    from app.core.applicant_texts import Texts
    from app.core.applicant_view import View
    from app.ui.applicant.window import ApplicantWindow

ACTS = frozenset({Act.AGAIN, Act.SLOWER, Act.STOP})


class Sound(QObject):
    """The voice of one window. Nothing is spoken that does not stand there; nothing goes on once something else does."""

    voice_of = Voice
    """Makes the voice; a test gives it another one."""

    def __init__(self, window: ApplicantWindow, texts: Texts) -> None:
        super().__init__(window)
        self._window, self.texts = window, texts
        self._speaking = False
        self._times = 0
        self._looked = False
        self._view: View | None = None
        self.voice = self.voice_of(self, language=texts.voice, called=texts.name)
        self.voice.speaking.connect(self._spoke)
        self.voice.state_changed.connect(self._found)
        self.voice.look()
        self._show()

    def show(self, view: View, *, aloud: bool) -> None:
        """Take what stands there now; ``aloud``: read it without being asked."""
        if view == self._view:
            return
        self._view, self._times = view, 0
        self.voice.stop()
        if aloud and view.page not in {Page.BLANK, Page.WAIT}:
            self._times = 1
            self.voice.say(view.spoken)
        self._show()

    def press(self, act: Act) -> None:
        """Do what the button says."""
        if act is Act.STOP:
            self.voice.stop()
        elif self._view is not None and self._view.spoken:
            if self._times and act is Act.SLOWER:
                self.voice.slower()
            else:
                self.voice.say(self._view.spoken)
            self._times += 1
        self._show()

    def next_person(self) -> None:
        """Forget how slowly it was read: another case."""
        self._view = None
        self.voice.next_person()

    def lock(self, *, locked: bool) -> None:
        """Be silent behind the lock."""
        self.voice.lock(locked=locked)

    def close(self) -> None:
        """Let the voice go."""
        self.voice.close()

    def _spoke(self, on: bool) -> None:
        self._speaking = on
        self._show()

    def _found(self) -> None:
        self._looked = True
        self._show()

    def _show(self) -> None:
        # What is pressed while the voice is looked for is read once it is there.
        why_not = self.voice.why_not if self._looked else ""
        slower = bool(self._times) and self.voice.speed < len(SPEEDS) - 1
        self._window.set_sound(speaking=self._speaking, slower=slower, why_not=why_not)
