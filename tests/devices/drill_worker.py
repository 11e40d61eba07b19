"""A driver that misbehaves on demand, in a process of its own: ``drill_worker.py FOLDER``. The scanner's id says how."""

import ctypes
import os
import signal
import subprocess
import sys
import time

from app.adapters.child import take_pipes
from app.adapters.devices.worker import serve
from app.core.errors import DeviceError
from app.services.ports import Abilities, Feed, Scanner


class DrillDriver:
    name = "drill"

    def found(self, cancelled):
        return [Scanner("good", "drill", "Drill")]

    def at(self, address):
        raise DeviceError("这里没有扫描仪")

    def abilities(self, id_):
        if id_ == "dead":
            os._exit(3)
        return Abilities((Feed.GLASS,), (200,))

    def pressed(self, id_):
        sys.stdout.write("a library that prints\n")
        os.write(1, b"and one that writes past Python\n")
        return True

    def scan(self, id_, wish, emit, cancelled):
        emit(b"one")
        if id_ == "child":
            # A program it started goes on and on, and holds on to nothing of ours.
            child = subprocess.Popen(["sleep", "600"])
            emit(str(child.pid).encode())
        self._then(id_, cancelled)
        emit(b"two")

    def _then(self, id_, cancelled):
        if id_ == "segfault":
            ctypes.string_at(0)
        elif id_ == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        elif id_ == "bug":
            raise ZeroDivisionError
        elif id_ in {"deaf", "child"}:
            time.sleep(600)
        elif id_ == "alive":
            while True:
                cancelled()
                time.sleep(0.02)
        elif id_ == "obedient":
            while not cancelled():
                time.sleep(0.02)


if __name__ == "__main__":
    serve(DrillDriver(), take_pipes(), sys.argv[1])
