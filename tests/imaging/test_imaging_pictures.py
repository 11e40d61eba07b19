"""JPEG and PNG files into pages."""

import io

import pytest
from imaging_kit import drawn, noisy, opened, saved
from PIL import Image, PngImagePlugin

from app.core.errors import RefusedFileError

EXIF_TURN = 0x0112


def phone_exif(orientation=1):
    exif = Image.Exif()
    exif[EXIF_TURN] = orientation
    exif[0x010F] = "MakerOfPhone"
    exif.get_ifd(0x8825)[2] = (26.0, 34.0, 0.0)
    return exif


def test_a_clean_jpeg_keeps_its_very_bytes(take):
    data = saved(drawn(), quality=92)
    (page,) = take(data)
    assert page.data == data
    assert (page.media, page.width, page.height, page.shrunk) == ("image/jpeg", 600, 400, False)


def test_where_and_with_what_a_photo_was_taken_is_removed_and_its_pixels_are_not_touched(take):
    data = saved(drawn(), exif=phone_exif(), comment=b"Shen", icc_profile=b"profile" * 10)
    (page,) = take(data)
    assert b"MakerOfPhone" not in page.data
    assert b"Exif" not in page.data
    assert b"Shen" not in page.data
    assert opened(page.data).info["icc_profile"] == b"profile" * 10
    assert opened(page.data).tobytes() == opened(data).tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_as_it_was_seen_whatever_way_the_phone_was_held(take, orientation):
    seen = drawn()
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    held = seen if orientation == 1 else seen.transpose(Image.Transpose(undo[orientation]))
    for kind, name, options in (("JPEG", "a.jpg", {"quality": 95}), ("PNG", "a.png", {})):
        (page,) = take(saved(held, kind, exif=phone_exif(orientation), **options), name)
        assert (page.width, page.height) == (600, 400)
        red, green, blue = opened(page.data).convert("RGB").getpixel((20, 20))
        assert red > 150
        assert max(green, blue) < 80
        assert min(opened(page.data).convert("RGB").getpixel((500, 300))) > 200
        assert b"MakerOfPhone" not in page.data


def test_a_corrupt_note_of_orientation_counts_as_upright(take):
    exif = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\x01\0\0\0\x63\0\0\0"
    (page,) = take(saved(drawn(), exif=exif))
    assert (page.width, page.height) == (600, 400)


def test_what_is_hidden_behind_a_picture_is_left_behind_and_told(take):
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png")):
        take.left.clear()
        clean = saved(drawn(), kind)
        (page,) = take(clean + b"PK\x03\x04secret archive", name)
        assert page.data == clean
        assert take.left == ["图片后面夹带的别的文件没有收"]


def test_texts_in_a_png_are_removed_and_its_pixels_are_not_touched(take):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Shen Guilan")
    notes.add_itxt("XML:com.adobe.xmp", "<x>Shen</x>", zip=True)
    data = saved(drawn(), "PNG", pnginfo=notes, dpi=(300, 300))
    (page,) = take(data, "a.png")
    assert page.media == "image/png"
    assert b"Author" not in page.data
    assert b"xmp" not in page.data
    assert page.dpi == 300
    assert opened(page.data).tobytes() == opened(data).tobytes()


def test_a_stated_resolution_is_believed_only_when_it_can_be_a_measure(take):
    assert take(saved(drawn(), dpi=(300, 300)))[0].dpi == 300
    assert take(saved(drawn(), dpi=(72, 72)))[0].dpi == 0
    assert take(saved(drawn()))[0].dpi == 0


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_usual_pngs_stay_as_they_are(take, mode):
    data = saved(drawn(mode=mode), "PNG")
    assert take(data, "a.png")[0].data == data


def test_see_through_parts_become_white_paper(take):
    picture = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (0, 0, 100, 100))
    few_colours = Image.new("P", (300, 200), 1)
    few_colours.putpalette([200, 0, 0, 0, 0, 0])
    few_colours.paste(0, (0, 0, 100, 100))
    for clear, options in ((picture, {}), (picture.convert("LA"), {}), (few_colours, {"transparency": 1})):
        (page,) = take(saved(clear, "PNG", **options), "a.png")
        shown = opened(page.data).convert("L")
        assert shown.getpixel((250, 150)) > 250
        assert shown.getpixel((50, 50)) < 100


def test_sixteen_bit_grey_keeps_its_tones(take):
    picture = Image.new("I;16", (300, 200), 128 * 257)
    (page,) = take(saved(picture, "PNG"), "a.png")
    assert abs(opened(page.data).convert("L").getpixel((9, 9)) - 128) <= 1


