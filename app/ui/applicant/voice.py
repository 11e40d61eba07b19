"""Reading aloud, offline. The voice lives in a process of its own (:mod:`app.ui.applicant.reader`), so that nothing it does is ever waited for.

A text is spoken sentence by sentence: a stop, a slower voice or another page is heard at once. Where there is no voice, :attr:`Voice.why_not`
says so in words and everything else goes on: the text stands on the screen anyway.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from app.core.spoken import sentences
from app.ui.applicant.reader import command, environment

if TYPE_CHECKING:
    from collections.abc import Sequence

SPEEDS = (-0.1, -0.35, -0.6)
"""Of -1 … 1, where 0 is what the voice takes for usual: old ears want less than that from the start, and two steps more."""

PATIENCE_MS = 20_000
"""How long the voice may take to be there. Listing the voices of espeak-ng took 5.0 s on a quiet machine of two cores."""

_BEGIN_MS, _CHARACTER_MS = 10_000, 900
"""A sentence that has not ended after so long, for itself and for each character, has been swallowed by a service that hangs."""

_END_MS = 1000
"""A killed process is gone in a few ms, one that is to fall silent in 0.2 s; Qt complains of one that is left."""

_LOOKING = "正在找语音"
_NO_VOICE = "这台电脑没有{language}语音，照旧看屏幕"
_NO_ANSWER = "语音没有应答，照旧看屏幕。重开申请人屏再试一次"
_NO_SERVICE = {
    "library": "这台电脑没有装语音，照旧看屏幕。管理员装 libpulse0",
    "engine": "这台电脑没有装语音，照旧看屏幕。管理员装 speech-dispatcher 和 espeak-ng",
    "voice": _NO_VOICE,
}


class Voice(QObject):
    """One voice for the applicant's window. Nothing is looked for before :meth:`look`.

    ``language``: BCP 47; ``called``: its name in the sentence that says there is none. ``speaking(bool)``: it began, it ended or was stopped.
    ``state_changed``: :attr:`able`, :attr:`why_not` or :attr:`speed` is another.
    """

    speaking = Signal(bool)
    state_changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        language: str = "zh-CN",
        called: str = "中文",
        run: Sequence[str] = (),
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(parent)
        self._run = [*(run or command()), language]
        self._called = called
        self._process: QProcess | None = None
        self._going: list[QProcess] = []
        self._came = b""
        self._why_not = _LOOKING
        self._able = self._locked = False
        self._speed = self._number = self._under_way = 0
        self._text = ""
        self._left: list[str] = []
        self._wanted = False
        self._patience_ms = patience_ms
        self._watchdog = QTimer(self, singleShot=True)
        self._watchdog.timeout.connect(self._hung)

    @property
    def able(self) -> bool:
        """Whether there is a voice."""
        return self._able

    @property
    def why_not(self) -> str:
        """Say why nothing is read aloud, '' where it can be."""
        return "" if self._able else self._why_not

    @property
    def speed(self) -> int:
        """How many steps slower than usual it speaks, 0 … 2."""
        return self._speed

    @property
    def is_speaking(self) -> bool:
        """Whether a text is being read."""
        return bool(self._under_way or self._left)

    def look(self) -> None:
        """Look for a voice, beside the window; ``state_changed`` tells. Again after it was lost; nothing happens while there is one."""
        if self._process is not None:
            return
        process = QProcess(self)
        process.setProcessEnvironment(environment())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._ended)
        self._process, self._came, self._why_not = process, b"", _LOOKING
        self._watchdog.start(self._patience_ms)
        process.start(self._run[0], self._run[1:])

    def say(self, text: str) -> None:
        """Read a text (:func:`app.core.spoken.aloud` made it); what was being read ends. '' only ends it. Before the voice is there it is kept."""
        self._quiet()
        self._text = text
        self._start()

    def again(self) -> None:
        """Read the last text once more from its beginning."""
        self.say(self._text)

    def slower(self) -> None:
        """Read it once more, a step slower; at the slowest it stays there. Remembered until :meth:`next_person`."""
        if self._speed < len(SPEEDS) - 1:
            self._speed += 1
            self.state_changed.emit()
        self.again()

    def stop(self) -> None:
        """Be silent at once. The text is kept for :meth:`again`."""
        self._wanted = False
        self._quiet()

    def next_person(self) -> None:
        """Be silent, and forget what was said and how slowly: another case, or nobody."""
        self.stop()
        self._text = ""
        if self._speed:
            self._speed = 0
            self.state_changed.emit()

    def lock(self, *, locked: bool) -> None:
        """Be silent while the window is locked; nothing is read afterwards by itself."""
        self._locked = locked
        if locked:
            self.stop()

    def close(self) -> None:
        """Let the process go: when the window ends. In the middle of a sentence it gets a moment to fall silent. :meth:`look` starts another one."""
        talked = self.is_speaking
        self.stop()
        self._able = False
        self._drop(gently=talked)
        for process in self._going:
            if not process.waitForFinished(_END_MS):
                process.kill()
                process.waitForFinished(_END_MS)
        self._going.clear()

    def _start(self) -> None:
        self._wanted = not self._able and bool(self._text) and not self._locked
        if not self._able or self._locked or not self._text:
            return
        self._left = list(sentences(self._text))
        self._next()
        if self.is_speaking:
            self.speaking.emit(True)

    def _next(self) -> None:
        if not self._left:
            self._under_way = 0
            self._watchdog.stop()
            return
        piece = self._left.pop(0)
        self._number += 1
        self._under_way = self._number
        self._send({"say": piece, "rate": SPEEDS[self._speed], "id": self._number})
        self._watchdog.start(_BEGIN_MS + _CHARACTER_MS * len(piece))

    def _quiet(self) -> None:
        if self.is_speaking:
            self._send({"stop": self._under_way})
            self._left, self._under_way = [], 0
            self._watchdog.stop()
            self.speaking.emit(False)

    def _send(self, message: dict[str, object]) -> None:
        if self._process is not None:
            self._process.write(json.dumps(message).encode("ascii") + b"\n")

    def _read(self) -> None:
        if self._process is None:
            return
        *lines, self._came = (self._came + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        for line in lines:
            with suppress(ValueError):  # a library of the desktop wrote into the pipe
                self._hear(json.loads(line))

    def _hear(self, said: object) -> None:
        if not isinstance(said, dict):
            return
        if "ready" in said and not self._able:
            self._watchdog.stop()
            self._able = True
            self.state_changed.emit()
            if self._wanted:
                self._start()
        elif "no" in said:
            self._lose(_NO_SERVICE.get(str(said["no"]), _NO_VOICE).format(language=self._called))
        elif said.get("done", 0) == self._under_way != 0:
            self._next()
            if not self.is_speaking:
                self.speaking.emit(False)
        elif said.get("failed", 0) == self._under_way != 0:
            self._lose(_NO_ANSWER)

    def _hung(self) -> None:
        self._lose(_NO_ANSWER)

    def _ended(self, *_how: object) -> None:
        self._lose(_NO_ANSWER)

    def _lose(self, sentence: str) -> None:
        """Go on without a voice."""
        talked = self.is_speaking
        self._left, self._under_way, self._able, self._why_not = [], 0, False, sentence
        self._watchdog.stop()
        self._drop()
        if talked:
            self.speaking.emit(False)
        self.state_changed.emit()

    def _drop(self, *, gently: bool = False) -> None:
        """Kill the process without waiting for it; ``gently``: let it end by itself."""
        process, self._process = self._process, None
        if process is None:
            return
        process.readyReadStandardOutput.disconnect(self._read)
        process.finished.disconnect(self._ended)
        process.errorOccurred.disconnect(self._ended)
        self._going = [one for one in self._going if one.state() != QProcess.ProcessState.NotRunning]
        if process.state() != QProcess.ProcessState.NotRunning:
            self._going.append(process)
            if gently:
                process.closeWriteChannel()
            else:
                process.kill()
