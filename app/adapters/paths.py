"""Where things lie: what is shipped with the program, and where a counter keeps its store."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.core.errors import AppError

_NAME = "chuangkou"
_PACKAGE = Path(__file__).resolve().parent.parent


def resources() -> Path:
    """Return the folder of fonts, icons and specimens. AppError when the installation is incomplete."""
    return shipped("resources", _PACKAGE)


def forms() -> Path:
    """Return the folder that holds one folder per region. AppError when the installation is incomplete."""
    return shipped("forms", _PACKAGE)


def shipped(folder: str, package: Path) -> Path:
    """Return ``folder`` as it came with the package: inside it when installed from a wheel, beside it in a checkout.

    The wheel's place is asked first: beside an installed package lies site-packages, where a stranger's ``resources`` may lie.
    """
    for candidate in (package / "_data" / folder, package.parent / folder):
        if candidate.is_dir():
            return candidate
    raise AppError(
        f"程序文件不全：找不到 {folder} 文件夹。重新安装程序即可，已存的内容不受影响。", f"no {folder} beside the package"
    )


def default_data_dir() -> Path:
    """Return where this user's store lies unless ``--data-dir`` says otherwise. It is not created here."""
    system: str = sys.platform  # the type checker looks at one system only
    if system == "linux":
        # As platformdirs says, whose import takes a tenth of the start.
        given = os.environ.get("XDG_DATA_HOME", "").strip()
        return (Path(given) if given else Path.home() / ".local/share") / _NAME
    from platformdirs import user_data_path  # noqa: PLC0415

    return user_data_path(_NAME, appauthor=False)
