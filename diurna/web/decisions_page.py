"""What was decided about a reader, with reasons and ways to appeal: `/account/decisions/`.

By account or by the guest's cookie. Who is kept from writing by a measure about a domain or a
network, which names nobody, reads of it here as well, and may appeal.
"""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.accounts.visitors import Visitor, guest_in, visitor_of
from diurna.common.errors import DiurnaError
from diurna.common.neighbour_pages import pages_beside
from diurna.moderation import appeals, statements
from diurna.moderation.models import Statement
from diurna.moderation.models.appeal import LONGEST_APPEAL
from diurna.moderation.standing import Bar, bar_of
from diurna.moderation.statement_words import Said, said_of
from diurna.web.comment_own import NotFound, layout_of, personal
from diurna.web.comment_writing import as_text

DECISIONS_A_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Line:
    """One statement as the page shows it; `address` leads to the comment that it is about."""

    statement: Statement
    said: Said
    title: str
    address: str
    appeal_address: str


@require_safe
@personal
def decisions(request: HttpRequest) -> HttpResponse:
    """All statements to the reader, the newest first, and what keeps the reader from writing."""
    return _page(request)


@require_http_methods(["GET", "POST"])
@personal
def appeal_measure(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Appeal against a measure; the page with the form, or what is amiss."""
    statement = (
        Statement.objects.filter(uuid=uuid, measure__isnull=False).select_related("measure").first()
    )
    by = _appellant(request, statement) if statement is not None else None
    if statement is None or by is None:
        raise NotFound
    words, error, status = as_text(request.POST.get("words")), "", HTTPStatus.OK
    if request.method == "POST":
        try:
            return _appealed(request, statement, by, words)
        except DiurnaError as refusal:
            error, status = str(refusal), refusal.status
    context = {
        "said": said_of(statement, timezone.now(), reader_of(request)),
        "words": words,
        "error": error,
        "longest": LONGEST_APPEAL,
        "layout": layout_of(request),
    }
    return render(request, "account/decision_appeal.html", context, status=status)


def _appealed(
    request: HttpRequest, statement: Statement, by: User | Guest | Bar, words: str
) -> HttpResponse:
    """The way back; who is only barred with others is known by a cookie from now on."""
    visitor = visitor_of(request)
    with transaction.atomic():
        reader: User | Guest | None = visitor.user
        if reader is None:
            assert visitor.guest is not None  # a visitor is one or the other
            reader, _made = Guest.objects.get_or_create(uuid=visitor.guest)
        appeals.appeal(statement=statement, by=by, reader=reader, words=words)
    messages.success(request, _("Your appeal has arrived. You read the answer here."))
    response = redirect("account_decisions")
    visitor.remember(response)
    return response


def reader_of(request: HttpRequest) -> User | Guest | None:
    """The account that is signed in, or the guest whom the cookie names. Raises CookieRefused."""
    if isinstance(request.user, User):
        return request.user
    name = guest_in(request)
    return Guest.objects.filter(uuid=name).first() if name is not None else None


def _page(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    bar = _bar(visitor_of(request), reader)
    found = statements.to_reader(reader) if reader is not None else Statement.objects.none()
    batch = Paginator(found, DECISIONS_A_PAGE).get_page(request.GET.get("p"))
    lines = [_line(each, reader) for each in batch]
    if bar is not None and _names_nobody(bar) and batch.number == 1:
        lines.insert(0, _line(bar.measure.statement, reader))
    context = {
        "bar": bar,
        "lines": lines,
        "pages": pages_beside(batch, "account_decisions"),
        "is_known": reader is not None,
        "layout": layout_of(request),
    }
    return render(request, "account/decisions.html", context)


def _line(statement: Statement, reader: User | Guest | None) -> Line:
    transition = statement.transition
    said = said_of(statement, timezone.now(), reader)
    if transition is None:
        return Line(
            statement=statement,
            said=said,
            title="",
            address="",
            appeal_address=reverse("account_decision_appeal", args=[statement.uuid]),
        )
    address = reverse("account_comment", args=[transition.comment.uuid])
    return Line(
        statement=statement,
        said=said,
        title=transition.comment.thread.article.title,
        address=address,
        appeal_address=f"{address}appeal/",
    )


def _bar(visitor: Visitor, reader: User | Guest | None) -> Bar | None:
    user = visitor.user
    return bar_of(
        user=user,
        guest=reader if isinstance(reader, Guest) else None,
        origin=visitor.origin,
        # A confirmed one: until then an account has a placeholder.
        email=user.email if user is not None else "",
        at=timezone.now(),
    )


def _names_nobody(bar: Bar) -> bool:
    return bar.measure.user_id is None and bar.measure.guest_id is None


def _appellant(request: HttpRequest, statement: Statement) -> User | Guest | Bar | None:
    """As whom the reader may appeal: whom it is about, or whom it keeps from writing."""
    reader = reader_of(request)
    if isinstance(reader, User) and statement.user_id == reader.pk:
        return reader
    if isinstance(reader, Guest) and statement.guest_id == reader.pk:
        return reader
    bar = _bar(visitor_of(request), reader)
    return bar if bar is not None and bar.measure.pk == statement.measure_id else None
