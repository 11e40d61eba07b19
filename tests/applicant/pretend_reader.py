"""A reading process without a sound: ``python pretend_reader.py MODE FILE LANGUAGE``. Writes what it is asked into FILE.

MODE: reads (each text ends at once), holds (a text ends when it is stopped), dies (at the first text), silent (never answers), failing.
"""

import json
import sys
from pathlib import Path


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(mode: str, file: str, language: str) -> None:
    if mode == "silent":
        sys.stdin.read()
        return
    tell(json.dumps({"ready": language}))
    for line in sys.stdin:
        asked = json.loads(line)
        with Path(file).open("a", encoding="utf-8") as kept:
            print(json.dumps(asked, ensure_ascii=False), file=kept)
        if mode == "dies":
            return
        if "say" in asked and mode != "holds":
            tell("a library prints what it likes")
            tell(json.dumps({"failed" if mode == "failing" else "done": asked["id"]}))


main(*sys.argv[1:])
