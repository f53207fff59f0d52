"""Sounds and papers made by code are what they say they are."""

import wave
from io import BytesIO

import pytest

from diurna.web.seed.recordings import FILES


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".wav")])
def test_a_sound_is_a_short_mono_wav_that_is_neither_silent_nor_clipped(name: str) -> None:
    with wave.open(BytesIO(FILES[name]())) as sound:
        assert sound.getnchannels() == 1
        assert 3 <= sound.getnframes() / sound.getframerate() <= 6
        frames = sound.readframes(sound.getnframes())
    levels = memoryview(frames).cast("h")
    loudest = max(abs(level) for level in levels)
    assert loudest > 8_000
    assert sum(abs(level) >= 30_000 for level in levels) < len(levels) / 100


def test_the_paper_is_a_pdf() -> None:
    assert FILES["ferry-sums.pdf"]().startswith(b"%PDF-")
