"""Whether Qt can start here, asked before Qt is imported: a missing library or a dead display aborts the process inside Qt.

Standard library only, since this also runs before anything is installed. Nothing here imports Qt or changes the environment.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# soname → Debian package. From the NEEDED entries of the libraries and platform plugins in PySide6-Essentials 6.11,
# less what the wheel brings itself and what every Debian has (libc6, libgcc-s1, libstdc++6).
QT_LIBRARIES: Mapping[str, str] = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libbrotlidec.so.1": "libbrotli1",
    "libbrotlicommon.so.1": "libbrotli1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
XCB_LIBRARIES: Mapping[str, str] = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_LIBRARIES: Mapping[str, str] = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
_LOADER_CACHE = Path("/etc/ld.so.cache")
_WINDOWLESS = frozenset({"offscreen", "minimal"})


@dataclass(frozen=True, slots=True)
class Missing:
    """A shared library that is not here, and the Debian package that brings it."""

    library: str
    package: str

    @property
    def sentence(self) -> str:
        """What is missing and the command that brings it, in Chinese. Several at once: :func:`sentence`."""
        return sentence((self,))


@dataclass(frozen=True, slots=True)
class Choice:
    """How Qt should start.

    ``platform`` is the value to give ``QT_QPA_PLATFORM``, whatever stood there before; empty where Qt knows best (Windows, macOS).
    ``window``: a person will see the windows; otherwise there is no display, or none was asked for.
    ``problem`` is one Chinese sentence with the way out when system libraries stand between a person and the window, or when Qt
    cannot start at all: then say it and stop, without importing Qt. ``missing`` are those libraries.
    """

    platform: str
    window: bool
    problem: str = ""
    missing: tuple[Missing, ...] = ()


def missing_libraries(platform: str = "xcb") -> list[Missing]:
    """Return what the loader does not find of the libraries that Qt needs on ``offscreen``, ``xcb`` or ``wayland``.

    Empty on Windows and macOS, where the wheel brings all.
    """
    if not sys.platform.startswith("linux"):
        return []
    special = {"xcb": XCB_LIBRARIES, "wayland": WAYLAND_LIBRARIES}.get(platform, {})
    return _missing({**QT_LIBRARIES, **special})


def packages(missing: Sequence[Missing]) -> tuple[str, ...]:
    """Return the Debian packages that bring these, each once, in order."""
    return tuple(dict.fromkeys(one.package for one in missing))


def sentence(missing: Sequence[Missing]) -> str:
    """Return what is missing and the command that brings it, in Chinese; empty when nothing is missing."""
    if not missing:
        return ""
    names = packages(missing)
    return f"缺少系统库 {'、'.join(names)}。运行：sudo apt-get install {' '.join(names)}"


def display_available(environ: Mapping[str, str] | None = None) -> bool:
    """Return whether a display server answers and lets us in. A set but dead ``DISPLAY`` is no display."""
    env = os.environ if environ is None else environ
    return _wayland_answers(env) or _x_answers(env)


def choose_platform(environ: Mapping[str, str] | None = None) -> Choice:
    """Return how Qt can start here without aborting.

    ``QT_QPA_PLATFORM`` is honoured where it names a platform that works. Wayland is preferred in a Wayland session, as Qt does.
    """
    env = os.environ if environ is None else environ
    if not sys.platform.startswith("linux"):
        return Choice("", window=True)
    if missing_libraries("offscreen"):
        # Those for windows too: who installs should have to do it only once.
        return _lacking(missing_libraries("xcb"), "")
    asked = env.get("QT_QPA_PLATFORM", "").split(";")[0]
    if asked.split(":")[0] in _WINDOWLESS:
        return Choice(asked, window=False)
    return _choose_window(env, asked.split(":")[0])


def _choose_window(env: Mapping[str, str], asked: str) -> Choice:
    on_wayland, on_x = _wayland_answers(env), _x_answers(env)
    wayland = on_wayland and not _missing(WAYLAND_LIBRARIES)
    xcb = on_x and not _missing(XCB_LIBRARIES)
    wayland_first = asked != "xcb" and (asked == "wayland" or env.get("XDG_SESSION_TYPE") != "x11")
    if wayland and (wayland_first or not xcb):
        return Choice("wayland", window=True)
    if xcb:
        return Choice("xcb", window=True)
    if on_x:
        return _lacking(_missing(XCB_LIBRARIES), "offscreen")
    if on_wayland:
        return _lacking(_missing(WAYLAND_LIBRARIES), "offscreen")
    return Choice("offscreen", window=False)


def _lacking(missing: Sequence[Missing], platform: str) -> Choice:
    return Choice(platform, window=False, problem=sentence(missing), missing=tuple(missing))


def _missing(libraries: Mapping[str, str]) -> list[Missing]:
    cached = _cached_libraries()
    return [Missing(name, package) for name, package in libraries.items() if name not in cached and not _loads(name)]


def _cached_libraries() -> set[str]:
    """Return the sonames of ours that the loader's cache names and whose file is there and built for this machine.

    Reading the cache takes well under a millisecond; ctypes and dlopen take ten.
    """
    try:
        cache = _LOADER_CACHE.read_bytes()
        own = _machine(sys.executable)
    except OSError:
        return set()
    found = set()
    for soname in (*QT_LIBRARIES, *XCB_LIBRARIES, *WAYLAND_LIBRARIES):
        tail = b"/" + soname.encode() + b"\0"
        at = cache.find(tail)
        while at >= 0:
            path = cache[cache.rfind(b"\0", 0, at) + 1 : at + len(tail) - 1]
            with suppress(OSError):
                if _machine(os.fsdecode(path)) == own:
                    found.add(soname)
                    break
            at = cache.find(tail, at + 1)
    return found


def _machine(path: str) -> bytes:
    """Return the ELF header's class, byte order and machine: a 32-bit library beside a 64-bit one is not the one we need."""
    with open(path, "rb") as file:  # noqa: PTH123 - a third of the time of pathlib, thirty times
        head = file.read(20)
    return head[4:6] + head[18:20]


def _loads(soname: str) -> bool:
    """Ask the loader itself: ``LD_LIBRARY_PATH`` and systems without a cache."""
    import ctypes  # noqa: PLC0415 - 5 ms, needed only when something seems to be missing

    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _wayland_answers(env: Mapping[str, str]) -> bool:
    if not env.get("WAYLAND_DISPLAY"):
        return False
    from app.adapters import display  # noqa: PLC0415 - sockets only where there is something to ask

    return display.wayland_answers(env)


def _x_answers(env: Mapping[str, str]) -> bool:
    if not env.get("DISPLAY"):
        return False
    from app.adapters import display  # noqa: PLC0415

    return display.x_answers(env)
