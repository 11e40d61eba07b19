import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.masks import group_cert, group_phone, mask_cert, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("沈桂兰", "沈*兰"),
        ("何花", "何*"),
        ("何", "何*"),
        ("欧阳修竹", "欧*竹"),
        ("阿卜杜热西提·买买提", "阿*提·买**"),
        ("阿卜杜热西提•买买提·吐尔逊", "阿*提·买**·吐**"),
        ("买提·阿依", "买*·阿**"),
        ("㛃䶮𬭎", "㛃*𬭎"),
        ("葛\U000e0100三郎\U000e0101", "葛*郎"),
        ("John Smith", "J*** S***"),
        ("Li", "L***"),
        ("", ""),
    ],
)
def test_a_name_in_a_list_shows_who_without_saying_it(name, masked):
    assert mask_name(name) == masked


@given(st.text("沈桂兰何花欧阳修竹", min_size=2, max_size=2))
def test_a_name_of_two_never_shows_its_second(name):
    assert mask_name(name) == name[0] + "*"


@given(st.text(max_size=30))
def test_no_masked_name_tells_more_than_its_ends(name):
    for part in mask_name(name).split("·"):
        for word in part.split():
            assert len(word.replace("*", "")) <= 2


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("510402190001019980", "5104 **** 9980"),
        ("51040219000101029X", "5104 **** 029X"),
        ("ABC190001019998", "ABC1 **** 9998"),
        ("E12345678", "E1 **** 78"),
        ("12345", "**** 45"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_a_document_number_in_a_list_shows_its_ends(number, masked):
    assert mask_cert(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("13800001234", "138 **** 1234"), ("0937-2612345", "**** 345"), ("+85212345678", "**** 678"), ("123", "****"), ("", "")],
)
def test_a_telephone_number_in_a_list_shows_its_tail(number, masked):
    assert mask_phone(number) == masked


@given(st.from_regex(r"[0-9A-Z]{1,32}", fullmatch=True))
def test_at_least_as_much_is_hidden_as_shown_of_short_numbers(number):
    shown = len(mask_cert(number).replace("*", "").replace(" ", ""))
    assert shown <= 8
    assert shown <= len(number) // 2 + 1


@pytest.mark.parametrize(
    ("number", "grouped"),
    [
        ("51040219000101029X", "510402 19000101 029X"),
        ("ABC190001019998", "ABC 1900 0101 9998"),
        ("E12345678", "E12345678"),
        ("", ""),
    ],
)
def test_a_whole_number_is_grouped_for_reading_aloud(number, grouped):
    assert group_cert(number) == grouped


@given(st.text(max_size=24))
def test_grouping_loses_nothing(text):
    bare = "".join(text.split())
    assert "".join(group_cert(text).split()) == bare
    assert "".join(group_phone(text).split()) == bare


def test_a_mobile_number_is_grouped_three_four_four():
    assert group_phone("13800001234") == "138 0000 1234"
    assert group_phone("0937-2612345") == "0937-2612345"
