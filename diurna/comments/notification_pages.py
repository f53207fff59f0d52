"""What readers have subscribed to: members' page, guests' by the link of a letter, and the end.

A link that ends letters changes nothing when it is opened: mail programs open links to look for
viruses. The button on its page does, and so does the POST of RFC 8058, which comes without cookies.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.letters import is_mail_sent
from diurna.accounts.models import User
from diurna.comments import confirmations, letter_links
from diurna.comments.letter_links import Recipient
from diurna.comments.models import Frequency, LetterAddress, Subscription, SubscriptionKind
from diurna.comments.subscriptions import of_reader, set_for_reader, set_frequency, stop_all

A_PAGE: Final = 50
_FIELD: Final = "frequency-"
# What is about the reader and not about a thread; it has a line also before anything was chosen.
_OF_READERS: Final = (SubscriptionKind.MENTIONS, SubscriptionKind.DECISIONS)

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One subscription as the pages show it; `key` names it in the form."""

    key: str
    kind: str
    words: str
    title: str
    address: str
    frequency: str
    choices: Sequence[tuple[str, object]]


def private(view: View) -> View:
    """A page that is one reader's: nothing keeps it, and its address goes nowhere with a link."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        # To no other site; with `no-referrer` browsers send forms with "Origin: null", which the
        # check for forged requests refuses.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer


@require_http_methods(["GET", "POST"])
@login_required
@private
def of_member(request: HttpRequest) -> HttpResponseBase:
    """All subscriptions of the account that is signed in."""
    assert isinstance(request.user, User)  # `login_required` asked for it
    return _page_of(request, request.user, _OF_READERS)


@require_http_methods(["GET", "POST"])
@private
def of_guest(request: HttpRequest, token: str) -> HttpResponseBase:
    """All subscriptions of the address whose letter the link stands in."""
    try:
        address = letter_links.settings_of(token)
    except BadSignature:
        return _no_such_link(request)
    if address is None:
        return _over(request)
    # A guest is not told of mentions: nobody can say who is meant by a name that anybody may take.
    return _page_of(request, address, (SubscriptionKind.DECISIONS,))


@require_http_methods(["GET", "POST"])
@private
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """What an address is asked about, and its answer."""
    try:
        address = letter_links.confirmation_of(token)
    except BadSignature:
        return _no_such_link(request)
    waiting = confirmations.waiting_for(address) if address is not None else []
    if address is None or not waiting:
        return _over(request)
    if request.method == "POST":
        count = confirmations.confirm(
            address=address, chosen=request.POST.getlist("subscription"), at=timezone.now()
        )
        context = {"confirmed": count, "settings_url": letter_links.settings_link(address)}
        return render(request, "account/notifications_confirmed.html", context)
    return render(request, "account/notifications_confirm.html", {"lines": _lines(waiting)})


@csrf_exempt  # RFC 8058: the mail program has neither cookie nor token; the link itself is the key
@require_http_methods(["GET", "POST"])
@private
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """End what the link names; a POST does it at once, a GET asks."""
    try:
        ends = letter_links.what_ends(token)
    except BadSignature:
        return _no_such_link(request)
    if request.method == "POST":
        if ends is not None:
            _end(ends, everything="everything" in request.POST)
        return render(request, "account/unsubscribed.html")
    if ends is None:
        return _over(request)
    lines = _lines([ends]) if isinstance(ends, Subscription) else []
    return render(request, "account/unsubscribe.html", {"line": next(iter(lines), None)})


def _end(ends: Subscription | Recipient, *, everything: bool) -> None:
    if not isinstance(ends, Subscription):
        stop_all(recipient=ends)
        return
    recipient = ends.user or ends.address
    if everything and recipient is not None:
        stop_all(recipient=recipient)
    else:
        set_frequency(subscription=ends, frequency=Frequency.OFF)


def _page_of(
    request: HttpRequest, recipient: Recipient, own: tuple[SubscriptionKind, ...]
) -> HttpResponseBase:
    if request.method == "POST":
        if "everything" in request.POST:
            stop_all(recipient=recipient)
            messages.success(request, _("No more letters about comments are sent to you."))
        else:
            _save(request, recipient, own)
            messages.success(request, _("What you chose was saved."))
        return redirect(request.get_full_path())
    about_reader = of_reader(recipient).filter(kind__in=own)
    others = (
        of_reader(recipient)
        .exclude(kind__in=_OF_READERS)
        .select_related("comment__thread__article", "article")
        .order_by("-made_at", "-pk")
    )
    if isinstance(recipient, LetterAddress):
        others = others.filter(confirmed_at__isnull=False)
    batch = Paginator(others, A_PAGE).get_page(request.GET.get("p"))
    frequencies = dict(about_reader.values_list("kind", "frequency"))
    kind = "manage" if isinstance(recipient, User) else "entrance"
    context = {
        "own_lines": [_line_about_reader(kind, frequencies.get(kind)) for kind in own],
        "lines": _lines(batch),
        "batch": batch,
        "layout": f"allauth/layouts/{kind}.html",
        "waits_for_address": isinstance(recipient, User) and not has_confirmed_address(recipient),
        "mail_missing": not is_mail_sent(),
    }
    return render(request, "account/notifications.html", context)


def _save(request: HttpRequest, recipient: Recipient, own: tuple[SubscriptionKind, ...]) -> None:
    """Store what was chosen; what is not this reader's, or no frequency, is passed over."""
    chosen = {
        name.removeprefix(_FIELD): value
        for name, value in request.POST.items()
        if name.startswith(_FIELD) and value in Frequency.values
    }
    there = dict(of_reader(recipient).filter(kind__in=own).values_list("kind", "frequency"))
    for kind in own:
        value = chosen.get(kind)
        if value is not None and value != there.get(kind, _unchosen(kind)):
            set_for_reader(recipient=recipient, kind=kind, frequency=Frequency(value))
    for row in of_reader(recipient).exclude(kind__in=_OF_READERS):
        value = chosen.get(str(row.uuid), row.frequency)
        if value != row.frequency:
            set_frequency(subscription=row, frequency=Frequency(value))


