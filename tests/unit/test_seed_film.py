"""The film: an AVIF sequence that has become an MP4, box by box."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from diurna.web.seed.film import mp4_from_avif


def sequence(frames: int) -> bytes:
    pictures = [Image.new("RGB", (64, 48), (shade * 20, 0, 0)) for shade in range(frames)]
    target = BytesIO()
    pictures[0].save(target, "AVIF", save_all=True, append_images=pictures[1:], duration=100)
    return target.getvalue()


def test_the_film_has_the_boxes_of_a_film_and_the_length_of_its_pictures() -> None:
    avif = sequence(5)
    film = mp4_from_avif(avif)
    assert len(film) == len(avif)
    assert film[4:12] == b"ftypiso6"
    assert b"avis" not in film[:64]
    media = film.index(b"mdia")
    assert film[film.index(b"hdlr", media) + 12 :].startswith(b"vide")
    movie = film.index(b"mvhd") - 4
    scale, length = struct.unpack(">IQ", film[movie + 28 : movie + 40])
    assert length / scale == pytest.approx(0.5, abs=0.02)
    # The pictures themselves are where they were.
    data = avif.index(b"mdat")
    assert film[data:] == avif[data:]


def test_the_same_pictures_give_the_same_film() -> None:
    assert mp4_from_avif(sequence(3)) == mp4_from_avif(sequence(3))


@pytest.mark.parametrize("content", [b"", b"not a film at all"])
def test_what_is_no_sequence_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no AVIF image sequence"):
        mp4_from_avif(content)
