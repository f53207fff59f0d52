"""The newsroom's library of GIFs at the desk, and what it has to know of GIPHY."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from diurna.comments import giphy
from diurna.comments.gif_files import MovingPicture, moving_picture_from
from diurna.comments.gifs import forget_files, is_shown, store_files, touch_library
from diurna.comments.models import Gif, GiphyCheck
from diurna.common.errors import Invalid

# After the pictures and files of Wagtail (300, 400).
MENU_ORDER = 450
# After the votes that wait.
PANEL_ORDER = 70
# Who keeps the library will be asked; who decides about comments can do something.
_MENDERS: Final = ("comments.change_gif", "comments.change_commentsettings")


class GifForm(WagtailAdminModelForm):
    """A GIF's words, and the file it is made from: asked for once, and for another one later."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("GIF, animated WebP or APNG, at most 10 MB and 150 frames."),
        widget=forms.FileInput(attrs={"accept": "image/gif,image/webp,image/png,image/apng"}),
    )

    def clean_file(self) -> MovingPicture | None:
        """The file as it will be kept; a sentence for one that is missing or of no use."""
        upload = self.cleaned_data["file"]
        if upload is None:
            if not self.instance.moving:
                raise forms.ValidationError(_("Please choose a file."))
            return None
        try:
            return moving_picture_from(upload)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> Gif:
        """Write the files, then the row."""
        picture = self.cleaned_data["file"]
        with transaction.atomic():
            if picture is not None:
                store_files(self.instance, picture)
            gif: Gif = super().save(commit=commit)
            touch_library()
        return gif


class GifViewSet(SnippetViewSet):
    """GIFs that readers may put into comments."""

    model = Gif
    icon = "image"
    menu_label = gettext_lazy("GIFs for comments")
    menu_order = MENU_ORDER
    add_to_admin_menu = True
    list_display = ["title", "alt", "is_offered", "added_at"]
    search_fields = ["title", "alt"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("file", "title", "alt", "credit", "is_offered")],
        base_form_class=GifForm,
    )


class GiphyPanel(Component):
    """Says on the start page that GIPHY does not work; nothing while it does."""

    name = "giphy"
    template_name = "desk/giphy_panel.html"
    order = PANEL_ORDER

    def __init__(self, check: GiphyCheck) -> None:
        self._check = check

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """What is wrong, and what to do."""
        return {"sentence": giphy.sentence_about(self._check)}


def register() -> None:
    """Add the library to the desk; called by `wagtail_hooks`."""
    register_snippet(GifViewSet)
    hooks.register("construct_homepage_panels", _say_that_giphy_fails)
    hooks.register("before_delete_snippet", _keep_what_is_shown)
    hooks.register("after_delete_snippet", _forget_what_is_deleted)


def _keep_what_is_shown(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """Whoever may delete everything is told what to do instead."""
    if not any(isinstance(one, Gif) and is_shown(one) for one in instances):
        return None
    messages.error(
        request,
        _("Comments show this GIF, so it stays; untick “offered to readers” to take it out."),
    )
    return redirect(reverse(GifViewSet().get_url_name("list")))


def _forget_what_is_deleted(request: HttpRequest, instances: Iterable[Any]) -> None:
    for one in instances:
        if isinstance(one, Gif):
            forget_files(one)
            touch_library()


def _say_that_giphy_fails(request: HttpRequest, panels: list[Component]) -> None:
    trouble = giphy.trouble()
    may_mend = map(request.user.has_perm, _MENDERS)
    if trouble is not None and any(may_mend):
        panels.append(GiphyPanel(trouble))
