"""The engraving press: what it prints is the same each time, and shows what it is told."""

from io import BytesIO

import pytest
from PIL import Image, ImageStat

from diurna.web.seed.pictures.gallery import SCENES, print_portrait
from diurna.web.seed.pictures.press import CINNABAR, PAPER, SKY, Plate, Shade

SMALL = (400, 267)


def ink_share(picture: Image.Image) -> float:
    """How much of the picture is darker than its paper, from 0 to 1."""
    grey = picture.convert("L").point(lambda v: 255 if v < 128 else 0)
    return float(ImageStat.Stat(grey).mean[0]) / 255


def test_the_darker_the_tone_the_more_ink() -> None:
    shares = []
    for tone in (255, 200, 130, 60, 0):
        plate = Plate(1, *SMALL)
        plate.rect((0, 0, *SMALL), tone, SKY)
        shares.append(ink_share(plate.print(border=False)))
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] > 0.95
    assert 0.2 < shares[2] < 0.75


def test_the_same_seed_prints_the_same_picture() -> None:
    def printed(seed: int) -> bytes:
        plate = Plate(seed, *SMALL)
        plate.rect((0, 0, *SMALL), Shade(60, 240), SKY)
        plate.wash(20, 60)
        return plate.print().tobytes()

    assert printed(5) == printed(5)
    assert printed(5) != printed(6)


def test_lines_are_drawn_and_cut_out_and_the_last_one_is_on_top() -> None:
    plate = Plate(1, *SMALL)
    plate.rect((0, 0, *SMALL), 255, SKY)
    plate.line([(0, 100), (400, 100)], 20)
    plate.line([(200, 0), (200, 267)], 20, light=True)
    picture = plate.print(border=False)
    assert sum(picture.getpixel((50, 100))) < 150
    assert picture.getpixel((200, 100)) == PAPER


def test_an_area_in_front_hides_the_accent_behind_it() -> None:
    plate = Plate(1, *SMALL)
    plate.rect((0, 0, *SMALL), 255, SKY)
    plate.red([(0, 0), (400, 0), (400, 267), (0, 267)])
    plate.rect((0, 0, 200, 267), 255, SKY)
    picture = plate.print(border=False)
    assert picture.getpixel((100, 100)) == PAPER
    assert picture.getpixel((300, 100)) == CINNABAR


def test_nothing_is_printed_on_the_margin() -> None:
    plate = Plate(1, *SMALL)
    plate.rect((0, 0, *SMALL), 0, SKY)
    plate.red_disc((0, 0), 200)
    assert plate.print().getpixel((4, 4)) == PAPER


@pytest.mark.parametrize("name", ["lighthouse", "fish_market"])
def test_a_scene_has_both_ink_and_paper(name: str) -> None:
    plate = Plate(3)
    SCENES[name](plate)
    assert 0.1 < ink_share(plate.print()) < 0.8


def test_a_portrait_is_a_square_jpeg() -> None:
    with Image.open(BytesIO(print_portrait("ruth-vale"))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (900, 900))
