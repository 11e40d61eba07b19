"""Moving the queue beside the window: when it runs, what it tells, and that nothing waits for the network."""

import datetime as dt
import threading

import pytest
from sending_kit import DOWN, DownPlaces, HangingPlaces, SilentPlaces, accept, desk_on_lane, markers, share, wait
from whole_kit import quick_slots
from window_kit import on_lane

from app.core.errors import AppError, StoreError
from app.services import places
from app.services.ports import Queue
from app.ui.errands import Errands
from app.ui.lane import Lane
from app.ui.sending import Sender

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    quick_slots(monkeypatch)


def heard(signal):
    calls = []
    signal.connect(lambda *args: calls.append(args if len(args) != 1 else args[0]))
    return calls


def settled(sender):
    wait(lambda: not sender.uplink.busy, "the run to end")


def tried(sender, count=1):
    rounds = heard(sender.ended)
    return lambda: wait(lambda: len(rounds) >= count and not sender.uplink.busy, "a run") or rounds


def where(lane, desk, id_):
    return on_lane(lane, lambda: next(one.queue for one in desk.store.entries() if one.id == id_))


class TestLane:
    def test_a_step_asked_for_from_another_thread_is_done_in_its_turn(self, qtbot):
        lane, order, found = Lane(), [], []
        lane.run(lambda: order.append("before"))
        thread = threading.Thread(target=lambda: found.append(lane.ask(lambda: order.append("asked") or 7).result()))
        thread.start()
        wait(lambda: found, "the answer")
        thread.join()
        assert (found, order) == ([7], ["before", "asked"])
        assert lane.stop()

    def test_what_a_step_raises_reaches_whoever_asked(self, qtbot):
        lane = Lane()

        def refuse():
            raise StoreError("满了")

        assert isinstance(lane.ask(refuse).exception(10), StoreError)
        assert lane.stop()

    def test_a_stopped_lane_takes_no_step_and_does_those_asked_before(self, qtbot):
        lane = Lane()
        answer = lane.ask(lambda: 3)
        lane.stop()
        assert answer.result(10) == 3
        with pytest.raises(RuntimeError):
            lane.ask(lambda: 4)


class TestErrands:
    def test_answers_come_on_the_threads_own_side(self, qtbot):
        errands, told = Errands(None), []
        main = threading.get_ident()
        errands.run(
            threading.get_ident,
            then=lambda other: told.append((other != main, threading.get_ident() == main)),
            failed=told.append,
            owner=errands,
        )
        wait(lambda: told, "the answer")
        assert told == [(True, True)]

    def test_the_machine_failing_and_a_bug_go_their_own_ways(self, qtbot):
        errands, told = Errands(None), []
        bugs = heard(errands.crashed)

        def fail(error):
            raise error

        errands.run(
            lambda: fail(AppError("没连上")),
            then=told.append,
            failed=lambda problem: told.append(problem.sentence),
            owner=errands,
        )
        errands.run(
            lambda: fail(KeyError("x")),
            then=told.append,
            failed=told.append,
            owner=errands,
            broken=lambda: told.append("broken"),
        )
        wait(lambda: len(told) == 2, "both")
        assert set(told) == {"没连上", "broken"}
        assert [type(bug) for bug in bugs] == [KeyError]

    def test_stopped_it_delivers_nothing_more(self, qtbot):
        errands, told, go = Errands(None), [], threading.Event()
        errands.run(lambda: go.wait(60), then=told.append, failed=told.append, owner=errands)
        errands.stop()
        go.set()
        wait(lambda: not any(one.name == "errand" for one in threading.enumerate()), "the errand")
        qtbot.wait(20)
        assert told == []


def test_what_was_accepted_is_sealed_and_delivered_by_itself(qtbot, tmp_path):
    with desk_on_lane(tmp_path / "data", (share(tmp_path / "share"),)) as (lane, desk, clock, id_):
        sender = Sender(lane, lane, desk)
        wait(lambda: sender.uplink.sends, "the places")
        settled(sender)
        assert where(lane, desk, id_) is Queue.COPIED
        second = on_lane(lane, lambda: accept(desk, "彭小友"))
        done = tried(sender)
        sender._soon.setInterval(0)
        sender.accepted()
        (result, asked) = done()[-1]
        assert (result.delivered, asked) == ((second,), "")
        assert len(markers(tmp_path / "share")) == 2
        assert where(lane, desk, second) is Queue.COPIED
        assert sender.uplink.online(clock.now())
        assert not sender.uplink.online(clock.now() + 40 * MINUTE)
        sender.close()


