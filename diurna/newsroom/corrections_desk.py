"""Correcting and retracting at the desk: the page editor's menu, and the form of a notice."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.models import Page

from diurna.accounts.models import User
from diurna.common.errors import DiurnaError
from diurna.newsroom.correction_changes import changes_between, only_passage, places
from diurna.newsroom.correction_form import DRAFT, RETRACT, WORDS, NoticeForm
from diurna.newsroom.corrections import MAX_WORDS, correct
from diurna.newsroom.models import (
    Article,
    Correction,
    CorrectionKind,
    ErrorOutcome,
    FoundBy,
    PublicRevision,
)
from diurna.newsroom.notice_display import notice_of
from diurna.newsroom.prepublish import let_stand
from diurna.newsroom.prepublish.page import CORRECT, address_of, look_at

# What the button of the page editor sends.
PUBLISH_WITH_NOTICE: Final = "action-correct"


class NoticeMenuItem(ActionMenuItem):
    """Something that needs a live story and the right to publish it."""

    purpose: ClassVar[str] = ""

    def is_shown(self, context: Mapping[str, Any]) -> bool:
        """In the editor of a live story, for who may publish it."""
        page = context.get("page")
        return (
            context["view"] == "edit"
            and isinstance(page, Article)
            and page.live
            and not context["locked_for_user"]
            and self.get_user_page_permissions_tester(context).can_publish()
        )

    def get_url(self, context: Mapping[str, Any]) -> str | None:
        """Where the notice is written; None for a button of the editor's own form."""
        return _address(context["page"], self.purpose) if self.purpose else None


class PublishWithNotice(NoticeMenuItem):
    """Keeps the draft and goes on to its notice."""

    name = PUBLISH_WITH_NOTICE
    label: str | Promise = gettext_lazy("Publish with a correction")
    icon_name = "check"


class CorrectWords(NoticeMenuItem):
    """A notice where the words stay."""

    name = "action-correct-words"
    label: str | Promise = gettext_lazy("Correct without changing the text")
    icon_name = "doc-full-inverse"
    purpose = WORDS


class Retract(NoticeMenuItem):
    """Takes back what the story says, and leaves it where it is."""

    name = "action-retract"
    label: str | Promise = gettext_lazy("Retract")
    icon_name = "undo"
    purpose = RETRACT

    def is_shown(self, context: Mapping[str, Any]) -> bool:
        """Not for a story that is retracted already."""
        return super().is_shown(context) and context["page"].retracted_at is None


@hooks.register("register_page_action_menu_item")
def publish_with_notice() -> ActionMenuItem:
    """After “Publish”."""
    return PublishWithNotice(order=32)


@hooks.register("register_page_action_menu_item")
def correct_words() -> ActionMenuItem:
    """After “Publish with a correction”."""
    return CorrectWords(order=34)


@hooks.register("register_page_action_menu_item")
def retract() -> ActionMenuItem:
    """Last of the three."""
    return Retract(order=36)


