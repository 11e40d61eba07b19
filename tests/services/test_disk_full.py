"""A disk that runs full, for real: a small tmpfs, and the whole case driven through the services."""

from dataclasses import replace

import pytest
from disk_kit import fill, full, small_disk
from whole_kit import CLERK, JQ, PASSPHRASE, FixedClock, answered, files_of, open_desk, quick_slots, seen

from app.adapters.disk import BALLAST, StoreDisk
from app.adapters.store import Vault
from app.core import disk_space
from app.core.application import State
from app.core.disk_space import MB, Level, level
from app.core.errors import AppError
from app.services import disk, intake, originals
from app.services.finalise import Missing, Ready, finalise
from app.services.ports import Space

SIZE = 40 * MB
HELD = 6 * MB
LEFT = (0, 20_000, 70_000, 150_000, 300_000, 600_000, 1_000_000, 1_500_000, 2_500_000, 4_000_000)
"""Bytes left on the disk when the case begins: each makes another write the one that fails."""

FILES = {"identity": ("id-front.jpg", "id-back.jpg"), "records": ("discharge.pdf", "lab.jpg")}


@pytest.fixture
def small(tmp_path):
    """A folder that holds 40 MB and no more."""
    with small_disk(tmp_path / "small", SIZE) as folder:
        yield folder


def drive(desk, acknowledged, said):
    """One case as a clerk works: every answer stored, originals taken, accepted. What the machine refused goes into ``said``."""

    def attempt(work):
        try:
            return work()
        except AppError as problem:
            said.append(problem.sentence)
            return None

    whole = answered(desk)
    application = replace(intake.start(desk), id=whole.id)
    for path in ("applicant", "agent", "insurance", "remote", "diseases", "care", "summary", "reasons", "notified"):
        application = replace(application, **{path: getattr(whole, path)})
        if attempt(lambda application=application: intake.save(desk, application)):
            acknowledged.append(application)
    for requirement, names in FILES.items():
        files = files_of(JQ, *names)
        taken = attempt(lambda a=application, r=requirement, files=files: originals.take(desk, a, r, files))
        if taken:
            said += taken.refused
            if taken.pages:
                application = originals.place(application, requirement, taken.pages)
            if attempt(lambda application=application: intake.save(desk, application)):
                acknowledged.append(application)
    application = seen(desk, application)
    result = attempt(lambda: finalise(desk, application))
    return application, result


@full
@pytest.mark.parametrize("leave", LEFT)
def test_whatever_write_meets_the_full_disk_nothing_is_half_done_and_room_can_be_made(small, monkeypatch, leave):
    quick_slots(monkeypatch)
    monkeypatch.setattr(disk_space, "LIMIT", 0)  # originals go on to the very last byte, to meet it
    desk = open_desk(small / "data", JQ)
    desk = replace(desk, disk=StoreDisk(desk.data_dir, HELD))
    desk.disk.hold()
    fill(small, leave)
    acknowledged, said = [], []
    application, result = drive(desk, acknowledged, said)

    assert {sentence for sentence in said if "硬盘满了" not in sentence} == set()
    if leave == 0:
        assert said
    stored = desk.store.application(application.id)
    if not isinstance(result, Ready):
        if acknowledged:
            assert stored is not None
            assert replace(stored, revision=0) == replace(acknowledged[-1], revision=0)
        assert desk.store.documents(application.id) == {}
        assert desk.store.next_sequence("2026-02-06") == 1
    shown = [page.original for paper in (stored.papers if stored else ()) for page in paper.pages]
    assert all(desk.store.capture(one) is not None for one in shown)
    assert desk.store.verify_audit() > 0

    freed = disk.make_room(desk, in_hand=(application.id,))
    assert freed.space.held == 0
    assert freed.space.free >= 2 * MB
    if not isinstance(result, Ready):
        typed = replace(application, summary=application.summary + "又键入一句。")
        for requirement, names in FILES.items():  # what was refused is put in again
            typed = typed.with_paper(replace(typed.paper(requirement), pages=()))
            typed = originals.place(typed, requirement, originals.take(desk, typed, requirement, files_of(JQ, *names)).pages)
        typed, _ = intake.save(desk, typed)
        result = finalise(desk, typed)
        assert not isinstance(result, Missing), result
    assert desk.store.application(application.id).state is State.READY
    assert set(desk.store.documents(application.id)) == {"form", "receipt", "receipt-large", "materials"}
    assert desk.store.verify_audit() > 0
    desk.store.close()

    (small / "filler").unlink()
    again = Vault(desk.data_dir, FixedClock()).open(CLERK, PASSPHRASE)
    assert again.application(application.id).state is State.READY
    again.close()


