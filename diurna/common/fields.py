"""Model fields with a rule of their own."""

from typing import Any

from django import forms
from django.db import models


class AddressField(models.URLField[str, str]):
    """A web address; one typed without a scheme is taken as https (Django's default from 6.0)."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """The form field, which puts https:// before what has no scheme."""
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        """The same as a plain URL field: migrations need not know of this class."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
