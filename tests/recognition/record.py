"""Record what the real engine reads off each specimen: ``python tests/recognition/record.py``. Run anew when the models change."""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE.parent)]

from degrade_kit import SPECIMENS  # noqa: E402

from app.adapters.recognition.engine import Engine  # noqa: E402

NAMES = ("id-front", "id-back", "card", "diagnosis", "discharge", "lab", "agent-front", "agent-back")


def main() -> None:
    engine = Engine(1)
    for path in sorted(SPECIMENS.glob("*/*.*")):
        if path.stem in NAMES and path.suffix in {".jpg", ".png"}:
            found = engine.lines(path.read_bytes(), 0, lambda: False, seal=True)
            text = (
                "[\n" + ",\n".join(json.dumps([x.text, x.score, x.box, x.chars], ensure_ascii=False) for x in found) + "\n]\n"
            )
            (HERE / "lines" / f"{path.parent.name}.{path.stem}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
