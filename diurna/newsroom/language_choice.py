"""The choice of the newsroom's language on the desk."""

from typing import Any

from django import forms
from django.conf import global_settings, settings
from django.utils.functional import lazy
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

Choices = list[tuple[Any, Any]]


class LanguageSelect(forms.Select):
    """Languages that there are words in come first; a tag that is none of all these stays."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, choices=lazy(language_choices, list)())

    def optgroups(
        self, name: str, value: list[str], attrs: dict[str, Any] | None = None
    ) -> list[Any]:
        """Django's, with what is stored now among them: saving the form must not change it."""
        known = {tag for _title, group in language_choices() for tag, _name in group}
        for tag in value:
            if tag and tag not in known:
                self.choices = [*language_choices(), (tag, tag)]
        return super().optgroups(name, value, attrs)


def language_choices() -> Choices:
    """Two groups of tags and names: with the site's words, and without."""
    spoken = dict(settings.LANGUAGES)
    others = [tag for tag, _name in global_settings.LANGUAGES if tag not in spoken]
    return [
        (gettext("All words of the site"), list(spoken.items())),
        (
            gettext("Dates and numbers; the other words stay English"),
            sorted(((tag, _name_of(tag)) for tag in others), key=lambda pair: pair[1]),
        ),
    ]


def _name_of(tag: str) -> str:
    return str(get_language_info(tag)["name_translated"])


LANGUAGE_HELP = _(
    "In which the site speaks to readers: menus, forms, letters, dates. A story in another language"
    " says so itself. Every editor chooses the language of the desk in their own account."
)


class LanguageForm(WagtailAdminModelForm):
    """The form of the newsroom's settings; it asks what becomes of the stories that are there."""

    stories_follow = forms.BooleanField(
        label=_("The stories that are there are in the new language too"),
        required=False,
        help_text=_(
            "Only where the language above was wrong for them. Else stories and drafts stay in the"
            " language they were written in, and new ones are in the new one."
        ),
    )

    def save(self, commit: bool = True) -> Any:
        """Store the settings, and what was said of the stories with them."""
        self.instance.stories_follow = self.cleaned_data["stories_follow"]
        return super().save(commit=commit)
