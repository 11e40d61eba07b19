"""A stack over eSCL against the floor: the same bytes fetched from the same scanner by bare http.client, in the same run.

The driver looks at each page before it hands it over (decoded at an eighth), asks for the status, and watches for a cancel meanwhile.
"""

from __future__ import annotations

import http.client
import io
import random
import time
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image, ImageFilter

from app.adapters.devices.escl import Escl
from app.adapters.devices.escl_jpeg import whole
from app.services.ports import Feed, ScanWish

PAGES, ROUNDS = 10, 7


def a4_300() -> bytes:
    """A noisy colour page of the size that scanners send at 300 dpi (about 1.5 MB)."""
    noise = Image.frombytes("RGB", (620, 877), random.Random(5).randbytes(620 * 877 * 3)).filter(ImageFilter.GaussianBlur(1.2))
    out = io.BytesIO()
    noise.resize((2480, 3508), Image.Resampling.BICUBIC).save(out, "JPEG", quality=88, dpi=(300, 300))
    return out.getvalue()


def bare(scanner, body: bytes) -> int:
    """POST the same job and fetch every page over one connection, looking at nothing."""
    line = http.client.HTTPConnection("127.0.0.1", scanner.port)
    line.request("POST", "/eSCL/ScanJobs", body)
    answer = line.getresponse()
    answer.read()
    path = urlsplit(answer.headers["Location"]).path
    held = 0
    while True:
        line.request("GET", f"{path}/NextDocument")
        answer = line.getresponse()
        data = answer.read()
        if answer.status != 200:
            line.close()
            return held
        held += len(data)


def test_a_scanned_stack_is_near_the_bare_transfer(benchmark, record_property, monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "devices")
    from escl_emulator import Emulator

    page = a4_300()
    with Emulator([page]) as scanner:
        driver = Escl(search=lambda *_: [])
        id_ = driver.at(scanner.url).id
        got: list[bytes] = []
        driver.scan(id_, ScanWish(Feed.FEEDER, 300), got.append, lambda: False)
        body = scanner.settings[-1].encode()
        mine, floor = [], []
        for _ in range(ROUNDS):
            scanner.load([page] * PAGES)
            begun = time.perf_counter()
            driver.scan(id_, ScanWish(Feed.FEEDER, 300), lambda _: None, lambda: False)
            mine.append(time.perf_counter() - begun)
            scanner.load([page] * PAGES)
            begun = time.perf_counter()
            assert bare(scanner, body) == PAGES * len(page)
            floor.append(time.perf_counter() - begun)
        scanner.load([page])
        benchmark.pedantic(lambda: driver.scan(id_, ScanWish(Feed.FEEDER, 300), lambda _: None, lambda: False), rounds=1)
    each, raw = min(mine) / PAGES * 1000, min(floor) / PAGES * 1000
    looks = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        assert whole(page)
        looks.append((time.perf_counter() - begun) * 1000)
    record_property("page_ms", each)
    record_property("floor_ms", raw)
    record_property("ratio", each / raw)
    record_property("look_ms", min(looks))
    print(  # noqa: T201
        f"\n{len(page) / 1e6:.2f} MB a page: {each:.1f} ms, bare {raw:.1f} ms, of it looking whether it is whole {min(looks):.1f} ms"
    )
    assert got == [page]
