"""Card readers for windows: cards are put down and lifted by the test, and told on a thread of their own as real ones are."""

import threading

from app.core.cards import Card, CardKind
from app.services.ports.cards import CardReader

SHEN = Card(
    CardKind.RESIDENT,
    name="沈桂兰",
    number="510402190001019980",
    sex="2",
    nation="01",
    birth="1900-01-01",
    address="云岭市青禾区柳荫路 12 号",
    valid_until="长期",
)
TANG = Card(
    CardKind.RESIDENT, name="唐海", number="620902190001019991", sex="1", nation="01", birth="1900-01-01", address="柳荫路 3 号"
)
SOCIAL = Card(CardKind.SOCIAL, card_number="A12345678", locked="姓名和号码要用医保局的密钥才能读，照卡面键入")


class HandReaders:
    """The port, moved by hand. ``there``: the readers that are plugged in."""

    def __init__(self):
        self.there = [CardReader("serial:COM3", "身份证读卡器（COM3）")]
        self.watched, self.asked_again, self.lying = {}, 0, {}

    def found(self, *, patient=False):
        return tuple(self.there)

    def lacking(self):
        return ("社保卡读卡器：这台电脑少了 pyscard，让管理员装上；卡号照卡面键入",)

    def watch(self, reader, *, card, trouble, gone):
        self.watched[reader.id] = (card, trouble, gone)
        return _Watch(self, reader.id)

    def put(self, one, reader="serial:COM3"):
        self.lying[reader] = one
        self._on_its_thread(self.watched[reader][0], one)

    def lift(self, reader="serial:COM3"):
        self.lying.pop(reader, None)
        self._on_its_thread(self.watched[reader][2])

    def say(self, sentence, reader="serial:COM3"):
        self._on_its_thread(self.watched[reader][1], sentence)

    @staticmethod
    def _on_its_thread(call, *args):
        thread = threading.Thread(target=call, args=args)
        thread.start()
        thread.join()


class _Watch:
    def __init__(self, readers, id_):
        self._readers, self._id = readers, id_

    def again(self):
        self._readers.asked_again += 1
        if self._id in self._readers.lying:
            self._readers.put(self._readers.lying[self._id], self._id)

    def stop(self):
        self._readers.watched.pop(self._id, None)
