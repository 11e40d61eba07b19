"""Takes in damaged files one after the other, as a process of its own: ``fuzz_hand.py SEED COUNT``.

It ends at once, with where it stood, when a file holds it up, and with the seed of the file when anything but pages
or one sentence comes out. At its end it prints what happened as JSON.
"""

from __future__ import annotations

import faulthandler
import io
import json
import random
import resource
import sys
import time
from pathlib import Path

import degrade_kit as kit
from imaging_kit import Taker, drawn, opened, pdf, saved, scanned
from PIL import Image

from app.core.errors import RefusedFileError

#: On a crowded computer; on its own none takes five.
SECONDS = 30
LIMIT = 300_000


def specimens() -> list[tuple[bytes, str]]:
    """Sound files of every kind, and some that are two kinds at once."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = drawn(400, 300)
    frames = io.BytesIO()
    picture.save(frames, "TIFF", save_all=True, append_images=[drawn(300, 400), drawn(mode="1")], compression="tiff_lzw")
    photo = kit.jpeg(kit.shot(kit.paper(kit.CARDS[0]), size=(600, 800))[0])
    sheet = kit.jpeg(kit.skewed(kit.smaller(kit.paper(kit.SHEETS[0]), 0.5), 3), dpi=100)
    jpg, png = saved(picture, quality=90), saved(picture, "PNG")
    return [
        (jpg, "a.jpg"),
        (saved(picture, exif=exif, progressive=True, comment=b"x", icc_profile=b"icc" * 99), "a.jpg"),
        (saved(drawn(400, 300, "CMYK")), "a.jpg"),
        (saved(drawn(400, 300, "L"), dpi=(200, 200)), "a.jpg"),
        (photo, "a.jpg"),
        (sheet, "a.jpg"),
        (png, "a.png"),
        (saved(drawn(400, 300, "P"), "PNG", transparency=1), "a.png"),
        (saved(drawn(400, 300, "RGBA"), "PNG", exif=exif), "a.png"),
        (saved(Image.new("I;16", (300, 200), 128 * 257), "PNG"), "a.png"),
        (saved(picture, "PNG", save_all=True, append_images=[drawn(400, 300)], duration=90), "a.png"),
        (pdf(2, (200, 140)), "a.pdf"),
        (scanned(saved(drawn(1654, 2339))), "a.pdf"),
        (frames.getvalue(), "a.tif"),
        *((saved(picture, "TIFF", compression=how), "a.tif") for how in ("jpeg", "tiff_adobe_deflate", "packbits")),
        (saved(drawn(mode="1"), "TIFF", compression="group4"), "a.tif"),
        ((Path(__file__).parent / "data" / "portrait.heic").read_bytes(), "a.heic"),
        (jpg + pdf(1, (60, 40)), "a.jpg"),
        (pdf(1, (60, 40)) + jpg, "a.pdf"),
        (png + b"PK\x03\x04" + jpg, "a.png"),
        (b"MZ" + jpg, "a.jpg"),
        (b"\n" + pdf(1, (60, 40)) + b"<script>", "a.pdf"),
    ]


def damaged(files: list[tuple[bytes, str]], dice: random.Random) -> tuple[bytes, str]:
    """Return one of the files with bytes flipped, numbers put in, parts repeated, cut off, or another file's part in its middle."""
    whole, name = dice.choice(files)
    data = bytearray(whole)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        at = dice.randrange(min(len(data), dice.choice((64, 600, len(data)))))
        how = dice.randrange(6)
        if how < 2:
            data[at] ^= 1 << dice.randrange(8)
        elif how == 2:
            data[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", dice.randbytes(4)))
        elif how == 3:
            end = at + dice.randrange(1, 400)
            data[at:at] = data[at:end] * dice.randrange(1, 4)
        elif how == 4:
            other = dice.choice(files)[0]
            begin = dice.randrange(len(other))
            data[at:at] = other[begin : begin + dice.randrange(1, 2000)]
        elif dice.randrange(3) == 0:
            del data[max(1, at) :]
    return bytes(data), name if dice.randrange(9) else "没有名字的"


def main(seed: int, count: int) -> None:
    files, take = specimens(), Taker()
    came = {"files": count, "pages": 0, "refused": 0, "slowest_s": 0.0}
    for number in range(count):
        data, name = damaged(files, random.Random(f"{seed}/{number}"))
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        begun = time.monotonic()
        try:
            pages = take(data, name, formats=(), max_bytes=LIMIT)
        except RefusedFileError:
            came["refused"] += 1
        except Exception as odd:
            raise AssertionError(f"{seed}/{number}") from odd
        else:
            came["pages"] += len(pages)
            assert pages, f"{seed}/{number}"
            for page in pages:
                assert opened(page.data).size == (page.width, page.height), f"{seed}/{number}"
                assert len(page.data) <= LIMIT, f"{seed}/{number}"
        came["slowest_s"] = round(max(came["slowest_s"], time.monotonic() - begun), 2)
        faulthandler.cancel_dump_traceback_later()
    # Not getrusage for this process: there the peak of whoever started it counts along.
    status = Path("/proc/self/status").read_text()
    came["peak_mb"] = next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    came["drawing_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write(json.dumps(came))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
