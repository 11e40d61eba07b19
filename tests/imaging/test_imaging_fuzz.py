"""Whatever the bytes, pages or one sentence come out: never another exception."""

import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imaging_kit import Taker, drawn, opened, pdf, saved
from PIL import Image

from app.core.errors import RefusedFileError

_exif = Image.Exif()
_exif[0x0112] = 6
SOUND = [
    (saved(drawn(90, 60), exif=_exif), "a.jpg"),
    (saved(drawn(90, 60), progressive=True, comment=b"x"), "a.jpg"),
    (saved(drawn(90, 60, "CMYK")), "a.jpg"),
    (saved(drawn(90, 60), "PNG"), "a.png"),
    (saved(drawn(90, 60, "P"), "PNG", transparency=1), "a.png"),
    (saved(drawn(90, 60, "RGBA"), "PNG", exif=_exif), "a.png"),
    (pdf(1, (60, 40)), "a.pdf"),
]
LONG = os.environ.get("CHUANGKOU_DRILL") == "long"
STARTS = (
    b"",
    b"\xff\xd8\xff",
    b"\xff\xd8\xff\xe1\x00\x20Exif\0\0",
    b"\x89PNG\r\n\x1a\n",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"%PDF-1.4\n",
)


def outcome_is_pages_or_a_sentence(data, name):
    try:
        pages = Taker()(data, name, max_bytes=50_000)
    except RefusedFileError:
        return
    assert pages
    for page in pages:
        assert opened(page.data).size == (page.width, page.height)
        assert opened(page.thumbnail).height <= 248
        assert len(page.data) <= 50_000


@settings(max_examples=2500 if LONG else 60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SOUND), st.integers(0, 2**32), st.integers(1, 12), st.booleans())
def test_flipped_bytes(file, seed, flips, cut):
    data, name = bytearray(file[0]), file[1]
    dice = random.Random(seed)
    for _ in range(flips):
        data[dice.randrange(len(data))] = dice.randrange(256)
    outcome_is_pages_or_a_sentence(bytes(data[: dice.randrange(len(data))] if cut else data), name)


@settings(max_examples=1200 if LONG else 40, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=300), st.text(max_size=12))
def test_any_bytes_under_any_name(start, rest, name):
    outcome_is_pages_or_a_sentence(start + rest, name)


@settings(max_examples=1000 if LONG else 30, deadline=None)
@given(st.binary(max_size=200))
def test_any_note_of_orientation(tiff):
    plain = saved(drawn(90, 60))
    body = b"Exif\0\0" + tiff
    data = plain[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body + plain[2:]
    (page,) = Taker()(data, "a.jpg")
    assert opened(io.BytesIO(page.data).getvalue()).size in {(90, 60), (60, 90)}


@pytest.mark.drill
def test_damaged_files_of_every_kind_neither_crash_nor_hang_nor_fill_the_memory():
    """In a process of its own, so that a crash is one test's. It ends itself when a file holds it up."""
    pytest.importorskip("resource")
    seed, count = int(os.environ.get("CHUANGKOU_DRILL_SEED", "1")), 4000 if LONG else 40
    here = Path(__file__).resolve()
    paths = os.pathsep.join(map(str, (here.parents[2], here.parents[1], here.parent)))
    done = subprocess.run(
        (sys.executable, str(here.with_name("fuzz_hand.py")), str(seed), str(count)),
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    came = json.loads(done.stdout)
    print(f"seed {seed}: {came}")  # noqa: T201 - the figures are the point
    assert came["files"] == count
    assert came["peak_mb"] < 1024
    if LONG:
        assert came["slowest_s"] < 5
    assert came["drawing_mb"] < 1024
