"""Reading aloud: what is said, when it falls silent, and that a machine without a voice loses nothing but the voice."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unicodedata
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.spoken import aloud, sentences
from app.ui.applicant.reader import _voice
from app.ui.applicant.voice import SPEEDS, Voice

LIMIT = 30_000
TEXT = "这个电话对吗？幺三九，零零零零，四八二幺。对就点右下角。"
PRETEND = Path(__file__).with_name("pretend_reader.py")

Making = Callable[..., Voice]


@pytest.fixture
def voices(qtbot: QtBot) -> Iterator[Making]:
    made: list[Voice] = []

    def make(**options: object) -> Voice:
        made.append(Voice(**options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def asked(tmp_path: Path) -> Callable[[], list[dict[str, object]]]:
    file = tmp_path / "asked"
    return lambda: [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def pretending(voices: Making, tmp_path: Path, mode: str, **options: object) -> Voice:
    return voices(run=[sys.executable, "-S", str(PRETEND), mode, str(tmp_path / "asked")], **options)


def said(asked: list[dict[str, object]]) -> list[object]:
    return [one["say"] for one in asked if "say" in one]


def test_nothing_is_looked_for_until_it_is_asked_for(voices: Making) -> None:
    voice = voices()
    voice.say(TEXT)
    assert not voice.able
    assert voice.why_not == "正在找语音"
    assert not voice.is_speaking


def test_a_text_is_read_piece_by_piece_and_the_end_is_told(voices, tmp_path, asked, qtbot) -> None:
    voice = pretending(voices, tmp_path, "reads")
    told: list[bool] = []
    voice.speaking.connect(told.append)
    voice.look()
    voice.say(TEXT)  # before the voice is there: it follows
    qtbot.waitUntil(lambda: told == [True, False], timeout=LIMIT)
    assert voice.able
    assert voice.why_not == ""
    assert said(asked()) == list(sentences(TEXT))


def test_a_stop_a_lock_and_a_new_text_end_what_is_being_read(voices, tmp_path, asked, qtbot) -> None:
    voice = pretending(voices, tmp_path, "holds")
    voice.look()
    qtbot.waitUntil(lambda: voice.able, timeout=LIMIT)
    voice.say(TEXT)
    assert voice.is_speaking
    voice.stop()
    assert not voice.is_speaking
    voice.again()
    voice.say("另一页。")
    voice.lock(locked=True)
    assert not voice.is_speaking
    voice.say("锁着不读。")
    voice.again()
    assert not voice.is_speaking
    voice.lock(locked=False)
    assert not voice.is_speaking  # nothing starts by itself in front of whoever unlocks
    voice.say("开了。")
    first = sentences(TEXT)[0]
    qtbot.waitUntil(lambda: said(asked()) == [first, first, "另一页。", "开了。"], timeout=LIMIT)
    assert sum("stop" in one for one in asked()) == 3


def test_slower_goes_two_steps_and_is_forgotten_with_the_next_person(voices, tmp_path, asked, qtbot) -> None:
    voice = pretending(voices, tmp_path, "reads")
    voice.look()
    qtbot.waitUntil(lambda: voice.able, timeout=LIMIT)
    voice.say("一。")
    for _ in range(3):
        voice.slower()
    assert voice.speed == len(SPEEDS) - 1 == 2
    voice.say("二。")
    voice.next_person()
    assert voice.speed == 0
    voice.again()  # nothing of the last one is left
    voice.say("三。")
    qtbot.waitUntil(lambda: said(asked())[-1:] == ["三。"], timeout=LIMIT)
    rates = [(one["say"], one["rate"]) for one in asked() if "say" in one]
    assert rates == [
        ("一。", SPEEDS[0]),
        ("一。", SPEEDS[1]),
        ("一。", SPEEDS[2]),
        ("一。", SPEEDS[2]),
        ("二。", SPEEDS[2]),
        ("三。", SPEEDS[0]),
    ]
    assert list(SPEEDS) == sorted(SPEEDS, reverse=True)


@pytest.mark.parametrize("mode", ["silent", "dies", "failing"])
def test_a_voice_that_hangs_or_breaks_is_given_up_in_words_and_can_be_looked_for_again(voices, tmp_path, qtbot, mode) -> None:
    voice = pretending(voices, tmp_path, mode, patience_ms=300 if mode == "silent" else LIMIT)
    voice.look()
    voice.say(TEXT)
    qtbot.waitUntil(lambda: voice.why_not not in {"", "正在找语音"}, timeout=LIMIT)
    assert voice.why_not == "语音没有应答，照旧看屏幕。重开申请人屏再试一次"
    assert not voice.is_speaking
    voice.say(TEXT)
    voice.slower()
    assert not voice.is_speaking
    voice.look()
    assert voice.why_not == "正在找语音"


def test_a_program_that_does_not_start_is_said_too(voices, tmp_path, qtbot) -> None:
    voice = voices(run=[str(tmp_path / "nothing")])
    voice.look()
    qtbot.waitUntil(lambda: "没有应答" in voice.why_not, timeout=LIMIT)


def test_the_machine_says_what_it_lacks(voices, qtbot, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # where somebody's own service would be
    monkeypatch.delenv("SPEECHD_ADDRESS", raising=False)
    lacking = (
        "import sys; sys.modules['PySide6.QtTextToSpeech'] = None; from app.ui.applicant import reader; reader.main(['zh-CN'])"
    )
    library = voices(run=[sys.executable, "-c", lacking])
    mock = voices(run=[sys.executable, "-c", "from app.ui.applicant import reader; reader.main(['zh-CN', 'mock'])"])
    alone = voices()  # the engine is there and its service is not: tests/conftest.py lets none be started
    for voice in (library, mock, alone):
        voice.look()
    qtbot.waitUntil(lambda: all(one.why_not != "正在找语音" for one in (library, mock, alone)), timeout=LIMIT)
    assert library.why_not == "这台电脑没有装语音，照旧看屏幕。管理员装 libpulse0"
    assert mock.why_not == "这台电脑没有中文语音，照旧看屏幕"
    assert alone.why_not == "这台电脑没有装语音，照旧看屏幕。管理员装 speech-dispatcher 和 espeak-ng"


class Named:
    """A voice as an engine lists it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name


