"""Where the check meets Wagtail's ways of publishing: each asks once, and only for what is new.

The clock and the actions (imports, demonstration) publish without a question: a draft that waits
for its time was looked at when it was scheduled.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import ModelLogEntry, Page, PageLogEntry
from wagtail.permission_policies.pages import PagePermissionPolicy

from diurna.accounts.approval import BEFORE_APPROVAL
from diurna.newsroom.models import Article
from diurna.newsroom.prepublish import page as pages
from diurna.newsroom.prepublish.looking import unseen
from diurna.newsroom.prepublish.publishing import LOG_ACTION

# Reports of Wagtail's own have 700 to 1100.
MENU_ORDER = 650


@hooks.register("before_publish_page")
def look_before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Show what is new in the draft, which is stored by now, before it is published."""
    if not isinstance(page, Article) or not unseen(page, request.user):
        return None
    return redirect(pages.address_of(page))


@hooks.register(BEFORE_APPROVAL)
def look_before_approval(page: Page, user: Any, comment: str = "") -> str | None:
    """The same before an approval publishes what was submitted."""
    article = page.specific
    if not isinstance(article, Article):
        return None
    if not unseen(article.get_latest_revision_as_object(), user):
        return None
    return pages.address_of(article, then=pages.APPROVE, comment=comment)


@hooks.register("after_edit_page")
def go_and_look(request: HttpRequest, page: Page) -> HttpResponse | None:
    """After "Approve" in the editor, which does not follow what an approval answers."""
    is_approval = request.POST.get("workflow-action-name") == "approve"
    if not (is_approval and request.POST.get("action-workflow-action")):
        return None
    if not isinstance(page, Article) or not page.workflow_in_progress:
        return None
    address = look_before_approval(page, request.user)
    return redirect(address) if address else None


@hooks.register("before_bulk_action")
def look_at_each_by_itself(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Several pages at once can't be asked about: one with something new is published singly."""
    if action_type != "publish":
        return None
    below = action.cleaned_form.cleaned_data.get("include_descendants")
    for article in _to_be_published(objects, below=bool(below)):
        if unseen(article.get_latest_revision_as_object(), request.user):
            messages.error(
                request,
                _(
                    "Nothing was published: something in “%(title)s” should be looked at first."
                    " Publish it by itself."
                )
                % {"title": article.get_admin_display_title()},
            )
            return redirect(pages.address_of(article))
    return None


def _to_be_published(objects: Iterable[Any], *, below: bool) -> Iterator[Article]:
    for page in objects:
        if not isinstance(page, Page):
            continue
        specific = page.specific
        if isinstance(specific, Article):
            yield specific
        if below:
            yield from Article.objects.descendant_of(page).not_live()


@hooks.register("register_admin_urls")
def check_urls() -> list[URLPattern]:
    """The check's own addresses."""
    return [
        path("check/overruled/", pages.overrulings, name="diurna_overrulings"),
        path("check/<int:page_id>/", pages.check, name="diurna_check"),
        path("check/<int:page_id>/part/", pages.check_part, name="diurna_check_part"),
    ]


class OverrulingsMenuItem(MenuItem):
    """Shown to who may publish something."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the page behind it opens for this person."""
        return bool(PagePermissionPolicy().user_has_permission(request.user, "publish"))


@hooks.register("register_reports_menu_item")
def overrulings_menu_item() -> MenuItem:
    """What was published although the check called it an error."""
    return OverrulingsMenuItem(
        gettext_lazy("Overruled before publishing"),
        reverse("diurna_overrulings"),
        icon_name="warning",
        order=MENU_ORDER,
    )


@hooks.register("insert_editor_js")
def editor_script() -> str:
    """The tab "Before publishing" is filled when it is opened and after each save."""
    return format_html(
        '<script type="module" src="{}"></script>', static("prepublish/editor_tab.js")
    )


@hooks.register("insert_global_admin_css")
def check_style() -> str:
    """How findings look."""
    return format_html('<link rel="stylesheet" href="{}">', static("prepublish/check.css"))


@hooks.register("register_log_actions")
def register_overruling(actions: LogActionRegistry) -> None:
    """The desk's history of a story says what was overruled, and why."""

    @actions.register_action(LOG_ACTION)
    class Overruled(LogFormatter):
        label = gettext_lazy("Overrule the check")

        def format_message(self, log_entry: PageLogEntry | ModelLogEntry) -> str:
            reason = log_entry.data.get("reason", "")
            return _("Published although the check found errors: %(reason)s") % {"reason": reason}

        def format_comment(self, log_entry: PageLogEntry | ModelLogEntry) -> str:
            checks = log_entry.data.get("checks", [])
            return str(format_html_join(", ", "{}", ((check,) for check in checks)))