@full
def test_near_the_end_no_original_is_taken_but_typing_and_acceptance_go_on(small, monkeypatch):
    quick_slots(monkeypatch)
    desk = open_desk(small / "data", JQ)  # 40 MB free is under the limit of 256
    application, _ = intake.save(desk, answered(desk))
    taken = originals.take(desk, application, "identity", files_of(JQ, "id-front.jpg", "id-back.jpg"))
    assert taken.pages == ()
    assert taken.refused == ("硬盘快满了：还能键入和受理，先不收新的原件。按「腾空间」",)
    assert isinstance(finalise(desk, seen(desk, application)), Ready)
    desk.store.close()


@full
def test_what_nobody_shows_any_more_is_given_back_to_the_disk_and_unsent_work_stays(small, monkeypatch):
    quick_slots(monkeypatch)
    monkeypatch.setattr(disk_space, "LIMIT", 0)
    clock = FixedClock()
    desk = open_desk(small / "data", JQ, clock)
    files = files_of(JQ, "id-front.jpg", "id-back.jpg", "lab.jpg")
    drafts = []
    for _ in range(3):
        draft, _ = intake.save(desk, answered(desk))
        for _ in range(6):
            draft = originals.place(draft, "records", originals.take(desk, draft, "records", files).pages)
        drafts.append(intake.save(desk, draft)[0])
    kept, open_one, thinned = drafts
    accepted, _ = intake.save(desk, answered(desk))
    accepted = originals.place(accepted, "identity", originals.take(desk, accepted, "identity", files).pages)
    accepted = finalise(desk, seen(desk, accepted)).application
    void, _ = intake.save(desk, answered(desk))
    void, _ = intake.save(desk, originals.place(void, "records", originals.take(desk, void, "records", files).pages))
    loose = [page.original for page in thinned.paper("records").pages[1:]]
    for _ in loose:
        thinned = originals.remove(thinned, "records", 1)
        open_one = originals.remove(open_one, "records", 1)
    intake.save(desk, thinned)
    intake.save(desk, open_one)
    intake.discard(desk, void, "申请人不办了")
    held = [page.original for page in void.paper("records").pages] + [p.original for p in kept.paper("records").pages]
    held += [page.original for page in accepted.paper("identity").pages]

    assert disk.make_room(desk, in_hand=(open_one.id,)).pages == 0  # all so new that they may be on their way to a draft
    before = (desk.data_dir / "store.db").stat().st_size
    clock.moment = clock.moment.replace(hour=11)
    freed = disk.make_room(desk, in_hand=(open_one.id,))
    assert freed.pages == len(loose)
    assert all(desk.store.capture(one) is None for one in loose)
    assert all(desk.store.capture(one) is not None for one in held)
    still = {entry.subject: entry.what for entry in desk.store.audit() if entry.act == "drop_page"}
    assert set(still) == {thinned.id}
    assert freed.gained > 1 * MB
    assert (desk.data_dir / "store.db").stat().st_size < before - 1 * MB
    assert "草稿和没报送的件都没有动" in freed.sentence
    desk.store.close()


def test_the_ballast_takes_its_room_for_real_and_gives_it_back(tmp_path):
    ballast = StoreDisk(tmp_path, 3 * MB)
    assert ballast.space().held == 0
    ballast.hold()
    file = tmp_path / BALLAST
    assert file.stat().st_size == ballast.space().held == 3 * MB
    assert file.stat().st_blocks * 512 >= 3 * MB
    ballast.hold()
    assert ballast.release() == 3 * MB
    assert not file.exists()
    assert ballast.release() == 0


@full
def test_a_ballast_that_does_not_fit_leaves_nothing_behind(small):
    ballast = StoreDisk(small, SIZE * 2)
    ballast.hold()
    assert not (small / BALLAST).exists()


def test_the_ballast_comes_back_only_where_there_is_room(desk):
    class Told:
        held = 0

        def __init__(self, free):
            self.free = free

        def space(self):
            return Space(self.free, 100 * disk_space.GB, self.held)

        def hold(self):
            self.held = 64 * MB

    tight, wide = Told(300 * MB), Told(3 * disk_space.GB)
    assert disk.watch(replace(desk, disk=tight)).held == 0
    assert disk.watch(replace(desk, disk=wide)).held == 64 * MB


def test_a_disk_that_is_not_there_is_said_in_a_sentence(tmp_path):
    with pytest.raises(AppError, match="硬盘问不到"):
        StoreDisk(tmp_path / "gone").space()


@pytest.mark.parametrize(
    ("free", "total", "expected"),
    [
        (3 * disk_space.GB, 40 * disk_space.GB, Level.PLENTY),
        (3 * disk_space.GB, 100 * disk_space.GB, Level.LOW),
        (2 * disk_space.GB - 1, 10 * disk_space.GB, Level.LOW),
        (256 * MB, disk_space.GB, Level.LOW),
        (256 * MB - 1, disk_space.GB, Level.LIMIT),
    ],
)
def test_the_levels_stand_where_they_were_set(free, total, expected):
    assert level(free, total) is expected
