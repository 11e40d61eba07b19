from __future__ import annotations

import dataclasses
import shutil
from itertools import permutations

import pytest
from store_kit import CLERK, TickingClock, accept, draft, finalised, rendered, ulid

from app.adapters.store import Vault, hits
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
        (ulid(3), {3}),
        (f" {ulid(3).lower()} ", {3}),
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
    store.discard_draft(ulid(1), CLERK, "不办了")
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


CROWD = 100


@pytest.fixture(scope="module")
def crowded(template, tmp_path_factory):
    """A hundred people of one surname; every tenth holds a 6 at the end of the number, and every tenth of the phone."""
    folder, code = template
    place = tmp_path_factory.mktemp("crowd") / "data"
    shutil.copytree(folder, place)
    store = Vault(place, TickingClock()).open_with_recovery(code)
    store._db.execute("PRAGMA synchronous=OFF")
    for n in range(1, CROWD + 1):
        tail = "6" if n % 10 == 0 else "7"
        store.save_draft(draft(n, "沈" + "桂秀玉"[n % 3], f"51040219000101{n:03}{tail}", f"138{n:08}"), CLERK)
    yield store
    store.close()


@pytest.fixture
def crowd(crowded, monkeypatch):
    """The same in a store that reads ten keys at a time."""
    for name, bound in (
        ("MOST_TEXTS", 10),
        ("MOST_WORDS", 10),
        ("RECENT", 10),
        ("RANKED", 20),
        ("PAIRED", 1),
        ("MOST", 8),
        ("MORE", 2),
        ("RUN", 4),
        ("TEXT_RUN", 4),
        ("FIRST", 3),
        ("GROWTH", 2),
        ("FEW", 5),
    ):
        monkeypatch.setattr(hits, name, bound)
    return crowded


@pytest.mark.parametrize("text", ["沈", "s", "13800000", "5104021", "沈 s", "沈 13800000", "s 7"])
def test_a_common_question_fills_the_list_with_what_holds_it(crowd, text):
    found = crowd.search(text, limit=8)
    assert len(found) == 8
    assert all(entry.name.startswith("沈") for entry in found)


def test_a_common_name_shows_the_newest(crowd):
    assert [entry.id for entry in crowd.search("沈", limit=3)] == [ulid(n) for n in (100, 99, 98)]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("沈 6", {n for n in range(1, 101) if n % 10 in (0, 6)}),
        ("沈桂 s 6", {n for n in range(1, 101) if n % 10 in (0, 6) and n % 3 == 0}),
        ("沈 0206", {20}),
        ("沈 0207", set()),
        ("桂 玉", set()),
        ("沈桂 沈玉", set()),
        ("sg sx", set()),
    ],
)
def test_no_bound_makes_a_rare_question_short(crowd, text, people):
    assert {entry.id for entry in crowd.search(text, limit=80)} == {ulid(n) for n in people}


PARTS = (
    "沈",
    "桂",
    "沈桂",
    "玉",
    "s",
    "sg",
    "sx",
    "6",
    "06",
    "20",
    "206",
    "0206",
    "00000020",
    "13800000",
    "138000000",
    "510402",
    "5104021",
)


def holds(n, part):
    """Whether the nth of the crowd is found by a part, told from what was put in and not from any index."""
    name = "沈" + "桂秀玉"[n % 3]
    cert, phone = f"51040219000101{n:03}{'6' if n % 10 == 0 else '7'}", f"138{n:08}"
    if not part.isascii():
        return part in name
    if part.isalpha():
        return {"桂": "sg", "秀": "sx", "玉": "sy"}[name[1]].startswith(part)
    heads = [(cert, 6), (phone, 7)]
    return (
        cert.endswith(part) or phone.endswith(part) or any(len(part) >= least and one.startswith(part) for one, least in heads)
    )


def test_whatever_two_or_three_parts_are_asked_for_the_bounds_leave_nobody_out_and_bring_nobody_in(crowd):
    for parts in (*permutations(PARTS, 2), *permutations(PARTS[::4], 3)):
        people = {ulid(n) for n in range(1, CROWD + 1) if all(holds(n, part) for part in parts)}
        found = [entry.id for entry in crowd.search(" ".join(parts), limit=12)]
        assert set(found) <= people, parts
        assert len(found) == min(12, len(people)), parts


def test_among_many_hits_an_old_draft_still_comes_before_what_is_done(crowd):
    crowd._db.execute("BEGIN")
    crowd._db.execute("UPDATE applications SET state = 'ready' WHERE key <> 15")
    found = crowd.search("s", limit=5)
    crowd._db.execute("ROLLBACK")
    assert found[0].id == ulid(15)
