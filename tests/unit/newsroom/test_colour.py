"""Contrast, against the values that WCAG itself gives."""

import pytest

from diurna.newsroom.colour import contrast, is_readable


def test_the_extremes_of_the_scale() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#123456", "#123456") == pytest.approx(1)


def test_the_grey_that_wcag_documents_name_as_the_limit_on_white() -> None:
    assert is_readable("#767676", on="#ffffff")
    assert not is_readable("#777777", on="#ffffff")


def test_the_order_of_the_colours_does_not_matter() -> None:
    assert contrast("#a8321d", "#fdfbf7") == contrast("#fdfbf7", "#a8321d")
