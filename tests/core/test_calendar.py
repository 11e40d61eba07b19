import subprocess
import sys
from datetime import date

import pytest

from app.adapters.calendar import CalendarError, builtin, load_calendar
from app.core.statutory import named_days
from app.core.workdays import due

SOURCE = 'source = "测试用放假通知"'


def year_file(folder, name="2027.toml", year=2027, holidays=None, workdays=(), extra=SOURCE):
    days = [str(day) for day in (named_days(year) if holidays is None else holidays)]
    text = f"[[year]]\nyear = {year}\nholidays = {days!r}\nworkdays = {list(workdays)!r}\n{extra}\n"
    (folder / name).write_text(text, "utf-8")


def problems(folder):
    with pytest.raises(CalendarError) as caught:
        load_calendar(folder)
    assert caught.value.sentence.startswith("年历文件有")
    return caught.value.problems


def test_the_package_knows_2004_to_2026_and_not_2027():
    calendar = builtin()
    assert (calendar.knows(2004), calendar.knows(2026), calendar.knows(2003)) == (True, True, False)
    assert load_calendar() == calendar


def test_the_package_agrees_with_the_arrangements_of_2025_and_2026():
    calendar = builtin()
    weekends = [day for day in calendar.workdays if day.year in {2025, 2026}]
    said = "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10"
    assert [str(day) for day in sorted(weekends)] == said.split()
    assert sum(day.year == 2025 for day in calendar.holidays) == 28
    assert sum(day.year == 2026 for day in calendar.holidays) == 33


def test_a_missing_folder_changes_nothing(tmp_path):
    assert load_calendar(tmp_path / "none") == builtin()


def test_an_imported_year_makes_the_date_certain(tmp_path):
    year_file(tmp_path, workdays=["2027-02-20"])
    calendar = load_calendar(tmp_path)
    assert calendar.knows(2027)
    assert calendar.is_workday(date(2027, 2, 20))
    assert not calendar.is_workday(date(2027, 2, 8))
    found = due(calendar, date(2026, 12, 4), 20)
    assert (found.day, found.provisional) == (date(2027, 1, 4), False)


def test_native_toml_dates_are_taken_too(tmp_path):
    days = ", ".join(map(str, named_days(2027)))
    (tmp_path / "a.toml").write_text(f"[[year]]\nyear = 2027\nholidays = [{days}]\n{SOURCE}\n", "utf-8")
    assert load_calendar(tmp_path).knows(2027)


def test_a_file_replaces_what_the_package_says_of_its_year(tmp_path):
    year_file(tmp_path, year=2026, workdays=[])
    calendar = load_calendar(tmp_path)
    assert not calendar.is_workday(date(2026, 2, 14))
    assert calendar.is_workday(date(2026, 2, 23))
    assert not calendar.is_workday(date(2025, 10, 8))


def test_new_year_may_reach_back_into_december_whatever_the_files_are_called(tmp_path):
    year_file(tmp_path, "a.toml", 2028, [date(2027, 12, 31), *named_days(2028)], ["2027-12-26"])
    year_file(tmp_path, "b.toml", 2027)
    calendar = load_calendar(tmp_path)
    assert not calendar.is_workday(date(2027, 12, 31))
    assert calendar.is_workday(date(2027, 12, 26))


def test_every_mistake_is_named_with_file_key_and_remedy(tmp_path):
    holidays = [*named_days(2027)[1:], "2027-13-01", "2028-01-01", "2027-10-01"]
    year_file(tmp_path, holidays=holidays, workdays=["2027-02-20", "2027-02-24", "2027-02-06"], extra='sourse = "x"')
    where = "2027.toml：第 1 个 [[year]]"
    assert problems(tmp_path) == (
        f"{where}：sourse：不认识的键，删去或改成 year、holidays、workdays、source",
        f"{where}：source：写明出处，如通知的名称和文号",
        f"{where}：holidays：2027-13-01 不是日期，写成 2027-01-01 的样子",
        f"{where}：holidays：2028-01-01 不在 2027 年，挪到那一年的段里",
        f"{where}：holidays：2027-10-01 写了两遍，留一遍",
        f"{where}：workdays：2027-02-06 在 holidays 里也有，两处留一处",
        f"{where}：workdays：2027-02-24 本来就是周一到周五，只写上班的周末",
        f"{where}：holidays：缺 2027-01-01，这天是法定假日，对照通知补上",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"[[year]\n", "不是 TOML 写法"),
        (b"\xff\xfe", "不是 UTF-8 文字，另存为 UTF-8 再放进来"),
        (b"", "year：没有 [[year]] 段，每年写一段"),
        (b"year = 2027\n", "year：没有 [[year]] 段，每年写一段"),
        (b'[[year]]\nyear = "2027"\n', "year：写四位年份，如 year = 2027"),
        (b"[[year]]\nyear = true\n", "year：写四位年份，如 year = 2027"),
        (b'[[year]]\nyear = 2027\nholidays = "x"\nsource = "x"\n', 'holidays：写成一列日期，如 ["2027-01-01"]'),
        (b'[[year]]\nyear = 2027\nsource = "x"\n', 'holidays：写成一列日期，如 ["2027-01-01"]'),
    ],
)
def test_a_file_that_is_no_calendar_says_why(tmp_path, text, problem):
    (tmp_path / "bad.toml").write_bytes(text)
    found = problems(tmp_path)
    assert found[0].startswith("bad.toml：")
    assert problem in found[0]


def test_one_year_in_two_files_is_a_mistake(tmp_path):
    year_file(tmp_path, "a.toml")
    year_file(tmp_path, "b.toml")
    assert problems(tmp_path) == ("b.toml：year：2027 年在另一个文件里已有，两处留一处",)


def test_a_file_that_cannot_be_read_says_so(tmp_path):
    (tmp_path / "2027.toml").mkdir()
    assert problems(tmp_path) == ("2027.toml：读不出来，看一看文件在不在、能不能打开",)


def test_the_package_is_loaded_only_when_asked():
    script = "import sys, app.adapters.calendar; assert 'chinese_calendar' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
