"""A driver may crash, hang, print or be killed: it costs one sentence, the pages that came are kept, and nothing is left behind."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import frames
from app.adapters.devices.driver import BROKEN, HUNG
from app.adapters.devices.process import DriverClient
from app.adapters.devices.scanners import Devices
from app.core.errors import DeviceError
from app.services.ports import Scanner, ScanWish

HERE = Path(__file__).parent
RUN = [sys.executable, str(HERE / "drill_worker.py")]
LIMIT = 60


def gone(pid):
    """Whether a process is gone; one that ended and waits to be collected by init counts."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def until(condition):
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client = DriverClient("drill", run=RUN)
    yield client
    client.close()
    assert not list(tmp_path.iterdir())
    assert not [thread for thread in threading.enumerate() if thread.name == "device"]


def scanned(client, id_, cancelled=lambda: False):
    """What came, and the sentence with which it ended."""
    pages = []
    try:
        client.scan(id_, ScanWish(), pages.append, cancelled)
    except DeviceError as problem:
        return pages, problem.sentence
    return pages, ""


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()), st.binary(max_size=300), st.data())
def test_a_message_comes_as_it_went_and_half_of_one_is_told(message, blob, data):
    pipe = io.BytesIO()
    frames.write(pipe, message, blob)
    whole = pipe.getvalue()
    assert frames.read(io.BytesIO(whole)) == (message, blob)
    cut = data.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(frames.FrameError):
        frames.read(io.BytesIO(whole[:cut]))


@given(st.binary(min_size=1, max_size=200))
def test_noise_is_no_message(noise):
    with suppress(frames.FrameError):
        message, _ = frames.read(io.BytesIO(noise))
        assert isinstance(message, dict)


def test_pages_come_one_by_one_and_the_process_serves_again(client):
    assert scanned(client, "good") == ([b"one", b"two"], "")
    first = client._process
    assert [scanner.id for scanner in client.found()] == ["good"]
    assert client.abilities("good").dpis == (200,)
    assert client._process is first


def test_what_a_library_prints_is_in_nobodys_way(client):
    assert client.pressed("good")
    assert scanned(client, "good") == ([b"one", b"two"], "")


def test_a_sentence_of_the_driver_comes_through(client):
    with pytest.raises(DeviceError, match=r"^这里没有扫描仪$"):
        client.at("10.0.0.1")


@pytest.mark.parametrize("how", ["segfault", "killed", "bug"])
def test_a_crash_is_one_sentence_the_page_before_is_kept_and_the_next_scan_works(client, how):
    assert scanned(client, how) == ([b"one"], f"{BROKEN}。前面 1 页已收好")
    assert scanned(client, "good") == ([b"one", b"two"], "")


def test_a_process_that_dies_on_a_question_is_replaced(client):
    with pytest.raises(DeviceError, match=BROKEN):
        client.abilities("dead")
    assert client.abilities("good").dpis == (200,)


def test_a_process_killed_while_nothing_happens_is_not_noticed_by_anybody(client):
    client.found()
    process = client._process._process
    process.kill()
    process.wait()
    assert scanned(client, "good") == ([b"one", b"two"], "")


def test_silence_is_a_hang(client):
    client.found()  # its start counts as silence, and may take long on a busy machine
    client._silence = 0.5
    assert scanned(client, "deaf") == ([b"one"], f"{HUNG}。前面 1 页已收好")
    assert client._process is None


def test_alive_without_a_page_is_a_hang_too(client):
    client.found()
    client._patience = 0.5
    assert scanned(client, "alive") == ([b"one"], f"{HUNG}。前面 1 页已收好")


def test_what_a_hung_driver_started_goes_with_it(client):
    client.found()
    client._silence = 0.5
    pages, _ = scanned(client, "child")
    until(lambda: gone(int(pages[1])))


def test_a_driver_that_obeys_a_cancel_lives_on(client):
    cancel = threading.Event()
    pages = []

    def page(data):
        pages.append(data)
        cancel.set()

    client.scan("obedient", ScanWish(), page, cancel.is_set)
    assert pages == [b"one"]
    assert client._process.alive


@pytest.mark.parametrize("how", ["deaf", "alive"])
def test_a_driver_that_ignores_a_cancel_is_ended(client, how):
    cancel = threading.Event()
    pages = []

    def page(data):
        pages.append(data)
        cancel.set()

    client.scan(how, ScanWish(), page, cancel.is_set)
    assert (pages, client._process) == ([b"one"], None)


def test_the_process_ends_when_the_program_is_killed(tmp_path):
    """Also in the middle of a driver that hangs, with what that started; and the folder goes."""
    script = f"""
import sys, json
from app.adapters.devices.process import DriverClient
from app.services.ports import ScanWish
client = DriverClient("drill", run={RUN!r})
def page(data):
    if data != b"one":
        print(json.dumps([client._process._process.pid, int(data), client._process._folder]), flush=True)
client.scan("child", ScanWish(), page)
"""
    program = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}, cwd=HERE.parents[1]
    )
    worker, child, folder = json.loads(program.stdout.readline())
    program.send_signal(signal.SIGKILL)
    program.wait()
    program.stdout.close()
    until(lambda: gone(worker) and gone(child) and not Path(folder).exists())


def test_a_hung_driver_costs_none_of_the_others():
    broken = DriverClient("escl", run=[sys.executable, "-c", "raise SystemExit(1)"])
    missing = DriverClient("wia", run=["/nowhere/at/all"])
    good = DriverClient("drill", run=RUN)
    devices = Devices([broken, missing, good])
    try:
        assert devices.found() == (Scanner("good", "drill", "Drill"),)
        assert devices.abilities(Scanner("good", "drill", "Drill")).dpis == (200,)
        with pytest.raises(DeviceError):
            devices.abilities(Scanner("x", "twain", "from another computer"))
        with pytest.raises(DeviceError):
            devices.at("10.0.0.1")
    finally:
        devices.close()


def test_a_button_is_not_asked_for_while_the_driver_scans(client):
    asked = []
    client.scan("good", ScanWish(), lambda _: asked.append((client.pressed("good"), tuple(client.found()))))
    assert asked == [(False, ()), (False, ())]
