"""“Report an error” in a story: a plain form, the same for everyone, and the receipt of a report.

The form needs no account and no script. The receipt opens by its link alone and says, later, what
the newsroom has answered.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from diurna.accounts.visitors import CookieRefused, forget, visitor_of
from diurna.common.areas import SAFE_METHODS
from diurna.common.erasures import ERASED
from diurna.common.errors import DiurnaError
from diurna.newsroom.error_links import name_in, path_of, reference_of
from diurna.newsroom.error_reports import report_error
from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article, ErrorReport
from diurna.newsroom.models.error_report import (
    LONGEST_EVIDENCE,
    LONGEST_EXPLANATION,
    LONGEST_WORDS,
)
from diurna.newsroom.notice_display import anchor_of
from diurna.web.addresses import absolute
from diurna.web.comment_writing import as_text
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import plain_metadata
from diurna.web.plain_forms import demand_small, demand_text, never_kept, opened_by_link
from diurna.web.response import in_newsroom, keep_out, page_response
from diurna.web.serve import article_at, serve

# 5,000 characters take 60 KB at most as a form sends them; more comes back to who wrote too much.
MOST_BYTES: Final = 256 * 1024
_TEXTS: Final = ("words", "explanation", "evidence", "email")
_TICKS: Final = ("is_subject", "to_account")


@dataclass(frozen=True, kw_only=True)
class ErrorForm:
    """What the form shows: what was typed, by field, and what is amiss with which field."""

    words: str = ""
    explanation: str = ""
    evidence: str = ""
    email: str = ""
    is_subject: bool = False
    to_account: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    longest_words: int = LONGEST_WORDS
    longest_explanation: int = LONGEST_EXPLANATION
    longest_evidence: int = LONGEST_EVIDENCE


@require_http_methods(["GET", "HEAD", "POST"])
def error_form(request: HttpRequest, path: str) -> HttpResponse:
    """`<article>/report/`: the form; POST leads to the receipt (303), or gives it back.

    `?words=` fills in the passage.
    """
    article = article_at(path)
    if article is None:
        return serve(request, f"{path}report/")
    frame = frame_of(request)
    if request.method not in SAFE_METHODS:
        return _post(request, article, frame)
    words = as_text(request.GET.get("words"))[:LONGEST_WORDS]
    response = _form_page(request, article, frame, ErrorForm(words=words))
    if request.GET:
        # Any number of addresses would lead to this page; only the plain one is kept.
        keep_out(response)
    return response


@require_safe
def error_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """`/corrections/reports/<token>/`: that we have the report, and later what was answered.

    410 for a report that went with its story; 404 for a link that was never made here.
    """
    name = name_in(token)
    if name is None:
        raise Http404
    reports = ErrorReport.objects.select_related("article", "correction")
    report = reports.filter(uuid=name).first()
    frame = frame_of(request)
    context: dict[str, Any] = {"report": report}
    with in_newsroom(frame):
        if report is None:
            heading = _("This report is not here any more")
        else:
            reference = reference_of(report)
            heading = _("Error report %(reference)s") % {"reference": reference}
            context |= _receipt(report, frame)
        metadata = plain_metadata(heading, "", newsroom=frame.newsroom, noindex=True)
    context |= {"metadata": metadata, "heading": heading}
    status = HTTPStatus.GONE if report is None else HTTPStatus.OK
    return opened_by_link(
        page_response(request, "pages/error_receipt.html", context, frame=frame, status=status)
    )


def _receipt(report: ErrorReport, frame: Frame) -> dict[str, Any]:
    article, correction = report.article, report.correction
    return {
        "own_address": absolute(path_of(report)),
        "is_erased": report.explanation == ERASED,
        # A story that was taken off is named no more.
        "article": article if article.live else None,
        "story_address": article.address_path(),
        "correction": correction if article.live else None,
        "correction_place": anchor_of(correction.number) if correction is not None else "",
        **_language_of(article, frame),
    }


def _post(request: HttpRequest, article: Article, frame: Frame) -> HttpResponse:
    typed: dict[str, Any] = {}
    # Refusals are worded where they are raised.
    with in_newsroom(frame):
        try:
            demand_small(
                request,
                most=MOST_BYTES,
                sentence=_("That is far more than a report can have; please say it more shortly."),
            )
            demand_text(request)
            typed = _typed(request)
            made = report_error(article=article, **typed, visitor=visitor_of(request))
        except DiurnaError as error:
            return _refused(request, article, frame, typed, error)
    return never_kept(
        HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": path_of(made)})
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    texts = {name: as_text(request.POST.get(name)) for name in _TEXTS}
    return texts | {name: bool(request.POST.get(name)) for name in _TICKS}


def _refused(
    request: HttpRequest,
    article: Article,
    frame: Frame,
    typed: dict[str, Any],
    error: DiurnaError,
) -> HttpResponse:
    errors = {getattr(error, "field", "whole"): str(error)}
    form = ErrorForm(**typed, errors=errors)
    response = never_kept(_form_page(request, article, frame, form, status=error.status), error)
    if isinstance(error, CookieRefused):
        forget(response)
    return response


def _form_page(
    request: HttpRequest,
    article: Article,
    frame: Frame,
    form: ErrorForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    address = f"{article.address_path()}report/"
    with in_newsroom(frame):
        heading = _("Report an error")
        metadata = plain_metadata(heading, address, newsroom=frame.newsroom, noindex=True)
    context = {
        "metadata": metadata,
        "heading": heading,
        "form": form,
        "address": address,
        "article": article,
        "back": article.address_path(),
        **_language_of(article, frame),
    }
    keys = [article.surrogate_key()]
    return page_response(
        request, "pages/error_form.html", context, keys=keys, frame=frame, status=status
    )


def _language_of(article: Article, frame: Frame) -> dict[str, str]:
    language = article.own_language() or frame.language
    direction = article.direction or ("rtl" if is_right_to_left(language) else "ltr")
    return {"language": language, "direction": direction}