def test_printing_inks_become_light(take):
    (page,) = take(saved(Image.new("CMYK", (300, 200), (0, 255, 255, 0)), icc_profile=b"inks" * 40))
    shown = opened(page.data)
    assert shown.mode == "RGB"
    assert "icc_profile" not in shown.info
    red, green, blue = shown.getpixel((9, 9))
    assert red > 240
    assert max(green, blue) < 20


def test_a_grey_scan_stays_grey(take):
    (page,) = take(saved(drawn(mode="L"), exif=phone_exif(6)))
    assert opened(page.data).mode == "L"


def test_a_page_that_is_too_large_is_shrunk_under_the_limit_and_stays_legible(take):
    big = saved(noisy(3000, 800), quality=97)
    limit = 2**20
    assert len(big) > limit
    (page,) = take(big, max_bytes=limit)
    assert page.shrunk
    assert len(page.data) <= limit
    assert max(page.width, page.height) >= 2338
    assert opened(page.data).size == (page.width, page.height)


def test_resolution_follows_when_pixels_are_taken_away(take):
    (page,) = take(saved(noisy(3600, 800), quality=95, dpi=(300, 300)), max_bytes=2**20)
    assert page.width < 3600
    assert abs(page.dpi - 300 * page.width / 3600) <= 1


def test_a_page_that_cannot_be_shrunk_without_losing_print_is_refused(take):
    with pytest.raises(RefusedFileError, match=r"压到 200 dpi 仍有 .* MB，这里每个文件最多 0\.2 MB"):
        take(saved(noisy(2400, 900), quality=95), max_bytes=200_000)


def test_without_a_limit_of_the_region_a_large_photo_stays_whole_and_an_enormous_one_gets_a_sane_size(take):
    photo = saved(noisy(2000, 750), quality=97)
    assert len(photo) < 10 * 2**20
    assert take(photo, max_bytes=None)[0].data == photo
    huge = saved(noisy(3000, 1200), "PNG", compress_level=0)
    (page,) = take(huge, "a.png", max_bytes=None)
    assert page.media == "image/jpeg"
    assert page.shrunk
    assert len(page.data) <= 10 * 2**20


def test_a_photo_saved_as_png_becomes_a_jpeg(take):
    (page,) = take(saved(noisy(1000, 900), "PNG"), "a.png")
    assert page.media == "image/jpeg"
    assert not page.shrunk


def test_a_thumbnail_is_a_small_jpeg_of_the_upright_page(take):
    for size in ((600, 400), (3000, 200), (50, 40)):
        (page,) = take(saved(drawn(*size), icc_profile=b"x" * 5000))
        small = opened(page.thumbnail)
        assert small.format == "JPEG"
        assert small.height <= 248
        assert len(page.thumbnail) < 30_000
    (page,) = take(saved(drawn(), exif=phone_exif(6)))
    assert opened(page.thumbnail).size[1] > opened(page.thumbnail).size[0]


def test_turning_by_nothing_gives_the_same_bytes(take):
    (page,) = take(saved(drawn()))
    assert take.maker.turned(page, 0) is page.data


@pytest.mark.parametrize(("degrees", "corner"), [(90, (390, 10)), (180, (590, 390)), (270, (10, 590))])
def test_turning_is_clockwise(take, degrees, corner):
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png")):
        (page,) = take(saved(drawn(), kind), name)
        turned = opened(take.maker.turned(page, degrees))
        assert turned.format == kind
        red, green, blue = turned.convert("RGB").getpixel(corner)
        assert red > 150
        assert max(green, blue) < 80


def test_turning_a_png_back_gives_the_same_pixels_and_a_jpeg_keeps_its_fine_colour(take):
    (page,) = take(saved(drawn(mode="P"), "PNG"), "a.png")
    once = take(take.maker.turned(page, 90), "a.png")[0]
    assert opened(take.maker.turned(once, 270)).tobytes() == opened(page.data).tobytes()
    (page,) = take(saved(drawn(), subsampling=0))
    turned = Image.open(io.BytesIO(take.maker.turned(page, 90)))
    assert turned.layer[1][1:3] == turned.layer[0][1:3]


def test_a_preview_is_no_larger_than_asked_and_a_small_page_is_its_own(take):
    (page,) = take(saved(drawn(2000, 1000)))
    assert opened(take.maker.preview(page, 500)).size == (500, 250)
    assert take.maker.preview(page, 2000) is page.data
    (page,) = take(saved(drawn(2000, 1000, "P"), "PNG"), "a.png")
    assert opened(take.maker.preview(page, 300)).size == (300, 150)
