"""Which languages are written right to left."""

import pytest

from diurna.newsroom.language import is_right_to_left


@pytest.mark.parametrize("tag", ["ar", "AR", "ar-EG", "fa_AF", "he", "ur-PK"])
def test_right_to_left(tag: str) -> None:
    assert is_right_to_left(tag)


@pytest.mark.parametrize("tag", ["en", "de-AT", "pt-br", "ar-Latn", "", "arn"])
def test_left_to_right(tag: str) -> None:
    assert not is_right_to_left(tag)
