"""“Report” beside a comment: a plain form that is the same for everyone, and what becomes of it."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from diurna.accounts.visitors import CookieRefused, Visitor, forget, visitor_of
from diurna.comments.models import Comment
from diurna.common.areas import SAFE_METHODS
from diurna.common.errors import DiurnaError, Invalid, Missing, TooMany
from diurna.moderation.models import HouseRule
from diurna.moderation.models.report import LONGEST_REPORT
from diurna.moderation.reports import (
    OTHER,
    NotShown,
    WordsMissing,
    of_visitor,
    report,
    rules_offered,
    take_back,
)
from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article
from diurna.web.comment_writing import as_text, name_of
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import plain_metadata
from diurna.web.plain_forms import demand_small, never_kept
from diurna.web.response import in_newsroom, page_response
from diurna.web.serve import article_at, serve

# 500 characters take 6 KB at most as a form sends them; ten times as much comes back to who wrote
# too much.
MAX_BODY_BYTES: Final = 64 * 1024
# What changes when the rules do (`moderation.house_rules.KEYS`).
_RULES_KEY: Final = "moderation-rules"


@dataclass(frozen=True, kw_only=True)
class ReportForm:
    """What the form shows: the rules to choose from, and what was typed; `error` empty for none."""

    address: str
    notice_address: str
    rules: list[HouseRule]
    chosen: str = ""
    words: str = ""
    error: str = ""
    wrong: str = ""
    other: str = OTHER
    longest: int = LONGEST_REPORT


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """What `pages/report.html` says: a form, or what became of one that was sent."""

    heading: str
    sentence: str = ""
    form: ReportForm | None = None
    # Where an open report is taken back; empty where there is none.
    take_back_address: str = ""
    status: HTTPStatus = HTTPStatus.OK
    quoted: Comment | None = field(default=None, repr=False)

    @property
    def role(self) -> str:
        """How the sentence is told to who does not see the page."""
        return "alert" if self.status >= HTTPStatus.BAD_REQUEST else "status"


def report_comment(request: HttpRequest, path: str, uuid: str) -> HttpResponse:
    """`<article>/comments/<uuid>/report/`: the form; POST gives a page of thanks, or it again.

    POST with `take_back` deletes the reader's open report. 404 where readers see no such comment.
    """
    article = article_at(path)
    if article is None:
        return serve(request, f"{path}comments/{uuid}/report/")
    frame = frame_of(request)
    comment = _comment(article, uuid)
    if request.method in SAFE_METHODS:
        if comment is None or not comment.is_public:
            raise Http404
        with in_newsroom(frame):
            page = ReportPage(heading=_heading(), form=_form(article, comment), quoted=comment)
        return _page(request, article, frame, page, comment)
    return _post(request, article, frame, comment)


def _post(
    request: HttpRequest, article: Article, frame: Frame, comment: Comment | None
) -> HttpResponse:
    visitor: Visitor | None = None
    error: DiurnaError | None = None
    # Refusals are worded where they are raised.
    with in_newsroom(frame):
        try:
            demand_small(
                request,
                most=MAX_BODY_BYTES,
                sentence=_("That is far more than a report can have; please say it more shortly."),
            )
            if comment is None:
                raise Missing(_("This comment is not there any more, so nothing is left to do."))
            visitor = visitor_of(request)
            page = _done(request, article, comment, visitor)
        except DiurnaError as refused:
            error = refused
            page = _refused(request, article, comment, refused)
    response = _page(request, article, frame, page, comment)
    never_kept(response, error)
    if isinstance(error, CookieRefused):
        forget(response)
    elif visitor is not None and error is None:
        visitor.remember(response)
    return response


def _done(request: HttpRequest, article: Article, comment: Comment, visitor: Visitor) -> ReportPage:
    if "take_back" in request.POST:
        own = of_visitor(visitor).filter(comment=comment).first()
        if own is None:
            raise Missing(_("There is no report of yours; perhaps you have taken it back before."))
        take_back(report=own, visitor=visitor)
        return ReportPage(
            heading=_("Your report is taken back"), sentence=_("It is deleted, as if never made.")
        )
    made = report(
        comment=comment,
        visitor=visitor,
        rule=as_text(request.POST.get("rule")),
        words=as_text(request.POST.get("words")),
    )
    if made.is_new:
        heading = _("Thank you for your report")
        sentence = _(
            "A moderator looks at the comment. Its writer does not learn who has reported it."
        )
    else:
        heading = _("You have reported this comment before")
        sentence = _("Your report is there already; one of each reader is enough.")
    is_open = made.report.outcome == "open"
    return ReportPage(
        heading=heading,
        sentence=sentence,
        take_back_address=_address(article, comment) if is_open else "",
    )


def _refused(
    request: HttpRequest, article: Article, comment: Comment | None, error: DiurnaError
) -> ReportPage:
    can_mend = isinstance(error, Invalid | TooMany | CookieRefused)
    if comment is not None and can_mend and not comment.is_public:
        # Whatever else is amiss: the form quotes the comment, so it is not drawn again.
        error = NotShown()
        can_mend = False
    if comment is None or not can_mend:
        return ReportPage(
            heading=_("Your report was not taken"), sentence=str(error), status=error.status
        )
    form = _form(
        article,
        comment,
        chosen=as_text(request.POST.get("rule")),
        words=as_text(request.POST.get("words")),
        error=str(error),
        wrong="words" if isinstance(error, WordsMissing) else "",
    )
    return ReportPage(heading=_heading(), form=form, status=error.status, quoted=comment)


def _heading() -> str:
    return _("Report this comment")


def _form(
    article: Article,
    comment: Comment,
    *,
    chosen: str = "",
    words: str = "",
    error: str = "",
    wrong: str = "",
) -> ReportForm:
    return ReportForm(
        address=_address(article, comment),
        notice_address=f"{reverse('notice-form')}?of={comment.uuid}",
        rules=rules_offered(),
        chosen=chosen,
        words=words,
        error=error,
        wrong=wrong,
    )


def _address(article: Article, comment: Comment) -> str:
    return f"{article.address_path()}comments/{comment.uuid}/report/"


def _comment(article: Article, uuid: str) -> Comment | None:
    here = Comment.objects.filter(thread__article=article, published_at__isnull=False)
    return here.select_related("user").filter(uuid=UUID(uuid)).first()


def _page(
    request: HttpRequest,
    article: Article,
    frame: Frame,
    page: ReportPage,
    comment: Comment | None,
) -> HttpResponse:
    with in_newsroom(frame):
        metadata = plain_metadata(page.heading, "", newsroom=frame.newsroom, noindex=True)
    language = article.own_language() or frame.language
    own = f"comments/{comment.uuid}/#comment-{comment.uuid}" if comment else "#comments"
    context = {
        "metadata": metadata,
        "page": page,
        "quoted_name": name_of(page.quoted) if page.quoted else "",
        "article": article,
        "language": language,
        "direction": article.direction or ("rtl" if is_right_to_left(language) else "ltr"),
        "back": f"{article.address_path()}{own}",
    }
    keys = [f"thread-{article.uuid}", article.surrogate_key(), _RULES_KEY]
    return page_response(
        request, "pages/report.html", context, keys=keys, frame=frame, status=page.status
    )
