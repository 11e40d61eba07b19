"""Sticks that come and go without a hand: fulfils :class:`app.services.ports.media.MediaWatching`, held to the contract of the real watcher."""

from __future__ import annotations

import queue
import threading


class FakeMedia:
    def __init__(self):
        self._lock, self._there, self._watches = threading.Lock(), (), []

    def __call__(self, told):
        with self._lock:
            watch = _Watch(told, self._there)
            self._watches.append(watch)
        return watch

    def plug(self, medium):
        self._now((*self._there, medium))

    def pull(self, folder):
        self._now(tuple(one for one in self._there if one.folder != folder))

    def _now(self, there):
        with self._lock:
            self._there = there
            for one in self._watches:
                one.changes.put(there)


class _Watch:
    def __init__(self, told, there):
        self.changes, self._over = queue.SimpleQueue(), threading.Event()
        self.changes.put(there)
        threading.Thread(target=self._tell, args=(told,), daemon=True).start()

    def _tell(self, told):
        known = None
        while (there := self.changes.get()) is not None and not self._over.is_set():
            if there != known:
                known = there
                told(there)

    def stop(self):
        self._over.set()
        self.changes.put(None)
