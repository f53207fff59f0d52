"""Forms of the desk that need a rule of their own."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.forms import BaseImageForm

from diurna.common.errors import Invalid
from diurna.newsroom.photo_upload import reencode


class PhotographForm(BaseImageForm):
    """The upload form; a file that is no readable picture is an error of its field."""

    def clean_file(self) -> Any:
        """The file, decoded and encoded again if it is new."""
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data or file is None:
            return file
        try:
            return reencode(file)
        except Invalid as error:
            raise ValidationError(str(error)) from error
