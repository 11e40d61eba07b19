"""Invented entries for tests of lists. The certificate is one of the synthetic numbers."""

import datetime as dt
from dataclasses import replace

from app.core.application import State
from app.services.ports import Counts, Entry, Queue

NOW = dt.datetime(2026, 2, 6, 10, 24)
TODAY = NOW.date()
SHEN = "51040219000101998X"

DRAFT = Entry(
    id="d1",
    number="",
    state=State.DRAFT,
    queue=None,
    name="沈桂兰",
    cert_number=SHEN,
    phone="13800001234",
    sex="2",
    birth="1953-05-06",
    by_agent=True,
    kind="new",
    diseases="糖尿病",
    step="materials",
    region="sichuan-panzhihua",
    author="罗静",
    updated_at="2026-02-06T10:31:00",
    accepted_at="",
    due="",
    due_provisional=False,
    pages=3,
    bytes=900_000,
)
OTHER = replace(DRAFT, id="d2", name="郭生", by_agent=False, sex="1", diseases="高血压", step="disease")
QUEUED = replace(
    DRAFT,
    id="q1",
    number="PZH03-260206-0018-5",
    state=State.READY,
    queue=Queue.HERE,
    accepted_at="2026-02-06T10:47:00",
    due="2026-03-05",
    step="finished",
)
COPIED = replace(QUEUED, id="q2", number="PZH03-260205-0015-0", queue=Queue.COPIED, name="卢爱国")
BACK = replace(QUEUED, id="q3", number="PZH03-260204-0011-2", queue=Queue.NEEDS_YOU, name="韩大勤", note="出院小结印章不清")
COUNTS = Counts(drafts=2, here=1, copied=1, needs_you=1, today=3)


def now():
    return NOW