def test_what_was_accepted_waits_for_its_form_to_be_signed_but_not_for_ever(qtbot, tmp_path):
    with desk_on_lane(tmp_path / "data", (share(tmp_path / "share"),)) as (lane, desk, _clock, _id):
        sender = Sender(lane, lane, desk)
        wait(lambda: sender.uplink.sends, "the places")
        settled(sender)
        sender._soon.setInterval(0)
        held, late = (on_lane(lane, lambda: accept(desk, "彭小友")) for _ in range(2))
        rounds = heard(sender.ended)
        sender.accepted(held)
        wait(lambda: len(rounds) == 1 and not sender.uplink.busy, "a run")
        assert where(lane, desk, held) is Queue.HERE
        assert where(lane, desk, late) is Queue.COPIED, "only the one in hand is held"
        sender.settled(held)
        wait(lambda: len(rounds) == 2 and not sender.uplink.busy, "a run")
        assert where(lane, desk, held) is Queue.COPIED
        last = on_lane(lane, lambda: accept(desk, "彭小友"))
        sender.accepted(last)
        wait(lambda: len(rounds) == 3 and not sender.uplink.busy, "a run")
        sender._patience.setInterval(0)
        sender._patience.start()
        wait(lambda: where(lane, desk, last) is Queue.COPIED, "nobody settled it")
        sender.close()


def test_without_an_office_key_nothing_is_sealed_and_nothing_offered(qtbot, tmp_path):
    with desk_on_lane(tmp_path / "data", (share(tmp_path / "share"),), office="") as (lane, desk, _clock, _id):
        sender = Sender(lane, lane, desk)
        rounds = heard(sender.ended)
        wait(lambda: sender.uplink.places == 1, "the places")
        assert not sender.uplink.sends
        sender.accepted()
        sender._tick()
        assert not sender._soon.isActive()
        assert rounds == []
        sender.close()


def test_a_line_that_hangs_holds_up_nobody_and_can_be_stopped(qtbot, tmp_path):
    hanging = HangingPlaces()
    settings = (share(tmp_path / "share"),)
    with desk_on_lane(tmp_path / "data", settings, parts={"places": hanging}) as (lane, desk, _clock, id_):
        sender = Sender(lane, lane, desk)
        done = tried(sender)
        shown = heard(sender.progress)
        wait(hanging.reached.is_set, "the line to hang")
        # The store answers meanwhile: typing is stored.
        assert where(lane, desk, id_) is Queue.HERE
        assert sender.uplink.busy
        sender.halt()
        hanging.let_go.set()
        (result, _asked) = done()[-1]
        assert result.stopped
        assert result.delivered == ()
        assert where(lane, desk, id_) is Queue.HERE
        assert shown[-1] is None
        again = tried(sender)
        sender.send_now()
        assert again()[-1][0].delivered == (id_,)
        assert len(markers(tmp_path / "share")) == 1
        sender.close()


def test_closing_while_the_line_hangs_waits_for_nothing_and_loses_nothing(qtbot, tmp_path):
    hanging = HangingPlaces()
    settings = (share(tmp_path / "share"),)
    with desk_on_lane(tmp_path / "data", settings, parts={"places": hanging}) as (lane, desk, _clock, _id):
        sender = Sender(lane, lane, desk)
        rounds = heard(sender.ended)
        wait(hanging.reached.is_set, "the line to hang")
        sender.close()
    # The store is shut and the thread still stands in the network: what it does now touches nothing.
    hanging.let_go.set()
    wait(lambda: not any(one.name == "errand" for one in threading.enumerate()), "the thread")
    assert rounds == []
    assert markers(tmp_path / "share") == []


