"""The process that reads may hang, die, talk rubbish or be killed: it costs one sentence, never the program; and it asks no network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import degrade_kit as kit
import numpy as np
import pytest

from app.adapters.recognition import client as reader
from app.adapters.recognition import models
from app.adapters.recognition.client import ABSENT, BROKEN, HUNG, UNREADABLE, RecogniserClient
from app.core.errors import DeviceError
from app.core.readings import Line

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RUN = (sys.executable, str(HERE / "fake_reader.py"))
LIMIT = 60


def never():
    return False


def gone(pid):
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
    client = RecogniserClient(RUN, patience=LIMIT)
    yield client
    client.close()
    until(lambda: not list(tmp_path.iterdir()))
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "reading"])


def pid(client):
    return int(client.lines(b"echo", 0, never)[0].text.split()[0])


def sentence(client, picture):
    with pytest.raises(DeviceError) as told:
        client.lines(picture, 0, never)
    return told.value.sentence


def test_one_process_reads_page_after_page_as_it_was_asked(client):
    client.warm()
    first = client.lines(b"echo " + bytes(3_000_000), 90, never, seal=True)
    process = first[0].text.split()[0]
    assert first == (Line(f"{process} 3000000 90 True", 0.5, (0.1, 0.2, 0.3, 0.4), (0.25,)),)
    assert pid(client) == int(process) != os.getpid()


@pytest.mark.parametrize(("picture", "told"), [(b"die", BROKEN), (b"raise", BROKEN), (b"garbage", BROKEN)])
def test_what_ends_the_process_is_one_sentence_and_the_next_page_is_read_by_another(client, picture, told):
    before = pid(client)
    assert sentence(client, picture) == told
    assert pid(client) != before
    until(lambda: gone(before))


def test_a_process_that_hangs_is_killed_even_when_it_takes_nothing_more_from_its_pipe(client):
    before = pid(client)
    client._patience = 0.3
    assert sentence(client, b"hang") == HUNG
    until(lambda: gone(before))
    client._patience = LIMIT
    before = pid(client)
    os.kill(before, signal.SIGSTOP)
    client._patience = 0.3
    assert sentence(client, b"echo " + bytes(5_000_000)) == HUNG
    until(lambda: gone(before))
    client._patience = LIMIT
    assert pid(client) != before


def test_a_picture_that_cannot_be_decoded_costs_no_process(client):
    before = pid(client)
    assert sentence(client, b"unreadable") == UNREADABLE
    assert pid(client) == before


def test_a_cancel_is_answered_at_once_and_the_late_answer_belongs_to_nobody(client):
    before = pid(client)
    asked = threading.Event()

    def cancelled():
        return asked.is_set() or (asked.set() or False)  # the second time it is asked

    assert client.lines(b"wait", 0, cancelled) == ()
    # The same process, and its answer is to this question.
    assert client.lines(b"echo 12345", 180, never)[0].text == f"{before} 5 180 False"


def test_a_page_waiting_for_its_turn_can_be_cancelled_and_closing_lets_everybody_go(client):
    process = pid(client)
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(client.lines(b"wait", 0, never)))
    waiting.start()
    until(client._one.locked)
    assert client.lines(b"echo", 0, lambda: True) == ()
    client.close()
    waiting.join(LIMIT)
    assert answers == [()]
    assert gone(process)
    assert client.lines(b"echo", 0, never) == ()


def test_a_killed_process_is_replaced(client):
    before = pid(client)
    os.kill(before, signal.SIGKILL)
    until(lambda: not client._child.alive)
    assert pid(client) != before


def test_a_process_without_work_gives_its_memory_back(client, monkeypatch):
    monkeypatch.setenv("FAKE_IDLE", "1")
    client.warm()
    until(lambda: not client._child.alive)
    before = client._child.pid
    monkeypatch.setenv("FAKE_IDLE", "600")
    assert pid(client) != before


def test_where_it_is_not_installed_that_is_said_and_nothing_is_started(monkeypatch):
    monkeypatch.setattr(reader, "folder", lambda: None)
    client = RecogniserClient()
    client.warm()
    assert client.why_not() == ABSENT
    assert sentence(client, b"") == ABSENT
    assert client._child is None
    monkeypatch.setattr(models, "find_spec", lambda name: None)
    assert models.folder() is None


def test_the_program_itself_loads_none_of_it():
    code = "import sys, app.adapters.recognition, app.services.recognition; print(sorted({n.partition('.')[0] for n in sys.modules}))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=True)
    assert not {"rapidocr", "onnxruntime", "numpy", "cv2", "PIL"} & set(eval(told.stdout))


def _cut_off():
    """A prefix under which a program has no network at all, not even its own; nothing where this computer does not allow it."""
    prefix = ("unshare", "--net", "--map-root-user")
    if shutil.which("unshare") is None or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        return ()
    return prefix


def test_the_real_engine_reads_a_card_and_a_stamped_paper_with_the_network_cut():
    client = RecogniserClient((*_cut_off(), *reader.command()), patience=LIMIT * 4, start=LIMIT * 4)
    try:
        card = client.lines(_part("id-front.jpg", np.s_[:], 0, 0.7), 0, never)
        texts = [line.text for line in card]
        assert {"620902190001019991", "1900年1月1日"} <= set(texts)
        assert all(len(line.chars) == len(line.text) and 0 <= min(line.box) <= max(line.box) <= 1 for line in card)
        # The date stands under the stamp; the page lies on its side.
        paper = client.lines(_part("diagnosis.jpg", np.s_[1500:1900, 700:1500], 1, 1), 270, never, seal=True)
        assert any("2026年10月28日" in line.text for line in paper)
        assert not any("专用" in line.text for line in paper)
        assert sentence(client, b"no picture") == UNREADABLE
    finally:
        client.close()


def _part(name, part, quarters, share):
    """A part of a specimen, turned clockwise and made smaller: the less there is to read, the sooner the test is over."""
    return kit.jpeg(np.ascontiguousarray(np.rot90(kit.smaller(kit.paper(f"gansu-jiuquan/{name}")[part], share), -quarters)))