class Listing:
    """An engine's list of voices, by locale."""

    def __init__(self, **voices: list[str]) -> None:
        self._voices = voices

    def availableLocales(self) -> list[object]:  # noqa: N802
        from PySide6.QtCore import QLocale

        return [QLocale(one) for one in self._voices]

    def setLocale(self, locale: object) -> None:  # noqa: N802
        self._locale = locale

    def availableVoices(self) -> list[Named]:  # noqa: N802
        return [Named(one) for one in self._voices[self._locale.name()]]


ESPEAK = [
    "Chinese (Mandarin, latin as English)",
    "Chinese (Mandarin, latin as Pinyin)+Adam",
    "Chinese (Mandarin, latin as Pinyin)",
    "Esperanto",
]


@pytest.mark.parametrize(
    ("listed", "language", "chosen"),
    [
        (
            {"C": ESPEAK, "en_US": ["English"], "yue_HK": ["Chinese (Cantonese)"]},
            "zh-CN",
            "Chinese (Mandarin, latin as Pinyin)",
        ),
        ({"C": ESPEAK, "zh_CN": ["Huihui"], "zh_TW": ["Hanhan"]}, "zh-CN", "Huihui"),
        ({"zh_TW": ["Hanhan"], "yue_HK": ["Chinese (Cantonese)"]}, "zh-CN", "Hanhan"),
        ({"C": ["Esperanto"], "yue_HK": ["Chinese (Cantonese)"], "en_US": ["English"]}, "zh-CN", None),
        ({"C": ESPEAK, "ug_CN": ["Uyghur"]}, "ug-CN", "Uyghur"),
        ({"C": ESPEAK}, "bo-CN", None),
    ],
)
def test_the_voice_is_of_the_language_though_its_engine_names_it_oddly(listed, language, chosen) -> None:
    found = _voice(Listing(**listed), language)
    assert (found.name() if found else None) == chosen


# --- with a real speech service ----------------------------------------------------------------------------------------

_CONFIG = """LogLevel 1
LogDir "{folder}"
CommunicationMethod "unix_socket"
AddModule "recorder" "sd_generic" "recorder.conf"
DefaultModule recorder
DefaultLanguage "zh-CN"
AudioOutputMethod "libao"
"""
_RECORDER = """GenericExecuteSynth "/bin/sh {folder}/speak.sh $RATE \\'$DATA\\'"
GenericCmdDependency "espeak-ng"
GenericLanguage "zh-CN" "cmn" "utf-8"
GenericLanguage "zh" "cmn" "utf-8"
GenericDefaultCharset "utf-8"
GenericMaxChunkLength 2000
GenericRateAdd 160
GenericRateMultiply 100
GenericRateForceInteger 1
AddVoice "zh-CN" "MALE1" "cmn"
"""
# Says it for real, into a file, at the speed it was asked for; then stays busy as a loudspeaker would, while `hold` stands.
_SPEAK = """cd {folder}
espeak-ng -v cmn-latn-pinyin -s "$1" -w "$(ls | wc -l).wav" "$2"
printf '%s\\t%s\\n' "$1" "$2" >> said
while [ -e hold ]; do sleep 0.02; done
"""
_LACKS = [one for one in ("speech-dispatcher", "espeak-ng") if not shutil.which(one)]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    if _LACKS:
        pytest.skip(f"no speech here: {', '.join(_LACKS)} not installed")
    with tempfile.TemporaryDirectory(prefix="speech-") as kept:  # a socket's path has room for 107 signs
        yield from serving(Path(kept), monkeypatch)


