"""Which removable media are plugged in, and word of each change.

Linux says by the poll of its own table of mounts when one comes or goes, without any service. Elsewhere it is looked every two seconds:
by the drive letters of Windows, and by ``/Volumes`` on macOS. Those two were never run.

What counts as removable on Linux: everything that the desktop mounts for people (below ``/media`` and ``/run/media``), and every disk on a USB
cable or in a removable drive, wherever it is mounted, but for the system's own folders.
"""

from __future__ import annotations

import ctypes
import os
import re
import select
import socket
import string
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.services.ports.media import Medium, no_media

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.ports.media import MediaWatch

LOOK_S = 2.0
"""How often it is looked where nobody says that something changed."""

ROOTS = (Path("/media"), Path("/run/media"))
MOUNTS = Path("/proc/self/mountinfo")
DEVICES = Path("/sys/dev/block")
_OWN = ("/boot", "/efi", "/etc", "/home", "/nix", "/opt", "/proc", "/snap", "/sys", "/usr", "/var")
_ESCAPED = re.compile(r"\\([0-7]{3})")
_FIELDS = 6  # of a mount's line before those that vary
_REMOVABLE_DRIVE, _READ_ONLY_VOLUME = 2, 0x0008_0000
_NO_DIALOGS = 0x0001


class Seat(Protocol):
    """One kind of system: what is there, and waiting for a change."""

    def look(self) -> tuple[Medium, ...]:
        """Return what is plugged in, in no order."""
        ...

    def wait(self) -> None:
        """Return when something may have changed, or when woken."""
        ...

    def wake(self) -> None:
        """End :meth:`wait`, now and for good. From any thread."""
        ...

    def close(self) -> None:
        """Let go of what is held open, when nobody waits any more."""
        ...


class Linux:
    """Fulfils :class:`Seat` by the table of mounts. ``roots``: what lies below them is removable whatever it is."""

    def __init__(self, roots: tuple[Path, ...] = ROOTS) -> None:
        self._roots = tuple(f"{one}/" for one in roots)
        self._table = MOUNTS.open("rb", buffering=0)
        self._ear, self._bell = socket.socketpair()
        self._poll = select.poll()
        self._poll.register(self._table, select.POLLPRI | select.POLLERR)
        self._poll.register(self._ear, select.POLLIN)

    def look(self) -> tuple[Medium, ...]:
        """Read the table anew; which also makes the next change heard."""
        self._table.seek(0)
        lines = self._table.read().decode("utf-8", "surrogateescape").splitlines()
        found = {one.folder: one for one in map(self._medium, lines) if one}
        return tuple(found.values())

    def wait(self) -> None:
        """Wait for the system to say that a mount changed."""
        self._poll.poll()

    def wake(self) -> None:
        """Ring."""
        with suppress(OSError):  # nobody waits any more
            self._bell.send(b"!")

    def close(self) -> None:
        """Close table and bell."""
        for one in (self._table, self._ear, self._bell):
            one.close()

    def _medium(self, line: str) -> Medium | None:
        fields = line.split(" ")
        if len(fields) < _FIELDS:
            return None
        device, top, where = fields[2], fields[3], _plain(fields[4])
        if top != "/" or not (where.startswith(self._roots) or self._on_a_cable(device, where)):
            return None
        # The mount's own options, and behind the dash those of what is mounted: a stick with its switch on says it there.
        locked = any("ro" in options.split(",") for options in (fields[5], fields[-1]))
        return Medium(where.rpartition("/")[2], Path(where), not locked)

    @staticmethod
    def _on_a_cable(device: str, where: str) -> bool:
        """Whether a mount is a disk that can be pulled, and none that the system itself stands on."""
        if where == "/" or any(where == one or where.startswith(f"{one}/") for one in _OWN):
            return False
        try:
            disk = (DEVICES / device).resolve(strict=True)
        except OSError:
            return False
        if "/usb" in str(disk):
            return True
        return any(
            (one / "removable").is_file() and (one / "removable").read_text().strip() == "1" for one in (disk, disk.parent)
        )


@dataclass
class _Looking:
    """What systems share that say nothing by themselves."""

    def __post_init__(self) -> None:
        self._woken = threading.Event()

    def wait(self) -> None:
        """Wait two seconds."""
        self._woken.wait(LOOK_S)

    def wake(self) -> None:
        """End the waiting."""
        self._woken.set()

    def close(self) -> None:
        """Hold nothing."""


class Windows(_Looking):
    """Fulfils :class:`Seat` by drive letters. Never run."""

    def look(self) -> tuple[Medium, ...]:
        """Return the removable drives that have a medium in them."""
        kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined, unused-ignore]
        # An empty card reader must not open a window of the system's.
        kernel.SetErrorMode(_NO_DIALOGS)
        there = kernel.GetLogicalDrives()
        drives = [letter for at, letter in enumerate(string.ascii_uppercase) if there >> at & 1]
        return tuple(one for letter in drives if (one := self._drive(kernel, letter)))

    @staticmethod
    def _drive(kernel: Any, letter: str) -> Medium | None:
        root = f"{letter}:\\"
        if kernel.GetDriveTypeW(root) != _REMOVABLE_DRIVE:
            return None
        label, flags = ctypes.create_unicode_buffer(261), ctypes.c_uint32()
        if not kernel.GetVolumeInformationW(root, label, len(label), None, None, ctypes.byref(flags), None, 0):
            return None
        name = f"{label.value} ({letter}:)" if label.value else f"{letter}:"
        return Medium(name, Path(root), not flags.value & _READ_ONLY_VOLUME)


class Mac(_Looking):
    """Fulfils :class:`Seat` by the folder of volumes, the system's own left out. Never run."""

    def look(self) -> tuple[Medium, ...]:
        """Return what is mounted there."""
        with suppress(OSError):
            return tuple(
                Medium(one.name, one, os.access(one, os.W_OK))
                for one in Path("/Volumes").iterdir()
                if not one.is_symlink() and one.is_mount()
            )
        return ()


class Watch:
    """Media watched on a thread of their own (:class:`app.services.ports.media.MediaWatch`)."""

    def __init__(self, seat: Seat, told: Callable[[tuple[Medium, ...]], None]) -> None:
        self._seat, self._told = seat, told
        self._over = threading.Event()
        threading.Thread(target=self._watch, name="media", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._seat.wake()

    def _watch(self) -> None:
        known: tuple[Medium, ...] | None = None
        try:
            while not self._over.is_set():
                there = self._seat.look()
                # Those that stay keep their order, so that the last one is the one that came.
                now = (*(one for one in known or () if one in there), *(one for one in there if one not in (known or ())))
                if now != known and not self._over.is_set():
                    known = now
                    self._told(now)
                self._seat.wait()
        except OSError:
            # A table that cannot be read tells of nothing any more; folders are still chosen by hand.
            pass
        finally:
            self._seat.close()


def watching(told: Callable[[tuple[Medium, ...]], None]) -> MediaWatch:
    """Watch this computer's media; fulfils :class:`app.services.ports.media.MediaWatching`."""
    try:
        return Watch(_seat(), told)
    except OSError:
        return no_media(told)


def _seat() -> Seat:
    if sys.platform == "win32":
        return Windows()
    if sys.platform == "darwin":
        return Mac()
    return Linux()


def _plain(escaped: str) -> str:
    """Return a path of the table as it is: blanks and the like stand there as octal numbers of their bytes."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), escaped)