def test_while_the_way_is_closed_new_ones_are_sealed_and_it_is_tried_when_its_time_comes(qtbot, tmp_path):
    down = DownPlaces()
    with desk_on_lane(tmp_path / "data", (share(tmp_path / "share"),), parts={"places": down}) as (lane, desk, clock, id_):
        sender = Sender(lane, lane, desk)
        wait(lambda: sender.uplink.link.failures == 1 and not sender.uplink.busy, "the first try")
        link = sender.uplink.link
        assert [(one.place, one.sentence) for one in link.tries] == [("科室共享盘", DOWN)]
        assert link.next_at > clock.now()
        assert not sender.uplink.online(clock.now())
        second = on_lane(lane, lambda: accept(desk, "彭小友"))
        done = tried(sender)
        sender._accepted()
        assert done()[-1][0].sealed == 1
        assert down.tried == 1
        sender._tick()
        assert not sender.uplink.busy
        down.down = False
        clock.moment += 5 * MINUTE
        done = tried(sender)
        sender._tick()
        assert set(done()[-1][0].delivered) == {id_, second}
        assert sender.uplink.online(clock.now())
        sender.close()


def test_a_place_that_was_asked_nothing_is_not_called_online(qtbot, tmp_path):
    silent = SilentPlaces()
    with desk_on_lane(tmp_path / "data", (share(tmp_path / "share"),), parts={"places": silent}) as (lane, desk, clock, id_):
        sender = Sender(lane, lane, desk)
        wait(lambda: sender.uplink.link.answered and not sender.uplink.busy, "the delivery")
        assert where(lane, desk, id_) is Queue.COPIED
        silent.down = True
        done = tried(sender)
        sender.send_now()
        assert done()[-1][0].left == 0
        assert [one.sentence for one in sender.uplink.link.tries] == [DOWN]
        assert not sender.uplink.online(clock.now())
        sender.close()


def test_a_clock_set_back_by_a_day_does_not_put_the_next_try_off(qtbot, tmp_path):
    with desk_on_lane(tmp_path / "data", (share(tmp_path / "share"),), parts={"places": DownPlaces()}) as (
        lane,
        desk,
        clock,
        _id,
    ):
        sender = Sender(lane, lane, desk)
        wait(lambda: sender.uplink.link.failures == 1 and not sender.uplink.busy, "the first try")
        assert not sender._due(clock.now())
        assert sender._due(clock.now() - dt.timedelta(days=1))
        sender.close()


def test_who_asks_while_a_run_goes_is_answered_after_it(qtbot, tmp_path):
    hanging = HangingPlaces()
    settings = (share(tmp_path / "share"),)
    with desk_on_lane(tmp_path / "data", settings, parts={"places": hanging}) as (lane, desk, _clock, _id):
        sender = Sender(lane, lane, desk)
        done = tried(sender, 2)
        wait(hanging.reached.is_set, "the line to hang")
        sender.send_now()
        hanging.let_go.set()
        assert [asked for _round, asked in done()] == ["", "now"]
        sender.close()


def test_a_stick_gets_the_same_sealed_bags(qtbot, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    with desk_on_lane(tmp_path / "data") as (lane, desk, clock, id_):
        sender = Sender(lane, lane, desk)
        wait(lambda: sender.uplink.sealed, "the key")
        settled(sender)
        done = tried(sender)
        sender.to_stick(stick, [id_])
        result, asked = done()[-1]
        assert (result.delivered, result.problem, asked) == ((id_,), "", "stick")
        assert len(markers(stick)) == 1
        assert not sender.uplink.online(clock.now())
        gone = tried(sender)
        sender.to_stick(tmp_path / "gone", [id_])
        assert gone()[-1][0].problem
        sender.close()


def test_places_set_later_are_tried_at_once(qtbot, tmp_path):
    with desk_on_lane(tmp_path / "data") as (lane, desk, _clock, id_):
        sender = Sender(lane, lane, desk)
        wait(lambda: sender.uplink.sealed, "the key")
        settled(sender)
        done = tried(sender)
        on_lane(lane, lambda: places.set_places(desk, (share(tmp_path / "share"),)))
        sender.look()
        assert done()[-1][0].delivered == (id_,)
        sender.close()


def test_a_store_that_fails_under_a_run_is_said(qtbot, tmp_path, monkeypatch):
    with desk_on_lane(tmp_path / "data", (share(tmp_path / "share"),)) as (lane, desk, _clock, _id):
        sender = Sender(lane, lane, desk)
        wait(lambda: sender.uplink.sends, "the places")
        settled(sender)
        problems = heard(sender.refused)

        def fail(**_which):
            raise StoreError("硬盘满了，没有存下")

        monkeypatch.setattr(desk.store, "spent", fail)
        sender.send_now()
        wait(lambda: problems, "the problem")
        assert [problem.sentence for problem in problems] == ["硬盘满了，没有存下"]
        assert not sender.uplink.busy
        sender.close()
