"""What waits for a second look is sealed and sent by nobody."""

from dataclasses import replace

from sync_kit import accept, folder_place, hands, ready_desk, run
from whole_kit import PZH, region

from app.core.region import SecondLook
from app.services import second_look, sync


def test_nothing_held_is_sealed_and_the_run_says_how_many_stay(tmp_path):
    place = replace(region(PZH), second_look=SecondLook(100, "另一人看过再报", "样本 1"))
    desk = ready_desk(tmp_path / "data", folder_place(tmp_path / "gate"))
    desk = replace(desk, region=place, regions={**desk.regions, PZH: place})
    one, two = accept(desk, 0), accept(desk, 0)
    done = run(desk)
    assert (done.sealed, done.delivered, done.held) == (0, (), 2)
    stick = sync.to_stick(hands(desk), tmp_path / "stick", [one])
    assert (stick.delivered, stick.held) == ((), 1)
    second_look.released(desk, one, "市局催")
    assert run(desk).delivered == (one,)
    second_look.released(desk, two, "市局催")
    assert run(desk, now=True).delivered == (two,)
    desk.store.close()


def test_what_was_sealed_and_is_sent_back_before_it_went_stays(tmp_path):
    desk = ready_desk(tmp_path / "data")
    one = accept(desk, 0)
    assert run(desk).sealed == 1
    second_look.returned(desk, one, "电话少一位")
    stick = sync.to_stick(hands(desk), tmp_path / "stick", [one])
    assert stick.delivered == ()
    desk.store.close()
