"""What every reader of identity cards holds to, whatever wire it hangs on: one set of tests against the same emulated module.

A test file subclasses :class:`ReaderContract` as ``Test…`` and gives it ``make_reader()`` (an emulator) and ``make_link(reader)``.
"""

import threading

import pytest
from sam_emulator import PEOPLE, text

from app.adapters.cards.module import GARBLED, PULLED, SILENT
from app.adapters.cards.watching import AGAIN, EMPTY, Told, Watching
from app.core.cards import CardKind

TANG, SHEN = text(**PEOPLE["tang"]), text(**PEOPLE["shen"])
PATIENCE_S = 20


class Heard:
    """What a watch said, in order, and a way to wait for it."""

    def __init__(self):
        self.said = []
        self._turn = threading.Condition()

    def tell(self, what, value=""):
        with self._turn:
            self.said.append((what, value))
            self._turn.notify_all()

    def wait(self, what, value=None, times=1):
        def there():
            return sum(kind == what and value in (None, said) for kind, said in self.said) >= times

        with self._turn:
            assert self._turn.wait_for(there, PATIENCE_S), (what, value, [one for one in self.said if one[0] != "look"])

    def count(self, what, value=None):
        return sum(kind == what and value in (None, said) for kind, said in self.said)

    @property
    def numbers(self):
        return [card.number for kind, card in self.said if kind == "card"]


class Watched:
    """An emulated reader being watched, quicker than in the program."""

    def __init__(self, reader, link):
        self.reader, self.heard, self.ended = reader, Heard(), threading.Event()
        self._looks = 0
        link_look = link.look

        def look(*, lying):
            found = link_look(lying=lying)
            self.heard.tell("look")
            return found

        link.look = look
        told = Told(
            lambda card: self.heard.tell("card", card),
            lambda sentence: self.heard.tell("trouble", sentence),
            lambda: self.heard.tell("gone"),
        )
        self.watch = Watching(link, told, lambda _watch: self.ended.set(), pause=0.005, closed=0.01)
        self.watch.start()

    @property
    def module(self):
        return self.reader.module

    def looks(self, more=3):
        """Wait until it has looked a few times more."""
        self.heard.wait("look", times=self.heard.count("look") + more)


class ReaderContract:
    @pytest.fixture
    def watched(self):
        made = []

        def make(reader=None):
            reader = reader or self.make_reader()
            made.append(Watched(reader, self.make_link(reader)))
            return made[-1]

        yield make
        for one in made:
            one.watch.stop()
        assert all(one.ended.wait(PATIENCE_S) for one in made)

    @pytest.mark.parametrize("deaf", [True, False])
    def test_a_card_is_told_once_for_each_time_it_is_put_down(self, watched, deaf):
        case = watched()
        case.module.deaf = deaf
        case.looks()
        case.module.put(TANG)
        case.heard.wait("card")
        case.looks(4)
        assert case.heard.numbers == ["620902190001019991"]
        case.module.lift()
        case.heard.wait("gone")
        case.module.put(TANG)
        case.heard.wait("card", times=2)
        case.module.lift()
        case.heard.wait("gone", times=2)
        case.module.put(SHEN)
        case.heard.wait("card", times=3)
        assert case.heard.numbers == ["620902190001019991"] * 2 + ["510402190001019980"]
        # One that finds a lying card again and again may be in the middle of reading when it is lifted.
        assert not deaf or case.heard.count("trouble") == 0

    def test_what_is_read_is_the_whole_card_without_its_portrait(self, watched):
        case = watched()
        case.module.put(SHEN)
        case.heard.wait("card")
        card = next(value for kind, value in case.heard.said if kind == "card")
        assert (card.kind, card.name, card.sex, card.valid_until) == (CardKind.RESIDENT, "沈桂兰", "2", "长期")
        assert card.address == "云岭市青禾区柳荫路 12 号"
        assert not any(isinstance(getattr(card, name), bytes) for name in card.__slots__)

    @pytest.mark.parametrize("fault", ["lost", "corrupt", "noise", "half a frame before", "dropped", "length"])
    def test_what_the_wire_does_once_is_made_good_without_a_word(self, watched, fault):
        case = watched()
        case.module.put(TANG)
        case.module.faults = [fault, "", fault, fault, "", fault]
        case.heard.wait("card")
        assert case.heard.numbers == ["620902190001019991"]
        assert case.heard.count("trouble") == 0

    def test_a_card_lifted_while_it_is_read_is_one_sentence_and_is_read_when_it_lies_again(self, watched):
        case = watched()
        case.module.lift_at = "3001"
        case.module.put(TANG)
        case.heard.wait("trouble", AGAIN)
        case.module.put(TANG)
        case.heard.wait("card")
        case.heard.wait("trouble", "")
        assert [said for kind, said in case.heard.said if kind == "trouble"][-2:] == [AGAIN, ""]

    def test_a_number_that_does_not_hold_is_told_and_never_given(self, watched):
        case = watched()
        case.module.put(text(**PEOPLE["wrong"]))
        case.heard.wait("trouble", "读到的号码校验不符，拿开再放一次；还不行就照证件填")
        case.looks()
        assert case.heard.numbers == []
        case.module.put(TANG)
        case.heard.wait("card")
        case.heard.wait("trouble", "")

    def test_noise_and_nothing_else_is_said_and_mends_itself(self, watched):
        case = watched()
        case.looks()
        case.reader.babble = b"\x00\xff\x13\xaa\xaa\xaa\x96\x69\xff\xff"
        case.heard.wait("trouble", GARBLED)
        case.reader.babble = b""
        case.module.put(TANG)
        case.heard.wait("card")

    def test_silence_is_said_and_mends_itself(self, watched):
        case = watched()
        case.looks()
        case.module.faults = ["lost"] * 60
        case.heard.wait("trouble", SILENT)
        case.module.faults = []
        case.module.put(TANG)
        case.heard.wait("card")

    def test_unplugged_is_said_and_plugged_again_goes_on_by_itself(self, watched):
        case = watched()
        case.module.put(TANG)
        case.heard.wait("card")
        case.reader.unplug()
        case.heard.wait("trouble", PULLED)
        case.heard.wait("gone")
        self.plug_again(case.reader)
        case.heard.wait("card", times=2)
        case.heard.wait("trouble", "")

    def test_asked_again_it_reads_the_card_that_lies_there_or_says_that_none_does(self, watched):
        case = watched()
        case.watch.again()
        case.heard.wait("trouble", EMPTY)
        case.module.put(TANG)
        case.heard.wait("card")
        case.looks()
        case.watch.again()
        case.heard.wait("card", times=2)
        assert case.heard.count("gone") == 0

    def test_stopped_it_says_nothing_more_although_the_reader_is_slow(self, watched):
        case = watched()
        case.looks()
        case.reader.slow = 0.05
        case.module.put(TANG)
        case.watch.stop()
        assert case.ended.wait(PATIENCE_S)
        assert case.heard.count("card") == 0
