"""Links that open one thing: signed for one purpose, and of no use for another."""

from uuid import UUID

import pytest
from django.test import override_settings

from diurna.common.signed_names import name_in, reference_of, token_of

NAME = UUID("7c1f09ab-0000-4000-8000-000000000001")


def test_a_token_gives_its_name_for_its_purpose_alone() -> None:
    token = token_of(NAME, purpose="one")
    assert name_in(token, purpose="one") == NAME
    assert name_in(token, purpose="two") is None


@pytest.mark.parametrize("token", ["", "x", NAME.hex, f"{NAME.hex}.", f"{NAME.hex}.AAAA", "é.ü"])
def test_what_was_not_signed_here_gives_none(token: str) -> None:
    assert name_in(token, purpose="one") is None


def test_a_changed_name_gives_none() -> None:
    token = token_of(NAME, purpose="one")
    assert name_in("8" + token[1:], purpose="one") is None


def test_a_key_that_was_in_use_before_is_known_still() -> None:
    with override_settings(SECRET_KEY="old"):
        token = token_of(NAME, purpose="one")
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]):
        assert name_in(token, purpose="one") == NAME
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[]):
        assert name_in(token, purpose="one") is None


def test_a_reference_can_be_said_on_the_telephone() -> None:
    assert reference_of(NAME) == "7C1F09AB"
