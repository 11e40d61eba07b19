"""The rating: once for each case, the same to look at whatever was chosen, counted once at the office, with nobody in it."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[1] / "transfer"))

from answer_kit import an_office, fetch, hands, introduce, opened, run, send, tool
from sync_kit import accept as accepted
from whole_kit import FixedClock, open_desk, quick_slots

from app.cli import main
from app.core.places import PlaceKind, PlaceSettings
from app.core.rating import NAMESPACE, WORDS, Level, Rating, disclose, enclose, folder, id_of, parse, path, tally, written
from app.services import office_ratings, places, rating, sync
from app.services.ports import CopyMark
from app.services.ports.transfer import PlaceError, Trouble
from app.services.sealed_answers import IDENTITY

IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
MONTHS = st.dates().map(lambda day: f"{day:%Y-%m}".rjust(7, "0"))
RATINGS = st.builds(Rating, st.just("PZ03"), IDS, MONTHS, st.sampled_from(Level))


# --- the sheet ---------------------------------------------------------------------------------------------------------


@given(RATINGS)
def test_a_sheet_is_read_as_it_was_written_and_its_length_says_nothing(one: Rating) -> None:
    assert parse(written(one)) == one
    assert {len(written(replace(one, level=level))) for level in Level} == {len(written(one))}
    sheet, signature = disclose(enclose(written(one), "-----BEGIN\nAAAA\n"))
    assert parse(sheet) == one
    assert signature == b"-----BEGIN\nAAAA\n"
    assert id_of(path(one.counter, one.id)) == one.id
    assert path(one.counter, one.id).startswith(folder(one.counter))


@given(
    RATINGS, st.sampled_from(["format", "counter", "id", "month", "level"]), st.sampled_from([None, 9, True, "", "x/../y", []])
)
def test_a_sheet_with_anything_odd_in_it_is_none(one: Rating, key: str, odd: object) -> None:
    body = json.loads(written(one))
    for wrong in ({**body, key: odd}, {name: value for name, value in body.items() if name != key}, {**body, "name": "沈桂兰"}):
        with pytest.raises(ValueError):  # noqa: PT011 - which one is nobody's business
            parse(json.dumps(wrong).encode())


@pytest.mark.parametrize("junk", [b"", b"[]", b"{}", b"\xff", b'{"rating": 1, "signature": ""}'])
def test_what_is_no_container_is_refused(junk: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which one is nobody's business
        disclose(junk)


@given(st.lists(RATINGS, max_size=12))
def test_each_sheet_is_counted_once_however_often_it_came(ratings: list[Rating]) -> None:
    counted = tally([*ratings, *ratings])
    assert sum(one.asked for one in counted) == len(set(ratings))
    assert all([level for level, _ in one.levels] == list(WORDS) for one in counted)


# --- at the counter ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        made = open_desk(tmp_path_factory.mktemp("counter"), clock=FixedClock("2026-02-06"))
        yield made
        made.store.close()


@pytest.fixture(scope="module")
def office_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("side") / "office"


@pytest.fixture(scope="module")
def first_side(office_folder, desk):
    made = an_office(office_folder)
    introduce(desk, made)
    return made


@pytest.fixture
def side(first_side, desk):
    """The office, and nothing under way to it."""
    for one in desk.store.ratings(99):
        desk.store.rating_gone(one.id, online=True)
    return first_side


@pytest.fixture
def share(tmp_path) -> PlaceSettings:
    (tmp_path / "share").mkdir()
    return PlaceSettings(PlaceKind.FOLDER, "共享盘", str(tmp_path / "share"))


def accept(desk):
    return desk.store.application(accepted(desk, pages=0))


def payload(sealed: bytes) -> bytes:
    """What age encrypted; the header before it has a random length of its own."""
    _, found, rest = sealed.partition(b"\n--- ")
    assert found
    return rest.partition(b"\n")[2]


def stored(desk) -> dict[str, list[tuple]]:
    """Every row of the store by table, as a second copy is given them: all that anybody here could ever read."""
    found: dict[str, list[tuple]] = {}
    mark = CopyMark()
    while True:
        batch = desk.store.changes(mark)
        for change in batch.changes:
            found.setdefault(change.table, []).append(change.values or ())
        if batch.tally:
            return found
        mark = replace(mark, seq=batch.through)


def give(desk, *levels: Level) -> list[str]:
    """So many accepted cases whose applicants chose this."""
    cases = [accept(desk) for _ in levels]
    for case, level in zip(cases, levels, strict=True):
        assert rating.offered(desk, case)
        assert rating.keep(desk, case.id, level)
        assert not rating.offered(desk, case)
    return [case.id for case in cases]


def test_nobody_at_the_counter_can_tell_what_was_chosen_or_that_anything_was(desk, side) -> None:
    cases = give(desk, Level.VERY_BAD, Level.SKIPPED, Level.VERY_GOOD)
    assert not rating.keep(desk, cases[0], Level.VERY_GOOD)  # the first word stands
    kept = stored(desk)
    sheets = [row for row in kept["ratings"] if row]
    assert len(sheets) == 3
    assert len({len(payload(sheet[2])) for sheet in sheets}) == 1
    assert {row[0] for row in kept["asked"]} == set(cases)
    for sheet in sheets:
        assert not set(sheet) & set(cases)
        assert desk.sealer.unwrap(sheet[2], desk.store.setting(IDENTITY)) is None
    rows = [[(row.who, row.act, row.what) for row in desk.store.audit(subject=case) if "rating" in row.act] for case in cases]
    assert rows == [[(desk.clerk, "rating", "")]] * 3
    opened_ = [parse(disclose(desk.sealer.unwrap(sheet[2], key))[0]) for sheet in sheets for key in side.cabinet.opening_keys()]
    assert sorted(one.level for one in opened_) == [Level.SKIPPED, Level.VERY_BAD, Level.VERY_GOOD]


def test_nobody_is_asked_where_there_is_no_office_to_seal_it_to_nor_before_the_number_exists(desk, side) -> None:
    case, keys = accept(desk), "\n".join(places.office_keys(desk))
    assert not rating.offered(desk, replace(case, acceptance=None))
    assert not rating.offered(replace(desk, counter=replace(desk.counter, code="三")), case)
    assert rating.offered(desk, case)
    places.set_office_keys(desk, "")
    assert not rating.offered(desk, case)
    places.set_office_keys(desk, keys)


# --- to the office -----------------------------------------------------------------------------------------------------


def names(settings: PlaceSettings) -> list[Path]:
    return sorted(Path(settings.address).glob("up/v1/*/ratings/*"))


def told(side) -> dict[Level, int]:
    counted = [level for one in office_ratings.count(side).tallies for level in one.levels]
    return dict.fromkeys(WORDS, 0) | dict(counted)


def test_sheets_travel_behind_the_submissions_and_are_counted_once(desk, side, share, tmp_path, capsys, office_folder) -> None:
    give(desk, Level.VERY_GOOD, Level.VERY_GOOD, Level.BAD, Level.SKIPPED)
    sticks = [PlaceSettings(PlaceKind.FOLDER, one, str(tmp_path / one)) for one in ("a", "b")]
    for stick in (*sticks, sticks[0]):
        Path(stick.address).mkdir(exist_ok=True)
        sync.to_stick(hands(desk), Path(stick.address))
        assert len(names(stick)) == 4
    assert len(desk.store.ratings(9)) == 4  # a stick may never arrive, and the same one again is no other one
    send(desk, share)
    assert len(names(share)) == 4
    assert not desk.store.ratings(9)
    for place in (share, sticks[0], share):
        fetch(side, place)
    office = ["office", "--office", str(office_folder), "ratings"]
    assert main([*office, sticks[1].address, "--month", "2026-02"]) == 0
    wire = places.wire(desk)
    line = f"{wire}  问了 4 次：非常满意 2，满意 0，基本满意 0，不满意 1，非常不满意 0，没有选 1"
    assert capsys.readouterr().out == f"新收下 0 张\n{line}\n"
    assert main([*office, "--month", "2026-01"]) == 0
    assert capsys.readouterr().out == "还没有评价\n"


def test_other_peoples_tools_open_and_verify_a_sheet(desk, side, tmp_path) -> None:
    give(desk, Level.BAD)
    (sheet,) = desk.store.ratings(9)
    (tmp_path / "allowed").write_text(places.counter_line(desk))
    (tmp_path / "keys").write_text("\n".join(side.cabinet.opening_keys()))
    both = json.loads(run(tool("age"), "-d", "-i", tmp_path / "keys", data=sheet.sealed))
    (tmp_path / "sig").write_text(both["signature"])
    verify = (tool("ssh-keygen"), "-Y", "verify", "-f", tmp_path / "allowed", "-I", sheet.counter, "-n", NAMESPACE)
    run(*verify, "-s", tmp_path / "sig", data=both["rating"].encode())
    month = f"{desk.clock.now():%Y-%m}"
    assert json.loads(both["rating"]) == {"format": 1, "counter": sheet.counter, "id": sheet.id, "month": month, "level": 2}


def test_a_third_stick_is_enough(desk, side, tmp_path) -> None:
    give(desk, Level.GOOD)
    for at in range(3):
        assert len(desk.store.ratings(9)) == 1
        (tmp_path / str(at)).mkdir()
        sync.to_stick(hands(desk), tmp_path / str(at))
    assert not desk.store.ratings(9)


class Cutting:
    """A place that takes a rating, or not, and then is not there to say so."""

    def __init__(self, place, *, takes: bool) -> None:
        self._place, self._takes = place, takes

    def __getattr__(self, name):
        return getattr(self._place, name)

    def commit(self, path: str, data: bytes) -> bool:
        if "/ratings/" not in path:
            return self._place.commit(path, data)
        if self._takes:
            self._place.commit(path, data)
        raise PlaceError(Trouble.NETWORK, "断了")


@pytest.mark.parametrize("takes", [True, False])
def test_a_place_that_breaks_off_at_a_rating_delays_no_submission_and_counts_it_once(
    desk, side, share, monkeypatch, takes
) -> None:
    before = told(side)[Level.FAIR]
    give(desk, Level.FAIR)
    places.set_places(desk, [share])
    broken = replace(hands(desk), places=type("Broken", (), {"open": lambda _self, one: Cutting(opened(one), takes=takes)})())
    done = sync.run(broken, sync.LinkState(), now=True)
    assert done.delivered
    assert done.link.answered
    assert len(desk.store.ratings(9)) == 1
    accept(desk)
    send(desk, share)
    assert len(names(share)) == 1
    assert not desk.store.ratings(9)
    fetch(side, share)
    assert told(side)[Level.FAIR] == before + 1


def test_the_office_counts_no_sheet_that_the_counter_did_not_sign_for_itself(desk, side, share) -> None:
    before = told(side)
    give(desk, Level.GOOD)
    send(desk, share)
    counter, key = places.wire(desk), places.counter_key(desk)
    keys, place = places.office_keys(desk), opened(share)

    def lay(number: int, one: Rating | None, private: str = key, namespace: str = NAMESPACE) -> None:
        sheet = written(one) if one else b"{}"
        data = desk.sealer.wrap(enclose(sheet, desk.signatures.sign(sheet, private, namespace)), keys)
        assert place.commit(path(counter, f"{number:032x}"), data)

    def made(number: int, of: str = counter) -> Rating:
        return Rating(of, f"{number:032x}", "2026-02", Level.VERY_GOOD)

    lay(1, made(1), desk.signatures.make())  # a stranger's
    lay(2, made(2), namespace="chuangkou-answer")
    lay(3, made(1))  # under another name
    lay(4, made(4, "PZ99"))  # for another counter
    lay(5, None)
    assert place.commit(path(counter, f"{6:032x}"), b"age-encryption.org/v1 junk")
    assert place.commit(path(counter, f"{7:032x}"), b"x" * 9000)  # too long to be one
    assert place.commit(f"{folder(counter)}readme.txt", b"x")
    place.close()
    fetch(side, share)
    counted = office_ratings.count(side)
    assert counted.refused == ((counter, 6),)
    assert told(side) == {**before, Level.GOOD: before[Level.GOOD] + 1}
