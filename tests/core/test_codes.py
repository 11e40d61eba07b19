import pytest

from app.core.application import State
from app.core.codes import GRADES, NATIONS, QUEUES, SEX, STATES, grade_code, level_two_or_above
from app.services.ports import Queue


def test_there_are_fifty_six_nations_and_two_additions():
    assert [NATIONS[code] for code in ("01", "07", "15", "56", "66", "99")] == [
        "汉族",
        "彝族",
        "土家族",
        "基诺族",
        "外籍人士",
        "未说明",
    ]
    assert list(NATIONS)[:56] == [f"{at:02}" for at in range(1, 57)]
    assert len(set(NATIONS.values())) == len(NATIONS) == 58


@pytest.mark.parametrize("text", ["01", "07", "三级甲等", "三甲", "二级丙等", "二级", "三级", " 二甲 ", "三级特等"])
def test_level_two_or_above(text):
    assert level_two_or_above(text)


@pytest.mark.parametrize("text", ["08", "11", "一级甲等", "一甲", "无等级", "", "一级", "四甲"])
def test_below_level_two(text):
    assert not level_two_or_above(text)


def test_a_grade_is_found_by_code_name_or_short_name():
    assert [grade_code(text) for text in ("03", "三级乙等", "三乙", "特级")] == ["03", "03", "03", ""]
    assert len(GRADES) == 11


def test_every_state_and_queue_has_its_word():
    assert set(STATES) == {str(state) for state in State}
    assert set(QUEUES) == {str(queue) for queue in Queue}
    assert SEX == {"1": "男", "2": "女"}
