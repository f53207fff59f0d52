"""Copies of stories are drafts: publishing is a step of its own, with its check."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page

from diurna.newsroom.models import Article, Section


class DraftCopyForm(CopyForm):
    """Wagtail's form, which publishes the copies of nothing that holds a story."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Article.objects.descendant_of(self.page, inclusive=True).exists():
            self.fields.pop("publish_copies", None)


# Wagtail reads the form of a page's copy from its class.
Article.copy_form_class = DraftCopyForm
Section.copy_form_class = DraftCopyForm


@hooks.register("before_copy_page")
def say_what_a_copy_is(request: HttpRequest, page: Page) -> None:
    """A copy of a story is a draft; one of a retracted story has text that was taken back."""
    if request.method == "POST":
        return
    stories = Article.objects.descendant_of(page, inclusive=True)
    if not stories.exists():
        return
    messages.info(
        request, _("Copies of stories are drafts: each is checked and published by itself.")
    )
    retracted = stories.filter(retracted_at__isnull=False).first()
    if retracted is not None:
        messages.warning(
            request,
            _(
                "“%(title)s” is retracted. A copy has its text without the notice; "
                "take out what was wrong before you publish the copy."
            )
            % {"title": retracted.title},
        )
