"""The machine failing, told to people. Everything that is not an AppError is a bug of ours and reaches the crash dialog."""

from __future__ import annotations


class AppError(Exception):
    """One Chinese sentence for the clerk (what happened, what to do, nothing lost); ``detail`` is for the log and holds no personal data."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


class WrongSecretError(AppError):
    """A passphrase or code that opens nothing. ``wait`` is the seconds before the next attempt is looked at."""

    def __init__(self, sentence: str, detail: str = "", *, wait: int = 0) -> None:
        super().__init__(sentence, detail)
        self.wait = wait


class StoreError(AppError):
    """The store cannot be read or written."""


class ClockDoubtError(AppError):
    """The computer's clock went back or jumped, and nobody has confirmed the date yet: no date is promised until then."""


class DamagedError(StoreError):
    """A place in the store's file that cannot be read any more. The rest can: see ``Store.mend``."""


class CopyError(AppError):
    """The second copy cannot be written, read or trusted. The store itself is not touched by it."""


class RefusedFileError(AppError):
    """A file that cannot be taken as an original, with the reason in one sentence."""


class DeviceError(AppError):
    """A scanner or camera that cannot go on; what it delivered before is good."""


class RegionError(AppError):
    """A region folder that cannot be used. ``problems`` each name file, key and remedy."""

    def __init__(self, sentence: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(sentence, "; ".join(problems))
        self.problems = problems
