"""Large stores are made once for a run, under its temporary folder, and looked at by every bench that wants one."""

import os
import time
from pathlib import Path

import big_store
import pytest

SIZES = [
    100_000,
    pytest.param(
        1_000_000,
        marks=pytest.mark.skipif(
            os.environ.get("CHUANGKOU_BENCH") != "long", reason="takes minutes to fill: CHUANGKOU_BENCH=long"
        ),
    ),
]


@pytest.fixture(scope="session", params=SIZES, ids=lambda count: f"{count:_}")
def big(request, tmp_path_factory):
    """A counter after years of work, shut; one that was made before is taken from ``CHUANGKOU_BENCH_STORES/<count>/data``."""
    kept = Path(os.environ.get("CHUANGKOU_BENCH_STORES", os.devnull)) / str(request.param) / "data"
    if kept.is_dir():
        return big_store.Big(kept, request.param, 0.0)
    folder, begun = tmp_path_factory.mktemp("big") / "data", time.perf_counter()
    big_store.make(folder, request.param)
    made = big_store.Big(folder, request.param, time.perf_counter() - begun)
    print(f"{made.count} applications made in {made.seconds:.0f} s")  # noqa: T201 - the figure is the point
    return made
