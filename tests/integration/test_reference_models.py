"""The reference page of the models is whole."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "models.md"
OWN_MODELS = [model for model in apps.get_models() if model.__module__.startswith("diurna.")]


def described() -> dict[str, set[str]]:
    """Model name to the words in backquotes of its part of the page."""
    parts = re.split(r"^### (\w+)$", PAGE.read_text(), flags=re.MULTILINE)[1:]
    return {
        name: set(re.findall(r"`(\w+)`", text))
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def own_fields(model: type[Model]) -> set[str]:
    """The concrete fields that a model does not inherit from another table."""
    fields = model._meta.get_fields(include_parents=False)
    return {field.name for field in fields if field.concrete and not field.auto_created}


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model.__name__)
def test_every_field_of_every_model_is_described(model: type[Model]) -> None:
    words = described()
    assert model.__name__ in words, f"{model.__name__} is not in docs/reference/models.md"
    assert own_fields(model) - words[model.__name__] == set()


def test_no_model_is_described_that_is_gone() -> None:
    assert set(described()) <= {model.__name__ for model in OWN_MODELS}
