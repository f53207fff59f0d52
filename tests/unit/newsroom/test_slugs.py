"""Addresses that belong to Diurna itself."""

import pytest
from django.core.exceptions import ValidationError

from diurna.newsroom.slugs import free_slug, is_reserved, validate_slug


def test_a_root_word_is_free_further_down() -> None:
    assert is_reserved("search", at_root=True)
    assert not is_reserved("search", at_root=False)


def test_an_article_word_is_reserved_everywhere() -> None:
    assert is_reserved("changes", at_root=True)
    assert is_reserved("changes", at_root=False)


def test_the_refusal_says_what_to_do() -> None:
    with pytest.raises(ValidationError, match="choose another word"):
        validate_slug("newsroom", at_root=True)


def test_a_free_slug_steps_over_reserved_and_taken_ones() -> None:
    assert free_slug("quay", at_root=True, taken=set()) == "quay"
    assert free_slug("search", at_root=True, taken={"search-2"}) == "search-3"