def _unchosen(kind: SubscriptionKind) -> Frequency:
    """How often letters come before anybody has chosen."""
    return Frequency.AT_ONCE if kind == SubscriptionKind.DECISIONS else Frequency.OFF


def _line_about_reader(kind: SubscriptionKind, frequency: str | None) -> Line:
    choices: list[tuple[str, object]] = list(Frequency.choices)
    if kind == SubscriptionKind.DECISIONS:
        choices = [each for each in choices if each[0] != Frequency.DAILY]
    return Line(
        key=kind,
        kind=kind,
        words=str(kind.label),
        title="",
        address="",
        frequency=frequency or _unchosen(kind),
        choices=choices,
    )


def _lines(found: "Iterable[Subscription] | Page[Subscription]") -> list[Line]:
    return [_line(each) for each in found]


def _line(subscription: Subscription) -> Line:
    story = subscription.story()
    is_read = story is not None and bool(story.live)
    anchor = "#comments"
    if subscription.comment is not None:
        anchor = f"comments/{subscription.comment.uuid}/"
    return Line(
        key=str(subscription.uuid),
        kind=subscription.kind,
        words=str(SubscriptionKind(subscription.kind).label),
        title=story.title if story is not None and is_read else "",
        address=f"{story.address_path()}{anchor}" if story is not None and is_read else "",
        frequency=subscription.frequency,
        choices=list(Frequency.choices),
    )


def _no_such_link(request: HttpRequest) -> HttpResponse:
    return render(request, "account/notifications_no_link.html", status=HTTPStatus.NOT_FOUND)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "account/notifications_over.html")
