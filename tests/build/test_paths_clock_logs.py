"""Where things lie, what time it is, and what the log may hold."""

import datetime as dt
import logging
from pathlib import Path

import pytest

from app.adapters import logs, paths
from app.adapters.clock import DayClock, SystemClock
from app.core.errors import AppError, StoreError


def test_a_checkout_finds_what_lies_beside_the_package():
    top = Path(__file__).resolve().parents[2]
    assert paths.resources() == top / "resources"
    assert paths.forms() == top / "forms"


def test_an_installed_package_takes_its_own_data_before_a_stranger_beside_it(tmp_path):
    (tmp_path / "app/_data/forms").mkdir(parents=True)
    (tmp_path / "forms").mkdir()
    assert paths.shipped("forms", tmp_path / "app") == tmp_path / "app/_data/forms"


def test_an_incomplete_installation_is_told_in_one_sentence(tmp_path):
    with pytest.raises(AppError) as caught:
        paths.shipped("forms", tmp_path / "app")
    assert caught.value.sentence == "程序文件不全：找不到 forms 文件夹。重新安装程序即可，已存的内容不受影响。"


def test_the_store_lies_in_the_users_own_data_folder_and_asking_makes_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert paths.default_data_dir().name == "chuangkou"
    assert list(tmp_path.iterdir()) == []


def test_the_system_clock_is_the_wall_clock_without_a_zone():
    before = dt.datetime.now()
    now = SystemClock().now()
    assert before <= now <= dt.datetime.now()
    assert now.tzinfo is None


def test_the_day_clock_keeps_its_day_and_runs_with_the_time_of_day():
    clock = DayClock(dt.date(2026, 3, 5))
    first, second = clock.now(), clock.now()
    assert first.date() == second.date() == dt.date(2026, 3, 5)
    real = dt.datetime.now()
    apart = abs(dt.datetime.combine(real.date(), second.time()) - real)
    assert min(apart, dt.timedelta(days=1) - apart) < dt.timedelta(seconds=5)


@pytest.fixture
def log(tmp_path):
    path = logs.configure(tmp_path)
    yield path
    logs.close()
    logging.getLogger("app").propagate = True


def test_an_event_is_one_line_with_its_figures_and_place(log):
    logging.getLogger("app.store").info("store.opened", extra={"figures": {"ms": 12, "name": "沈桂兰"}})
    line = log.read_text(encoding="utf-8")
    assert " INFO store.opened ms=12 (test_paths_clock_logs.py:" in line
    assert line.count("\n") == 1


def test_what_a_clerk_typed_never_reaches_the_log(log):
    secrets = ("沈桂兰", "510402195803120025", "13800001234")
    logger = logging.getLogger("app.ui")
    logger.error("could not store %s", secrets[0])
    logger.error(f"saved {secrets[1]}")  # noqa: G004 - just the mistake that must do no harm
    logger.error("form.saved", extra={"figures": {"phone": secrets[2]}})
    try:
        try:
            int(secrets[1] + "X")
        except ValueError as error:
            raise StoreError(f"{secrets[0]} 没存上。", "disk full") from error
    except StoreError:
        logger.exception("draft.unsaved")
    text = log.read_text(encoding="utf-8")
    assert not any(secret in text for secret in secrets)
    assert "app.core.errors.StoreError [disk full]" in text
    assert "builtins.ValueError\n    test_paths_clock_logs.py:" in text
    assert text.count(" ERROR unnamed (") == 2
    assert str(Path.home()) not in text


def test_an_exception_that_names_itself_as_its_cause_ends(log):
    error = ValueError("x")
    error.__cause__ = error
    logging.getLogger("app").error("odd.chain", exc_info=error)
    assert log.read_text(encoding="utf-8").count("ValueError") == 1


def test_a_log_that_cannot_be_written_stops_nobody_and_says_nothing(tmp_path, capfd):
    logs.configure(tmp_path / "missing")
    try:
        logging.getLogger("app").error("form.saved")
    finally:
        logs.close()
        logging.getLogger("app").propagate = True
    assert capfd.readouterr() == ("", "")


def test_opening_again_changes_over(log, tmp_path):
    (tmp_path / "moved").mkdir()
    moved = logs.configure(tmp_path / "moved")
    logging.getLogger("app").info("store.moved")
    assert "store.moved" in moved.read_text(encoding="utf-8")
    assert not log.exists() or "store.moved" not in log.read_text(encoding="utf-8")


def test_the_log_stays_small(log, monkeypatch):
    handler = next(one for one in logging.getLogger("app").handlers if isinstance(one, logs._QuietFile))
    handler.maxBytes = 2_000
    for _ in range(500):
        logging.getLogger("app").info("draft.saved")
    files = list(log.parent.glob("chuangkou.log*"))
    assert len(files) == 5
    assert sum(file.stat().st_size for file in files) < 5 * 2_200
