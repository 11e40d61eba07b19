"""What is asked of the machine before Qt is imported."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from app import preflight
from app.adapters import display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems' wheels bring all libraries")

TOP = Path(__file__).resolve().parents[2]
GONE = {"libno-such-thing.so.7": "libno-such-thing7"}


@pytest.fixture
def answering(tmp_path):
    """A local socket that takes a connection, keeps what it was told and gives the answer it was made with."""
    lines = []

    def serve(name, answer=b""):
        heard = []
        line = socket.socket(socket.AF_UNIX)
        line.bind(name if isinstance(name, bytes) else str(name))
        line.listen()
        lines.append(line)

        def talk():
            try:
                while True:
                    caller, _ = line.accept()
                    with caller:
                        if answer:
                            heard.append(caller.recv(4096))
                            caller.sendall(answer)
            except OSError:
                return

        threading.Thread(target=talk, daemon=True).start()
        return heard

    yield serve
    for line in lines:
        line.shutdown(socket.SHUT_RDWR)
        line.close()


@pytest.fixture
def x_server(answering, monkeypatch):
    """A stand-in X server on display :7 of a private folder; short, since a socket's path has 108 bytes at most."""
    folder = Path(tempfile.mkdtemp(prefix="x"))
    monkeypatch.setattr(display, "_X_UNIX", f"{folder}/X")
    yield lambda answer: answering(folder / "X7", answer)
    shutil.rmtree(folder)


def xauth(path, *entries):
    def field(value):
        return len(value).to_bytes(2, "big") + value

    path.write_bytes(b"".join(family.to_bytes(2, "big") + b"".join(map(field, rest)) for family, *rest in entries))
    return {"XAUTHORITY": str(path)}


def test_the_libraries_of_this_machine_are_found_by_the_cache_as_by_the_loader():
    every = {**preflight.QT_LIBRARIES, **preflight.XCB_LIBRARIES, **preflight.WAYLAND_LIBRARIES}
    loader = {name for name in every if preflight._loads(name)}
    assert preflight._cached_libraries() <= loader
    assert {one.library for one in preflight._missing(every)} == set(every) - loader


def test_without_a_loader_cache_the_loader_is_asked(monkeypatch, tmp_path):
    monkeypatch.setattr(preflight, "_LOADER_CACHE", tmp_path / "none")
    assert preflight._missing({"libc.so.6": "libc6", **GONE}) == [
        preflight.Missing("libno-such-thing.so.7", "libno-such-thing7")
    ]


def test_a_library_of_another_machine_does_not_count(monkeypatch, tmp_path):
    foreign = tmp_path / "libxcb-cursor.so.0"
    foreign.write_bytes(b"\x7fELF\x01\x01" + b"\0" * 12 + b"\x03\x00")
    cache = tmp_path / "cache"
    cache.write_bytes(b"\0" + os.fsencode(foreign) + b"\0")
    monkeypatch.setattr(preflight, "_LOADER_CACHE", cache)
    assert preflight._cached_libraries() == set()


def test_a_file_the_cache_still_names_but_that_is_gone_does_not_count(monkeypatch, tmp_path):
    cache = tmp_path / "cache"
    cache.write_bytes(b"\0/nowhere/libxcb-cursor.so.0\0")
    monkeypatch.setattr(preflight, "_LOADER_CACHE", cache)
    assert preflight._cached_libraries() == set()


def test_missing_libraries_are_named_with_the_command_that_brings_them():
    gone = [preflight.Missing("libxcb-cursor.so.0", "libxcb-cursor0")]
    assert preflight.sentence(gone) == "缺少系统库 libxcb-cursor0。运行：sudo apt-get install libxcb-cursor0"


def test_a_package_with_two_missing_libraries_is_named_once():
    gone = [preflight.Missing("libglib-2.0.so.0", "libglib2.0-0"), preflight.Missing("libgthread-2.0.so.0", "libglib2.0-0")]
    assert preflight.sentence(gone).count("libglib2.0-0") == 2
    assert gone[1].sentence == "缺少系统库 libglib2.0-0。运行：sudo apt-get install libglib2.0-0"
    assert preflight.packages(gone) == ("libglib2.0-0",)


def test_a_library_that_qt_cannot_do_without_means_do_not_start(monkeypatch):
    monkeypatch.setattr(preflight, "QT_LIBRARIES", GONE)
    choice = preflight.choose_platform({})
    assert (choice.platform, choice.window) == ("", False)
    assert choice.problem.endswith("sudo apt-get install libno-such-thing7")


@pytest.mark.parametrize("shown", ["", ":4096", ":4096.0", "127.0.0.1:4096", "nonsense", ":", ":x"])
def test_a_display_that_is_not_there_is_no_display(shown):
    choice = preflight.choose_platform({"DISPLAY": shown})
    assert choice == preflight.Choice("offscreen", window=False)


def test_a_display_that_answers_gets_windows(x_server):
    heard = x_server(b"\x01")
    choice = preflight.choose_platform({"DISPLAY": ":7.0"})
    assert choice == preflight.Choice("xcb", window=True)
    assert heard[0] == b"l\0\x0b\0\0\0\0\0\0\0\0\0"


def test_a_display_that_refuses_our_key_is_no_display(x_server):
    x_server(b"\x00")
    assert not preflight.display_available({"DISPLAY": ":7"})


def test_a_display_that_is_silent_is_given_up_after_a_moment(x_server, monkeypatch):
    monkeypatch.setattr(display, "_PATIENCE", 0.1)
    x_server(b"")
    assert not preflight.display_available({"DISPLAY": ":7"})


