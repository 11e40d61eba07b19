from __future__ import annotations

import dataclasses

import pytest
from store_kit import CLERK, accept, draft, finalised, rendered, ulid

from app.adapters.store.search import fold
from app.core.application import State

PEOPLE = {
    1: ("沈桂兰", "510402190001019980", "13800001234"),
    2: ("单雄信", "620902190001019991", "13900005678"),
    3: ("阿依古丽·买买提", "429021190002289986", "0937-2612345"),
    4: ("㛃䶮𬭎𱁬", "51040219000101029x", "13700002222"),
    5: ("欧阳修", "E12345678", "13600003333"),
    6: ("Aigul Nurlan", "911392190001019993", "13500004444"),
    7: ("沈桂", "", ""),
}


@pytest.fixture
def found(store):
    for n, (name, cert, phone) in PEOPLE.items():
        store.save_draft(draft(n, name, cert, phone), CLERK)
    return lambda text: {next(n for n in PEOPLE if ulid(n) == entry.id) for entry in store.search(text)}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("沈桂兰", {1}),
        ("桂兰", {1}),
        ("沈桂", {1, 7}),
        ("沈", {1, 7}),
        ("兰", {1}),
        ("sgl", {1}),
        ("SGL", {1}),
        ("ｓｇｌ", {1}),
        ("sg", {1, 7}),
        ("sxx", {2}),
        ("dxx", {2}),
        ("oyx", {5}),
        ("9980", {1}),
        ("029X", {4}),
        ("029x", {4}),
        ("510402190001019980", {1}),
        ("5104 0219 0001 0199 80", set()),
        ("510402", {1, 4}),
        ("E12345678", {5}),
        ("5678", {2, 5}),
        ("1234", {1}),
        ("13800001234", {1}),
        ("138-0000-1234", {1}),
        ("2612345", {3}),
        ("0937-2612345", {3}),
        ("阿依古丽·买买提", {3}),
        ("阿依古丽•买买提", {3}),
        ("阿依古丽买买提", {3}),
        ("阿依古丽 买买提", {3}),
        ("买买提", {3}),
        ("古丽", {3}),
        ("𱁬", {4}),
        ("䶮𬭎", {4}),
        ("㛃䶮𬭎𱁬", {4}),
        ("aigul", {6}),
        ("NURLAN", {6}),
        ("nu", {6}),
        ("沈 1234", {1}),
        ("sgl 9980", {1}),
        ("沈 5678", set()),
        ("  沈桂兰　１２３４ ", {1}),
        ("", set()),
        ("  ", set()),
        ("-·-", set()),
        ('"', set()),
        ("%", set()),
        ("_ _", set()),
        ("沈* OR 1=1", set()),
        ("不在", set()),
    ],
)
def test_people_are_found_by_what_the_clerk_has(found, text, people):
    assert found(text) == people


def test_a_corrected_name_is_found_and_the_former_one_is_not(store):
    store.save_draft(draft(1, "沈桂栏"), CLERK)
    store.save_draft(draft(1, "沈桂兰"), CLERK)
    assert [entry.name for entry in store.search("桂兰")] == ["沈桂兰"]
    assert store.search("桂栏") == []
    assert store.search("沈桂栏") == []


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda n: n.replace("-", ""), lambda n: n.replace("-", " "), lambda n: f" {n} "]
)
def test_an_acceptance_number_finds_its_application_alone(store, typed):
    one, _ = finalised(store, 1, 7), finalised(store, 2, 8)
    assert [entry.id for entry in store.search(typed(one.acceptance.number))] == [one.id]


@pytest.mark.parametrize(("text", "people"), [("0007", [1]), ("JQ03-2603", [2, 1]), ("0007 沈", [1]), ("0009", [])])
def test_a_piece_of_an_acceptance_number_is_enough(store, text, people):
    finalised(store, 1, 7)
    finalised(store, 2, 8)
    assert [entry.id for entry in store.search(text)] == [ulid(n) for n in people]


def test_results_are_ordered_by_how_much_is_left_to_do_then_by_last_touch(store):
    store.save_draft(draft(1), CLERK)
    store.discard_draft(ulid(1), CLERK, "")
    finalised(store, 2, 1)
    finalised(store, 3, 2)
    store.mark_copied([ulid(3)], "USB", CLERK)
    finalised(store, 4, 3)
    for n in (5, 6):
        store.save_draft(draft(n), CLERK)
    store.save_draft(dataclasses.replace(draft(7), state=State.WAITING), CLERK)
    finalised(store, 8, 4)
    store._db.execute("UPDATE outbox SET received_at = 'x' WHERE application = ?", (ulid(8),))
    assert [entry.id for entry in store.search("沈")] == [ulid(n) for n in (6, 5, 7, 4, 2, 3, 8, 1)]
    assert len(store.search("沈", limit=3)) == 3


def test_an_accepted_applications_search_keys_outlive_closing(store, vault, code):
    store.save_draft(draft(1, "单雄信"), CLERK)
    store.finalise(accept(draft(1, "单雄信"), 1), [rendered("form")], CLERK)
    store.close()
    again = vault.open_with_recovery(code)
    assert [entry.name for entry in again.search("sxx")] == ["单雄信"]
    again.close()


def test_text_is_compared_without_width_case_dots_and_dashes():
    assert fold("Ａ·b-Ｃ 1２\u3000") == "abc12"
