import pytest
from whole_kit import CLERK, JQ, PASSPHRASE, FixedClock, answers, quick_slots

from app.adapters.store import Vault
from app.core.errors import AppError, WrongSecretError
from app.services.setup import install, passphrase_problem, problems

FIELDS = {
    "region": ("", "选一个统筹区"),
    "counter_code": ("3", "窗口编号是 2 位数字或大写字母，比如 03"),
    "counter_name": (" ", "写上窗口名称，会印在回执上"),
    "clerk": ("  ", "写上第一位经办人员的姓名"),
    "repeated": ("别的口令", "两次键入的口令不一样"),
}


@pytest.fixture
def vault(tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    return Vault(tmp_path / "data", FixedClock())


def test_whole_answers_have_no_problem():
    assert problems(answers()) == {}


@pytest.mark.parametrize(("field", "wrong"), FIELDS.items())
def test_each_problem_stands_at_its_own_field(field, wrong):
    value, says = wrong
    assert problems(answers(**{field: value})) == {field: says}


@pytest.mark.parametrize(("field", "wrong"), FIELDS.items())
def test_nothing_is_made_from_answers_with_a_problem(vault, field, wrong):
    with pytest.raises(AppError) as caught:
        install(answers(**{field: wrong[0]}), vault)
    assert caught.value.sentence == wrong[1]
    assert not vault.exists()


@pytest.mark.parametrize("code", ["3", "003", "0a", "０３", "", "三3", "0\n"])
def test_a_counter_code_is_two_digits_or_capitals_and_nothing_else(code):
    assert "counter_code" in problems(answers(counter_code=code))


@pytest.mark.parametrize(
    ("passphrase", "says"),
    [
        ("", "口令至少 8 个字，这里 0 个"),
        ("柳荫路桂花树", "口令至少 8 个字，这里 6 个"),
        ("abababab", "同样的字太多，一猜就中。换几个不同的字"),
        ("0123456789", "只有数字，几天就能猜出来。加几个字或字母，比如一句话"),
        ("９８７６５４３２１", "只有数字，几天就能猜出来。加几个字或字母，比如一句话"),
        ("柳荫路十二号的桂花", ""),
    ],
)
def test_a_weak_passphrase_is_told_why(passphrase, says):
    assert passphrase_problem(passphrase) == says


def test_the_store_is_open_with_the_counter_set_and_the_code_opens_it_too(vault):
    opened = install(answers(JQ, counter_name=" 3 号窗口 ", clerk=f" {CLERK} ", phone=" 0937-2600000"), vault)
    counter = opened.store.counter()
    assert (counter.region, counter.code, counter.name, counter.phone) == (JQ, "03", "3 号窗口", "0937-2600000")
    assert opened.store.audit()[0].act == "setup"
    opened.store.close()
    ways = (lambda: vault.open(CLERK, PASSPHRASE), lambda: vault.open_with_recovery(opened.recovery_code.lower()))
    for way in ways:
        store = way()
        assert store.counter() == counter
        store.close()
    with pytest.raises(WrongSecretError):
        vault.open(CLERK, PASSPHRASE + "x")


def test_a_second_first_start_is_refused_and_changes_nothing(vault, tmp_path):
    install(answers(), vault).store.close()
    before = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    with pytest.raises(AppError) as caught:
        install(answers(clerk="别人"), vault)
    assert caught.value.sentence == "这台电脑已经设置过。关掉这个页面，用口令打开"
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == before
    assert vault.clerks() == [CLERK]
