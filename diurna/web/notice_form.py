"""The form for notices of illegal content, and the page on which its giver reads the decision.

Neither knows the reader: the form is the same for everyone, and the page opens by its link alone.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from diurna.accounts.networks import origin_of
from diurna.common.areas import SAFE_METHODS
from diurna.common.errors import DiurnaError
from diurna.moderation.models.report import LONGEST_ADDRESS, LONGEST_NOTICE
from diurna.moderation.notice_links import notice_of, path_of, reference_of
from diurna.moderation.notices import comment_named, give_notice
from diurna.web.addresses import absolute
from diurna.web.comment_writing import MOST_FORM_BYTES, as_text
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import plain_metadata
from diurna.web.plain_forms import demand_small, never_kept, opened_by_link
from diurna.web.response import in_newsroom, keep_out, page_response

_TEXTS: Final = ("address", "words", "name", "email")
_TICKS: Final = ("is_sincere", "may_be_nameless")


@dataclass(frozen=True, kw_only=True)
class NoticeForm:
    """What the form shows: what was typed, by field, and what is amiss with which field."""

    address: str = ""
    words: str = ""
    name: str = ""
    email: str = ""
    is_sincere: bool = False
    may_be_nameless: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    longest: int = LONGEST_NOTICE
    longest_address: int = LONGEST_ADDRESS


@require_http_methods(["GET", "HEAD", "POST"])
def notice_form(request: HttpRequest) -> HttpResponse:
    """`/moderation/notice/`: the form; POST leads to the acknowledgement (303), or gives it back.

    `?of=<uuid of a comment>` fills in the comment's address.
    """
    frame = frame_of(request)
    if request.method not in SAFE_METHODS:
        return _post(request, frame)
    of = request.GET.get("of", "")
    comment = comment_named(of) if of else None
    address = ""
    if comment is not None:
        own = f"{comment.thread.article.address_path()}comments/{comment.uuid}/"
        address = absolute(own)
    response = _form_page(request, frame, NoticeForm(address=address))
    if request.GET:
        # Any number of addresses would lead to this page; only the plain one is kept.
        keep_out(response)
    return response


@require_safe
def notice(request: HttpRequest, token: str) -> HttpResponse:
    """`/moderation/notice/<token>/`: that it is there, and later how it was decided and why."""
    found = notice_of(token)
    if found is None:
        raise Http404
    frame = frame_of(request)
    with in_newsroom(frame):
        heading = _("Notice %(reference)s") % {"reference": reference_of(found)}
        metadata = plain_metadata(heading, "", newsroom=frame.newsroom, noindex=True)
    context = {
        "metadata": metadata,
        "heading": heading,
        "notice": found,
        "reference": reference_of(found),
        "own_address": absolute(path_of(found)),
    }
    response = page_response(request, "pages/notice.html", context, frame=frame)
    return opened_by_link(response)


def _post(request: HttpRequest, frame: Frame) -> HttpResponse:
    typed: dict[str, Any] = {}
    # Refusals are worded where they are raised.
    with in_newsroom(frame):
        try:
            demand_small(
                request,
                most=MOST_FORM_BYTES,
                sentence=_("That is far more than a notice can have; please say it more shortly."),
            )
            typed = _typed(request)
            made = give_notice(**typed, origin=origin_of(request))
        except DiurnaError as error:
            return _refused(request, frame, typed, error)
    return never_kept(
        HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": path_of(made)})
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    texts = {name: as_text(request.POST.get(name)) for name in _TEXTS}
    return texts | {name: bool(request.POST.get(name)) for name in _TICKS}


def _refused(
    request: HttpRequest, frame: Frame, typed: dict[str, Any], error: DiurnaError
) -> HttpResponse:
    errors = {getattr(error, "field", "whole"): str(error)}
    response = _form_page(request, frame, NoticeForm(**typed, errors=errors), status=error.status)
    return never_kept(response, error)


def _form_page(
    request: HttpRequest, frame: Frame, form: NoticeForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    path = reverse("notice-form")
    with in_newsroom(frame):
        heading = _("Report illegal content")
        metadata = plain_metadata(
            heading, path, newsroom=frame.newsroom, noindex=status != HTTPStatus.OK
        )
    context = {"metadata": metadata, "heading": heading, "form": form, "address": path}
    return page_response(request, "pages/notice_form.html", context, frame=frame, status=status)