def serving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (folder / "modules").mkdir()
    (folder / "speechd.conf").write_text(_CONFIG.format(folder=folder))
    (folder / "modules/recorder.conf").write_text(_RECORDER.format(folder=folder))
    (folder / "speak.sh").write_text(_SPEAK.format(folder=folder))
    run = ["speech-dispatcher", "-s", "-C", folder, "-S", folder / "s", "-P", folder / "pid", "-L", folder, "-t", "0"]
    here = {**os.environ, "LC_ALL": "C.UTF-8"}  # under LC_ALL=C sd_generic makes ? of every sign
    with subprocess.Popen(
        run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=here, start_new_session=True
    ) as process:
        monkeypatch.setenv("SPEECHD_ADDRESS", f"unix_socket:{folder}/s")
        yield folder
        os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.skipif(bool(_LACKS), reason=f"no speech here: {', '.join(_LACKS)} not installed")
def test_a_service_that_takes_the_call_and_never_answers_holds_nobody(voices, qtbot, monkeypatch) -> None:
    with tempfile.TemporaryDirectory(prefix="speech-") as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/s")
        listening.listen()
        monkeypatch.setenv("SPEECHD_ADDRESS", f"unix_socket:{folder}/s")
        voice = voices(patience_ms=1500)
        voice.look()
        voice.say(TEXT)
        qtbot.waitUntil(lambda: "没有应答" in voice.why_not, timeout=LIMIT)
        assert not voice.is_speaking


def recorded(folder: Path) -> list[tuple[int, str]]:
    """What the service was given to say: speed in words a minute, and the text; half-width signs as it makes them."""
    lines = (folder / "said").read_text("utf-8").splitlines() if (folder / "said").exists() else []
    return [(int(rate), text) for rate, _, text in (line.partition("\t") for line in lines)]


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def test_what_a_real_voice_says_is_what_stands_on_the_screen(voices, service, qtbot) -> None:
    shown = "这个电话对吗？139 0000 4821。最迟 2026 年 3 月 5 日 周四有结果。编号 JQ03-261120-0007-7"
    pieces = [plain(one) for one in sentences(aloud(shown))]
    voice = voices()
    voice.look()
    voice.say(aloud(shown))
    qtbot.waitUntil(lambda: bool(recorded(service)) and not voice.is_speaking, timeout=LIMIT)
    assert [plain(text) for _, text in recorded(service)] == pieces
    voice.slower()
    qtbot.waitUntil(lambda: len(recorded(service)) == 2 * len(pieces), timeout=LIMIT)
    usual, slow = recorded(service)[0][0], recorded(service)[-1][0]
    assert slow < usual
    sounds = []
    for file in sorted(service.glob("*.wav"), key=lambda one: one.stat().st_mtime_ns):
        with wave.open(str(file)) as sound:
            assert any(sound.readframes(sound.getnframes()))
            sounds.append(sound.getnframes() / sound.getframerate())
    assert len(sounds) == 2 * len(pieces)
    assert sum(sounds[len(pieces) :]) > sum(sounds[: len(pieces)])  # slower is heard

    hold = service / "hold"
    hold.touch()
    voice.say("第一句。第二句。第三句。")
    qtbot.waitUntil(lambda: "第一句" in recorded(service)[-1][1], timeout=LIMIT)
    voice.stop()
    voice.say("换了一页。")
    qtbot.waitUntil(lambda: "换了一页" in recorded(service)[-1][1], timeout=LIMIT)
    hold.unlink()
    qtbot.waitUntil(lambda: not voice.is_speaking, timeout=LIMIT)
    assert [text for _, text in recorded(service)[-2:]] == ["第一句。", "换了一页。"]

    hold.touch()
    voice.say("到此为止。没有下文。")
    qtbot.waitUntil(lambda: "到此为止" in recorded(service)[-1][1], timeout=LIMIT)
    voice.close()
    hold.unlink()
    assert not voice.able
    assert "没有下文" not in str(recorded(service))
