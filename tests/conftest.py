"""What holds for every test: no display, no store of a real counter, the same examples everywhere."""

import contextlib
import gc
import importlib
import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from app.main import import_plainly
from app.ui import lean

# Before Qt is imported by anyone. A developer who wants to see the windows sets the variable.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for name in ("QT_SCALE_FACTOR", "QT_FONT_DPI", "QT_SCREEN_SCALE_FACTORS", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME"):
    os.environ.pop(name, None)

# As the program loads Qt. PySide's hook on `import` reads and keeps the source of every module that anybody imports.
lean.load()
import PySide6.QtCore  # noqa: E402, F401 - the hook is there from now on

import_plainly()

# Nobody listens: a window that looks for a voice starts no speech service, which would list voices for seconds and outlive the test.
os.environ["SPEECHD_CMD"] = "/bin/false"

# Four workers and their children load the same files: rewriting and compiling them anew each time costs half a minute.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Eight processes on two cores are slow without being wrong.
settings.register_profile(
    "house",
    deadline=None,
    max_examples=20,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("long", settings.get_profile("house"), max_examples=500)
# As it comes, the first text of a fresh clone encodes each of 1.1 million characters, for three seconds in each worker, to find the same ones.
_plain_text, _writable = st.text, st.characters(exclude_categories=["Cs"])
st.text = lambda alphabet=_writable, **sizes: _plain_text(alphabet, **sizes)

settings.load_profile("long" if os.environ.get("CHUANGKOU_DRILL") == "long" else "house")


def pytest_configure(config) -> None:
    """Of all the files each worker rewrites a share first: in step, every one of them would rewrite every file."""
    me = getattr(config, "workerinput", None)
    if me is None or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    files = sorted(Path(__file__).parent.rglob("test_*.py"))
    for path in files[int(me["workerid"].removeprefix("gw")) :: me["workercount"]]:
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        with contextlib.suppress(Exception, pytest.skip.Exception):  # the collection says what is wrong with it
            importlib.import_module(path.stem)


def pytest_collection_modifyitems(items) -> None:
    """What takes longest comes first, however few tests it is, then windows, and values last: at the end nobody waits for one file."""
    long = {one.path for one in items if one.get_closest_marker("drill") or one.get_closest_marker("wheel")}

    def when(one) -> int:
        folder = one.path.parent.name
        if one.path in long or folder == "main":
            return 0
        return 1 if folder in {"ui", "applicant", "printing"} else 3 if folder in {"core", "regions", "services"} else 2

    items.sort(key=when)


def pytest_collection_finish() -> None:
    """A quarter of a million objects are made until here, and none of them becomes rubbish: only what tests make is looked through."""
    gc.freeze()


# As in the program (app/ui/rubbish.py): collected on a lane's thread, a widget of an earlier test would end the process.
gc.disable()
_WHOLE_EVERY = 200


@pytest.fixture(autouse=True)
def _rubbish(request):
    """Collect between two tests, on this thread: what is young each time, everything now and then. Thrown-away widgets go first.

    Without a loop they would stay for the loop of a later test, thousands of them, and hold its window.
    """
    yield
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    done = request.config.stash.get(_DONE, 0) + 1
    request.config.stash[_DONE] = done
    gc.collect(1 if done % _WHOLE_EVERY else 2)


_DONE = pytest.StashKey[int]()


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: many tests wait for a server, a scanner or a process, and leave theirs idle meanwhile."""
    return (os.cpu_count() or 1) + 2


@pytest.fixture(autouse=True, scope="session")
def _own_home():
    """Whoever forgets --data-dir writes into a folder that goes away, never into this user's store."""
    with tempfile.TemporaryDirectory(prefix="chuangkou-test-") as folder, pytest.MonkeyPatch.context() as patch:
        for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.setenv(variable, folder)
        yield Path(folder)


# What holds the GUI thread too long fails its test, unless the variable is 0, and is only recorded where CHUANGKOU_HOLDS names a file.
_WATCHED = os.environ.get("CHUANGKOU_WATCHDOG", "1") == "1" or bool(os.environ.get("CHUANGKOU_HOLDS"))


@pytest.fixture(scope="session")
def holds(request):
    """Return what holds the GUI thread of this process longer than 50 ms (app/ui/watchdog.py)."""
    request.getfixturevalue("qapp")
    if _HOLDS not in request.config.stash:
        from holds_kit import Holds

        request.config.stash[_HOLDS] = Holds()
    return request.config.stash[_HOLDS]


@pytest.fixture(scope="session")
def qapp(qapp, pytestconfig):
    """Every test of windows is watched; benches measure without."""
    if _WATCHED and not pytestconfig.getoption("benchmark_only"):
        from holds_kit import Holds

        pytestconfig.stash[_HOLDS] = Holds()
    return qapp


_HOLDS = pytest.StashKey["Holds"]()


def _judged(item):
    """Fail the test in whose set-up, call or teardown the GUI thread was held too long. What it raised itself comes first."""
    result = yield
    if _WATCHED and (holds := item.config.stash.get(_HOLDS, None)):
        holds.judge(item.nodeid)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    return (yield from _judged(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    return (yield from _judged(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    return (yield from _judged(item))


def pytest_terminal_summary(terminalreporter) -> None:
    """Where holds are recorded instead of failed, tell who held."""
    if os.environ.get("CHUANGKOU_HOLDS"):
        from holds_kit import table

        for line in table():
            terminalreporter.write_line(line)
