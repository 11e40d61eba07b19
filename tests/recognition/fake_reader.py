"""A worker with our own loop and pipes, and an engine that does what the picture says: ``fake_reader.py FOLDER``."""

import os
import signal
import sys
import time

from app.adapters.child import take_pipes
from app.adapters.recognition.models import UnreadableError
from app.adapters.recognition.worker import serve
from app.core.readings import Line


class FakeEngine:
    def __init__(self, answers):
        self._answers = answers

    def lines(self, picture, turn, cancelled, *, seal=False):
        act, _, rest = picture.partition(b" ")
        match act:
            case b"die":
                os._exit(3)
            case b"hang":
                time.sleep(600)
            case b"stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case b"raise":
                raise RuntimeError("a library's bug")
            case b"garbage":
                self._answers.write(b"Segmentation fault, they say" * 9)
                self._answers.flush()
                time.sleep(600)
            case b"unreadable":
                raise UnreadableError("no picture")
            case b"wait":
                while not cancelled():
                    time.sleep(0.01)
        return [Line(f"{os.getpid()} {len(rest)} {turn} {seal}", 0.5, (0.1, 0.2, 0.3, 0.4), (0.25,))]


if __name__ == "__main__":
    pipes = take_pipes()
    idle = float(os.environ.get("FAKE_IDLE", "600"))
    serve(lambda: FakeEngine(pipes[1]), pipes, sys.argv[1], idle)
