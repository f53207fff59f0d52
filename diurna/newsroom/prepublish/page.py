"""The page of the check: what was found in a draft, and the button that publishes all the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.permission_policies.pages import PagePermissionPolicy

from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.newsroom.models import Article, Overruling
from diurna.newsroom.models.prepublish import LONGEST_REASON
from diurna.newsroom.prepublish.citations import language_not_known
from diurna.newsroom.prepublish.finding import Finding
from diurna.newsroom.prepublish.looking import findings, names_seen
from diurna.newsroom.prepublish.publishing import (
    approve_all_the_same,
    let_stand,
    publish_all_the_same,
)

# What follows the press, where it is not to publish: an approval, or the notice of a correction.
APPROVE: Final = "approve"
CORRECT: Final = "correct"
OVERRULINGS_A_PAGE: Final = 50
# More findings than these are counted and not listed: a draft with more has other troubles.
MOST_LISTED: Final = 200


@dataclass(frozen=True)
class Shown:
    """A finding with the address of its place in the editor."""

    finding: Finding
    address: str


@dataclass(frozen=True)
class Look:
    """What the page and the editor's tab show of one draft.

    `names` are of all new findings, each once; `more` are counted and not listed.
    """

    article: Article
    errors: list[Shown]
    hints: list[Shown]
    seen: list[Shown]
    language_not_known: str
    names: list[str]
    more: int

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to say at all."""
        return not (self.errors or self.hints or self.seen)

    @property
    def shown(self) -> str:
        """The names of the new findings, for the form that is pressed."""
        return " ".join(self.names)


def look_at(article: Article, user: Any) -> Look:
    """The findings of the latest draft, new ones apart from those that were let stand."""
    draft = article.get_latest_revision_as_object()
    seen = names_seen(article)
    everything = findings(draft, user)
    found = everything[:MOST_LISTED]
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])

    def shown(some: Iterable[Finding]) -> list[Shown]:
        # Wagtail's own way to a place in the editor; it opens the tab and scrolls there.
        return [Shown(each, f"{edit}#:w:contentpath={each.path}") for each in some]

    new = [finding for finding in found if finding.name not in seen]
    return Look(
        draft,
        errors=shown(each for each in new if each.is_error),
        hints=shown(each for each in new if not each.is_error),
        seen=shown(each for each in found if each.name in seen),
        language_not_known=language_not_known(draft),
        names=list(dict.fromkeys(each.name for each in everything if each.name not in seen)),
        more=len(everything) - len(found),
    )


def address_of(article: Article, *, then: str = "", comment: str = "", report: str = "") -> str:
    """The address of the page; `then` is what follows the press, if not a publication.

    `report` names the error report that the notice of a correction will answer.
    """
    told = {"then": then, "comment": comment, "report": report}
    return _with_query(reverse("diurna_check", args=[article.pk]), told)


def _with_query(address: str, told: dict[str, str]) -> str:
    query = {name: said for name, said in told.items() if said}
    return f"{address}?{urlencode(query)}" if query else address


@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """What was found in the draft; a press publishes it, or approves what was submitted."""
    article = _readable(request, page_id)
    if request.method == "POST":
        return _press(request, article)
    return _page(request, article)


@never_cache
@require_GET
def check_part(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The same findings as a part of the editor."""
    article = _readable(request, page_id)
    return render(request, "prepublish/findings.html", {"look": look_at(article, request.user)})


@require_GET
def overrulings(request: HttpRequest) -> HttpResponseBase:
    """What was published although the check called it an error, newest first."""
    policy = PagePermissionPolicy()
    if not policy.user_has_permission(request.user, "publish"):
        raise PermissionDenied
    mine = policy.instances_user_has_permission_for(request.user, "publish")
    rows = Overruling.objects.filter(article__in=mine.values("pk"))
    pages = Paginator(rows.select_related("article", "by"), OVERRULINGS_A_PAGE)
    context = {"page": pages.get_page(request.GET.get("p"))}
    return render(request, "prepublish/overrulings.html", context)


def _readable(request: HttpRequest, page_id: int) -> Article:
    article = get_object_or_404(Article, pk=page_id)
    rights = article.permissions_for_user(request.user)
    if not (rights.can_edit() or rights.can_publish()):
        raise PermissionDenied
    return article


def _press(request: HttpRequest, article: Article) -> HttpResponseBase:
    given: dict[str, Any] = {
        "article": article,
        "actor": request.user,
        "shown": " ".join(request.POST.getlist("shown")).split(),
        "reason": request.POST.get("reason", ""),
    }
    then = request.POST.get("then")
    try:
        if then == CORRECT:
            let_stand(**given)
            told = {"report": request.POST.get("report", "")}
            return redirect(_with_query(reverse("diurna_correct", args=[article.pk]), told))
        if then == APPROVE:
            approve_all_the_same(**given, comment=request.POST.get("comment", ""))
        else:
            publish_all_the_same(**given)
    except Refused as error:
        raise PermissionDenied(str(error)) from error
    except (Invalid, Conflicting) as error:
        return _page(request, article, problem=str(error), status=error.status)
    article.refresh_from_db()
    messages.success(request, _said(article))
    return redirect("wagtailadmin_explore", article.get_parent().pk)


def _said(article: Article) -> str:
    title = {"title": article.get_admin_display_title()}
    if article.approved_schedule or (article.go_live_at and article.go_live_at > timezone.now()):
        return _("“%(title)s” is scheduled for publishing.") % title
    return _("“%(title)s” is published.") % title


def _page(
    request: HttpRequest,
    article: Article,
    *,
    problem: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponseBase:
    # A press carries what the address said, so that an error does not lose it.
    told = request.POST if request.method == "POST" else request.GET
    context = {
        "look": look_at(article, request.user),
        "article": article,
        "may_publish": article.permissions_for_user(request.user).can_publish()
        and (article.has_unpublished_changes or not article.live),
        "then": told.get("then") if told.get("then") in {APPROVE, CORRECT} else "",
        "comment": told.get("comment", ""),
        "report": told.get("report", ""),
        "reason": request.POST.get("reason", ""),
        "longest_reason": LONGEST_REASON,
        "problem": problem,
        "overrulings": article.overrulings.select_related("by"),
    }
    return render(request, "prepublish/check.html", context, status=status)
