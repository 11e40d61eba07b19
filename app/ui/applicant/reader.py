"""The process that reads aloud: ``python -m app.ui.applicant.reader zh-CN``. It ends when the program that started it ends.

A process of its own, because a speech service is the one part of a desktop that takes its time: listing the voices of espeak-ng by way of
speech-dispatcher holds whoever asks for 4 to 5 s, a service that hangs holds them for good, and QtTextToSpeech asks on the thread it lives
on. Here it may.

Lines of JSON. In: ``{"say": TEXT, "rate": -1 … 1, "id": N}``, ``{"stop": N}``. Out: ``{"ready": VOICE}`` or ``{"no": library|engine|voice}``
once, then ``{"done": N}`` or ``{"failed": N}`` for each text, nothing for one that was stopped.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QProcessEnvironment, Qt, QTimer, Signal

import app

if TYPE_CHECKING:
    from PySide6.QtTextToSpeech import QTextToSpeech, QVoice

FLAG = "--read-aloud"
"""First argument of the frozen program when it is to be this process."""

_MOCK = "mock"
_MANDARIN = ("mandarin", "普通话", "国语", "中文")
_SILENCE_MS = 1000
"""How long a text that was stopped may take to fall silent before the next one is begun anyway."""

_LAST_S = 0.2
"""So long the service may take to hear that it is to be silent, once the program is gone."""

_BARE = "+"
"""espeak-ng has each voice in a hundred characters (``…+Alicia``): the one without is the plain one."""


def command() -> list[str]:
    """Return what starts the reading process; the language goes behind. Frozen, the program itself is the interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG]
    return [sys.executable, "-P", "-m", "app.ui.applicant.reader"]


def environment() -> QProcessEnvironment:
    """Return this process's environment, with which the other one finds the same program."""
    made = QProcessEnvironment.systemEnvironment()
    top = str(Path(app.__file__).resolve().parents[1])
    made.insert("PYTHONPATH", os.pathsep.join(part for part in (top, os.environ.get("PYTHONPATH", "")) if part))
    return made


def main(arguments: list[str]) -> int:
    """Read aloud in the language ``arguments[0]`` (BCP 47) until the input ends; ``arguments[1]`` names the one engine to use."""
    language, engine = (*arguments, "")[:2]
    requests, answers = _pipes()
    loop = QCoreApplication([sys.argv[0]])
    try:
        from PySide6 import QtTextToSpeech  # noqa: PLC0415 - libpulse0 may be missing, and the answer is a word then
    except ImportError:
        _tell(answers, {"no": "library"})
        return 0
    found = _speech(QtTextToSpeech.QTextToSpeech, language, engine)
    if isinstance(found, str):
        _tell(answers, {"no": found})
        return 0
    reader = _Reader(found, answers)
    threading.Thread(target=_listen, args=(requests, reader), daemon=True).start()
    _tell(answers, {"ready": found.voice().name()})
    return loop.exec()


def _speech(made: type[QTextToSpeech], language: str, engine: str) -> QTextToSpeech | str:
    """Return the first engine with a voice of this language, set to it, or the word for what is missing."""
    engines = [engine] if engine else [one for one in made.availableEngines() if one != _MOCK]
    missing = "engine"
    for name in engines:
        speech = made(name)
        if voice := _voice(speech, language):
            speech.setVoice(voice)
            return speech
        # An engine whose service is not there has no voice of any language.
        missing = "voice" if speech.availableLocales() else missing
    return missing


def _voice(speech: QTextToSpeech, language: str) -> QVoice | None:
    """Return the best voice of a language, None when there is none.

    espeak-ng calls Mandarin ``cmn``, which QLocale does not know: its voices stand under no language at all and are known by their names.
    Of its two the one that reads pinyin is the Chinese one; the other says yi as an English syllable.
    """
    wanted, found = QLocale(language), list[tuple[int, "QVoice"]]()
    for locale in speech.availableLocales():
        same = locale.language() == wanted.language()
        unnamed = locale.language() == QLocale.Language.C and wanted.language() == QLocale.Language.Chinese
        if not same and not unnamed:
            continue
        speech.setLocale(locale)
        for voice in speech.availableVoices():
            name = voice.name().lower()
            if same or any(word in name for word in _MANDARIN):
                far = 4 * (_BARE in name) + 2 * (not (same or "pinyin" in name)) + (locale.territory() != wanted.territory())
                found.append((far, voice))
    return min(found, key=lambda one: one[0])[1] if found else None


class _Reader(QObject):
    """Says one text at a time. ``asked`` comes from the listening thread.

    A text is begun only once the one before fell silent: what a service says about a text it broke off comes late, and would be taken for
    the end of the new one.
    """

    asked = Signal(object)

    def __init__(self, speech: QTextToSpeech, answers: IO[bytes]) -> None:
        super().__init__()
        self._speech = speech
        self._answers = answers
        self._next: dict[str, Any] | None = None
        self._under_way = 0
        self._heard = False
        self._patience = QTimer(self, interval=_SILENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._begin)
        self.asked.connect(self._do, Qt.ConnectionType.QueuedConnection)
        speech.stateChanged.connect(self._turned)

    def _do(self, request: dict[str, Any]) -> None:
        busy = bool(self._under_way)
        self._under_way = 0
        self._next = request if "say" in request else None
        if busy:
            self._speech.stop()
            self._patience.start()
        elif not self._patience.isActive():
            self._begin()

    def _begin(self) -> None:
        self._patience.stop()
        request, self._next = self._next, None
        if request is None:
            return
        self._under_way, self._heard = int(request["id"]), False
        self._speech.setRate(float(request["rate"]))
        self._speech.say(str(request["say"]))

    def _turned(self, state: QTextToSpeech.State) -> None:
        states = type(state)
        still = state in (states.Ready, states.Error)
        if not self._under_way:
            if still and self._patience.isActive():
                self._begin()
            return
        if not still:
            self._heard = True
        elif self._heard or state == states.Error:
            number, self._under_way = self._under_way, 0
            _tell(self._answers, {"done" if state == states.Ready else "failed": number})


def _listen(requests: IO[bytes], reader: _Reader) -> None:
    for line in requests:
        reader.asked.emit(json.loads(line))
    # The program is gone: be silent, but whatever the speech service is at, nobody waits for it.
    reader.asked.emit({})
    time.sleep(_LAST_S)
    os._exit(0)


def _tell(answers: IO[bytes], what: dict[str, Any]) -> None:
    answers.write(json.dumps(what).encode("ascii") + b"\n")
    answers.flush()


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Take stdin and stdout, and leave nothing there: a library that prints would spoil a line."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for good
    return requests, answers


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