@hooks.register("after_edit_page")
def go_on_to_the_notice(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The draft is kept; what is missing is the notice."""
    if request.method != "POST" or PUBLISH_WITH_NOTICE not in request.POST:
        return None
    return redirect(_address(page, DRAFT)) if isinstance(page, Article) else None


@hooks.register("register_admin_urls")
def correction_urls() -> list[URLPattern]:
    """Where notices are written."""
    return [
        path("corrections/<int:page_id>/", correct_story, name="diurna_correct"),
        path("corrections/<int:page_id>/preview/", preview, name="diurna_correct_preview"),
    ]


@require_http_methods(["GET", "POST"])
def correct_story(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The form of a notice beside what the draft changes; POST publishes both.

    What was typed stays where it can't be published.
    """
    article = _story(request, page_id)
    purpose = _purpose(request, article)
    status = HTTPStatus.OK
    look = look_at(article, request.user) if purpose == DRAFT else None
    if look is not None and look.errors:
        return redirect(address_of(article, then=CORRECT, report=request.GET.get("report", "")))
    if request.method == "POST":
        form = _form(article, purpose, data=request.POST)
        names = look.names if look is not None else []
        if form.is_valid() and _publish(request, article, purpose, form, names):
            return redirect("wagtailadmin_pages:edit", article.pk)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        form = _form(article, purpose)
        form.initial = {**form.initial, **_answering(article, request.GET.get("report", ""))}
    context = {**_context(article, purpose, form), "look": look}
    return render(request, "desk/correct.html", context, status=status)


@require_POST
def preview(request: HttpRequest, page_id: int) -> HttpResponse:
    """The notice as readers would see it; for a frame beside the form."""
    article = _story(request, page_id)
    form = _form(article, _purpose(request, article), data=request.POST)
    form.is_valid()
    told = form.cleaned_data
    row = Correction(
        article=article,
        number=0,
        at=timezone.now(),
        kind=told.get("kind") or CorrectionKind.CORRECTION,
        **{name: told.get(name) or "" for name in ("text", "wrong", "right", "channels")},
        severity=told.get("severity") or "",
        found_by=told.get("found_by") or "",
        reported_on=told.get("reported_on"),
    )
    context = {
        "article": article,
        "direction": article.text_direction(),
        "language": article.language_code(),
        "notice": notice_of(row, address=""),
    }
    return render(request, "desk/correct_preview.html", context)


def _story(request: HttpRequest, page_id: int) -> Article:
    """The story, if it is live and this person may publish it."""
    article = get_object_or_404(Article.objects.live(), pk=page_id)
    if not article.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    return article


def _purpose(request: HttpRequest, article: Article) -> str:
    asked = request.GET.get("do", DRAFT)
    if asked == RETRACT and article.retracted_at is None:
        return RETRACT
    return DRAFT if asked == DRAFT and article.has_unpublished_changes else WORDS


def _address(page: Page, purpose: str) -> str:
    return f"{reverse('diurna_correct', args=[page.pk])}?do={purpose}"


def _public(article: Article) -> PublicRevision:
    return article.public_revisions.order_by("-number")[0]


def _form(article: Article, purpose: str, data: Any = None) -> NoticeForm:
    shown = _version(article, purpose)
    public = _public(article)
    return NoticeForm(
        data,
        purpose=purpose,
        choices=places(shown, public.text),
        reports=article.error_reports.filter(outcome=ErrorOutcome.OPEN).order_by("at", "pk"),
        initial=_initial(article, purpose, shown, public),
    )


def _version(article: Article, purpose: str) -> Article:
    """The story as it will be public: the draft, or as it is."""
    if purpose != DRAFT:
        return article
    draft: Article = article.get_latest_revision_as_object()
    return draft


def _initial(
    article: Article, purpose: str, shown: Article, public: PublicRevision
) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "kind": CorrectionKind.RETRACTION if purpose == RETRACT else CorrectionKind.CORRECTION,
        "draft": str(article.latest_revision_id or ""),
    }
    if purpose != DRAFT or public.removed:
        return initial
    changed = [place.block for place in places(shown, public.text) if place.changed]
    initial["block"] = changed[0] if len(changed) == 1 else ""
    if passage := only_passage(public.text, shown):
        initial |= {"wrong": passage.wrong[:MAX_WORDS], "right": passage.right[:MAX_WORDS]}
    return initial


def _answering(article: Article, name: str) -> dict[str, Any]:
    """What an error report fills in, named by its uuid: itself, and who found the error when."""
    try:
        report = article.error_reports.filter(outcome=ErrorOutcome.OPEN, uuid=UUID(name)).first()
    except ValueError:
        return {}
    if report is None:
        return {}
    return {
        "reports": [report.pk],
        "found_by": FoundBy.SUBJECT if report.is_subject else FoundBy.READER,
        "reported_on": timezone.localdate(report.at),
    }


def _publish(
    request: HttpRequest, article: Article, purpose: str, form: NoticeForm, hints: list[str]
) -> bool:
    assert isinstance(request.user, User)  # the desk lets in nobody else
    if purpose == WORDS and request.GET.get("do") == DRAFT:
        form.add_error(
            None,
            _(
                "A colleague has published the draft meanwhile. Please look at what the story says "
                "now; the button below publishes the notice alone."
            ),
        )
        return False
    if purpose == DRAFT and form.cleaned_data["draft"] != str(article.latest_revision_id):
        form.add_error(
            None,
            _("The draft was saved again meanwhile. Please look at what it changes, and go on."),
        )
        data = request.POST.copy()
        data["draft"] = str(article.latest_revision_id)
        form.data = data
        return False
    try:
        with transaction.atomic():
            if purpose == DRAFT:
                # The hints stand on the form; errors were overruled on a page of their own.
                let_stand(article=article, actor=request.user, shown=hints)
            row = correct(
                article=article,
                actor=request.user,
                notice=form.words(),
                reports=list(form.cleaned_data.get("reports") or []),
                publish_draft=purpose == DRAFT,
            )
    except DiurnaError as error:
        form.add_error(None, str(error))
        return False
    said = _("The story is retracted.") if purpose == RETRACT else _("The notice is published.")
    shown = f"{article.url}#correction-{row.number}"
    messages.success(
        request, format_html("{} <a href='{}'>{}</a>", said, shown, _("See it as readers do"))
    )
    return True


def _context(article: Article, purpose: str, form: NoticeForm) -> dict[str, Any]:
    public = _public(article)
    changes = []
    if purpose == DRAFT and not public.removed:
        changes = changes_between(public.text, _version(article, purpose))
    titles = {
        DRAFT: _("Publish with a correction"),
        WORDS: _("Correct without changing the text"),
        RETRACT: _("Retract this story"),
    }
    return {
        "article": article,
        "form": form,
        "purpose": purpose,
        "title": titles[purpose],
        "changes": changes,
        "retracts": purpose == RETRACT,
    }