def test_an_x_display_without_its_libraries_names_them(x_server, monkeypatch):
    x_server(b"\x01")
    monkeypatch.setattr(preflight, "XCB_LIBRARIES", GONE)
    choice = preflight.choose_platform({"DISPLAY": ":7"})
    assert not choice.window
    assert choice.problem == "缺少系统库 libno-such-thing7。运行：sudo apt-get install libno-such-thing7"


def test_the_key_of_this_display_and_host_is_sent(x_server, tmp_path):
    own = socket.gethostname().encode()
    name = b"MIT-MAGIC-COOKIE-1"
    env = xauth(
        tmp_path / "auth",
        (0, b"\x0a\0\0\1", b"7", name, b"remote"),
        (256, own, b"6", name, b"another"),
        (256, b"other", b"7", name, b"other host"),
        (256, own, b"7", name, b"sixteen bytes ok"),
    )
    heard = x_server(b"\x01")
    assert preflight.display_available({"DISPLAY": ":7", **env})
    assert heard[0].endswith(name + b"\0\0" + b"sixteen bytes ok")


def test_a_spoilt_authority_file_is_as_good_as_none(x_server, tmp_path):
    (tmp_path / "auth").write_bytes(b"\x01\x00\xff\xff12")
    heard = x_server(b"\x01")
    assert preflight.display_available({"DISPLAY": ":7", "XAUTHORITY": str(tmp_path / "auth")})
    assert len(heard[0]) == 12


def test_a_wayland_session_gets_wayland_windows(answering, monkeypatch):
    monkeypatch.setattr(preflight, "WAYLAND_LIBRARIES", {"libc.so.6": "libc6"})
    with tempfile.TemporaryDirectory(prefix="w") as folder:
        answering(Path(folder) / "wayland-0")
        env = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": folder}
        assert preflight.choose_platform(env) == preflight.Choice("wayland", window=True)


def test_wayland_without_its_libraries_falls_back_to_x_and_else_names_them(answering, x_server, monkeypatch):
    monkeypatch.setattr(preflight, "WAYLAND_LIBRARIES", GONE)
    with tempfile.TemporaryDirectory(prefix="w") as folder:
        answering(Path(folder) / "wayland-0")
        env = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": folder}
        assert "libno-such-thing7" in preflight.choose_platform(env).problem
        x_server(b"\x01")
        assert preflight.choose_platform({**env, "DISPLAY": ":7"}).platform == "xcb"


def test_who_asks_for_no_window_gets_none(x_server):
    x_server(b"\x01")
    assert preflight.choose_platform({"DISPLAY": ":7", "QT_QPA_PLATFORM": "offscreen"}).platform == "offscreen"


def test_an_unknown_platform_in_the_environment_does_not_reach_qt():
    assert preflight.choose_platform({"QT_QPA_PLATFORM": "nonsense"}).platform == "offscreen"


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="no X server here; the stand-in above speaks the same greeting")
def test_a_real_x_server_is_recognised_and_qt_opens_on_it(tmp_path):
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    try:
        os.close(write)
        with os.fdopen(read) as told:
            shown = f":{told.readline().strip()}"
        choice = preflight.choose_platform({"DISPLAY": shown})
        assert choice == preflight.Choice("xcb", window=True)
        started = subprocess.run(
            [sys.executable, "-c", "from PySide6.QtWidgets import QApplication; print(QApplication([]).platformName())"],
            env={"DISPLAY": shown, "QT_QPA_PLATFORM": choice.platform, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert started.stdout.strip() == "xcb"
    finally:
        server.terminate()
        server.wait()
    assert preflight.choose_platform({"DISPLAY": shown}).platform == "offscreen"


def test_asking_loads_no_qt():
    code = (
        "import sys; import app.preflight as p; p.choose_platform({});print('PySide6' in sys.modules, 'ctypes' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, timeout=60, check=True)
    qt, ctypes = ran.stdout.split()
    assert (qt, ctypes) == ("False", "False") or preflight.missing_libraries()


def test_every_library_qt_names_is_known_here():
    """What the shipped Qt needs of the system is read from its files, so that a new PySide6 cannot need something unasked."""
    readelf = shutil.which("readelf")
    if not readelf:
        pytest.skip("no readelf here")
    import PySide6

    qt = Path(PySide6.__file__).parent / "Qt"
    own = {path.name for path in (qt / "lib").iterdir()}
    debian = {
        "libc.so.6",
        "libm.so.6",
        "libgcc_s.so.1",
        "libstdc++.so.6",
        "libresolv.so.2",
        "ld-linux-x86-64.so.2",
        "ld-linux-aarch64.so.1",
    }
    wanted = {
        **dict.fromkeys(("Core", "Gui", "Widgets", "PrintSupport", "Svg", "Network", "Test", "DBus"), preflight.QT_LIBRARIES),
        "XcbQpa": {**preflight.QT_LIBRARIES, **preflight.XCB_LIBRARIES},
        "WaylandClient": {**preflight.QT_LIBRARIES, **preflight.WAYLAND_LIBRARIES},
    }
    files = {qt / "lib" / f"libQt6{part}.so.6": known for part, known in wanted.items()}
    files[qt / "plugins/platforms/libqxcb.so"] = wanted["XcbQpa"]
    files[qt / "plugins/platforms/libqoffscreen.so"] = preflight.QT_LIBRARIES
    files[qt / "plugins/platforms/libqwayland.so"] = wanted["WaylandClient"]
    for file, known in files.items():
        told = subprocess.run([readelf, "-dW", file], capture_output=True, text=True, check=True).stdout
        needed = {line.split("[")[1].rstrip("] ") for line in told.splitlines() if "(NEEDED)" in line}
        assert needed - own - debian <= set(known), file.name
