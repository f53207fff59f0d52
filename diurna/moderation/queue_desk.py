"""The queue at the desk: what waits, decided with one press each, by keys or by plain forms."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.comments.held_desk import MAY_DECIDE
from diurna.comments.models import Comment
from diurna.common.errors import DiurnaError
from diurna.moderation import claims
from diurna.moderation.models import Claim
from diurna.moderation.queue import ITEMS_A_PAGE, Kind, WhoWrote, places, waiting, waiting_comments
from diurna.moderation.queue_buttons import KINDS, rule_buttons
from diurna.moderation.queue_decisions import (
    MOST_AT_ONCE,
    Done,
    Failed,
    Press,
    press_all,
    take_back,
)
from diurna.moderation.queue_items import Item, any_item_of, item_of, items
from diurna.moderation.recent_decisions import recent
from diurna.moderation.things import Thing

# Between a thing's name and the state in which the moderator saw it.
_SEEN: Final = "@"


@require_GET
@needs(MAY_DECIDE)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, or one kind of it (`kind`), or what one reader wrote (`by`), from page `p`."""
    moderator, at = _moderator(request), timezone.now()
    kind = _kind(request.GET.get("kind", ""))
    who = WhoWrote.parse(request.GET.get("by", ""))
    present = waiting(who)
    total = present.total if kind is None else present.counts[kind]
    number = _page_number(request, total)
    found = places(present, kind=kind, who=who, first=(number - 1) * ITEMS_A_PAGE)
    here = items(found, moderator=moderator, at=at)
    context = {
        "items": here,
        "present": present,
        "kinds": [(each, KINDS[each], present.counts[each]) for each in Kind],
        "kind": kind,
        "who": who,
        "writer": _writer(here),
        "total": total,
        "number": number,
        "has_next": number * ITEMS_A_PAGE < total,
        "recent": recent(moderator, at),
        "most_at_once": MOST_AT_ONCE,
        "keys_on": _keys_on(moderator),
    }
    return render(request, "moderation/desk/queue.html", context | _shared(request))


@require_GET
@needs(MAY_DECIDE)
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One comment in whatever state, with all that can be decided and what has happened to it."""
    comment = get_object_or_404(Comment, uuid=uuid)
    context = {
        "item": any_item_of(comment, moderator=_moderator(request), at=timezone.now()),
        "history": comment.transitions.select_related("moderator"),
        "keys_on": _keys_on(_moderator(request)),
    }
    return render(request, "moderation/desk/queue_one.html", context | _shared(request))


@require_POST
@needs(MAY_DECIDE)
def decide(request: HttpRequest) -> HttpResponse:
    """The decision of a button about one thing or several (`thing`), with an optional reason."""
    try:
        press = Press.parse(
            _value(request), moderator=_moderator(request), reason=request.POST.get("reason", "")
        )
        found = press_all(_things(request), press)
    except DiurnaError as error:
        return _refused(request, error)
    done = [each for each in found if isinstance(each, Done)]
    failed = [each for each in found if isinstance(each, Failed)]
    if _wants_json(request):
        return JsonResponse(_told(request, done, failed))
    if failed and not done and len(failed) == 1:
        return _not_decided(request, failed[0])
    _say(request, done, failed)
    return redirect(_back(request))


@require_POST
@needs(MAY_DECIDE)
def undo(request: HttpRequest) -> HttpResponse:
    """Take back a decision of one's own of the last ten minutes (`undo`)."""
    moderator = _moderator(request)
    try:
        thing = take_back(undo=request.POST.get("undo", ""), moderator=moderator)
    except DiurnaError as error:
        return _refused(request, error)
    said = _("Taken back; it waits again.")
    if not _wants_json(request):
        messages.success(request, said)
        return redirect(_back(request))
    again = item_of(thing.row(), moderator=moderator, at=timezone.now())
    html = _item_html(request, again) if again is not None else ""
    return JsonResponse(
        {"thing": str(thing), "html": html, "said": said, "waiting": waiting().total}
    )


@require_POST
@needs(MAY_DECIDE)
def claim(request: HttpRequest) -> HttpResponse:
    """Take a thing for ten minutes (`do` is `take`), or give it back (`release`)."""
    moderator = _moderator(request)
    try:
        thing = Thing.parse(request.POST.get("thing", "").partition(_SEEN)[0])
        row = thing.row()
        if request.POST.get("do") == "release":
            claims.release(row=row, moderator=moderator)
            said = _("Given back.")
        else:
            claims.take(row=row, moderator=moderator)
            said = _("Yours for ten minutes; colleagues see so.")
    except DiurnaError as error:
        return _refused(request, error)
    if not _wants_json(request):
        messages.success(request, said)
        return redirect(_back(request))
    again = item_of(row, moderator=moderator, at=timezone.now())
    html = _claim_html(request, again) if again is not None else ""
    return JsonResponse({"thing": str(thing), "html": html, "said": said})


@require_GET
@needs(MAY_DECIDE)
def state(request: HttpRequest) -> HttpResponse:
    """Who looks at what now, and how many wait: what an open page asks for now and then."""
    moderator, at = _moderator(request), timezone.now()
    taken = Claim.objects.filter(until__gt=at).exclude(moderator=moderator)
    rows = taken.select_related("moderator", "comment", "burst", "appeal", "notice")
    names = {str(claims.thing_of(row)): claims.sentence_of(row) for row in rows}
    return JsonResponse({"claims": names, "waiting": waiting().total})


urlpatterns = [
    path("", queue, name="diurna_queue"),
    path("comment/<uuid:uuid>/", one, name="diurna_queue_comment"),
    path("decide/", decide, name="diurna_queue_decide"),
    path("undo/", undo, name="diurna_queue_undo"),
    path("claim/", claim, name="diurna_queue_claim"),
    path("state/", state, name="diurna_queue_state"),
]


def _moderator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the guard let in nobody else
    return request.user


def _kind(word: str) -> Kind | None:
    return Kind(word) if word in list(Kind) else None


def _page_number(request: HttpRequest, total: int) -> int:
    """The page that was asked for, or the last there is: the queue grows shorter meanwhile."""
    word = request.GET.get("p", "1")
    wanted = int(word) if word.isascii() and word.isdigit() and len(word) < 6 else 1
    return max(1, min(wanted, -(-total // ITEMS_A_PAGE)))


def _writer(found: list[Item]) -> str:
    return next((item.comment.writer for item in found if item.comment is not None), "")


def _keys_on(moderator: User) -> bool:
    """Whether this person wants single keys to do something: a switch of Wagtail's own account."""
    profile = getattr(moderator, "wagtail_userprofile", None)
    return profile is None or bool(profile.keyboard_shortcuts)


def _shared(request: HttpRequest) -> dict[str, Any]:
    """What every item's form needs."""
    return {"rules": rule_buttons(), "here": _here(request)}


def _here(request: HttpRequest) -> str:
    """The list that the moderator is in, to come back to."""
    return request.get_full_path() if request.method == "GET" else _back(request)


def _back(request: HttpRequest) -> str:
    came_from = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts=None):
        return came_from
    return reverse("diurna_queue")


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _value(request: HttpRequest) -> str:
    """What was pressed; a removal's rule may come from the list beside the button."""
    value = request.POST.get("choice", "")
    rule = request.POST.get("rule", "")
    return f"{value}:{rule}" if rule and ":" not in value else value


def _things(request: HttpRequest) -> list[tuple[str, str]]:
    """What was ticked, each with the state it was seen in, or all of a reader that waits."""
    who = WhoWrote.parse(request.POST.get("all_by", ""))
    if who is not None:
        rows = waiting_comments(who).order_by("created_at", "pk")[: MOST_AT_ONCE + 1]
        return [(str(Thing.of(row)), row.state) for row in rows]
    ticked = [word.partition(_SEEN) for word in request.POST.getlist("thing")]
    return [(thing, seen) for thing, _at, seen in ticked]


def _refused(request: HttpRequest, error: DiurnaError) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"sentence": str(error)}, status=error.status)
    messages.error(request, str(error))
    return redirect(_back(request))


def _told(request: HttpRequest, done: list[Done], failed: list[Failed]) -> dict[str, Any]:
    """The answer for the page that stays open."""
    return {
        "done": [{"thing": str(each.thing), "html": _line_html(request, each)} for each in done],
        "failed": [{"thing": each.thing, "sentence": each.sentence} for each in failed],
        "said": _in_words(done, failed),
        "waiting": waiting().total,
    }


def _in_words(done: list[Done], failed: list[Failed]) -> str:
    if len(done) == 1 and not failed:
        return f"{done[0].said} – {done[0].about}"
    words = ngettext("%(n)d decided.", "%(n)d decided.", len(done)) % {"n": len(done)}
    if not failed:
        return words
    more = ngettext("%(n)d was not.", "%(n)d were not.", len(failed)) % {"n": len(failed)}
    return f"{words} {more}"


def _say(request: HttpRequest, done: list[Done], failed: list[Failed]) -> None:
    if not done and not failed:
        messages.error(request, _("Nothing was ticked; please choose what to decide about."))
    if done:
        messages.success(request, _in_words(done, []))
    for each in failed:
        messages.error(request, each.sentence)


def _not_decided(request: HttpRequest, failure: Failed) -> HttpResponse:
    """What stands in the way, with the words that were typed: nothing is lost."""
    moderator, at = _moderator(request), timezone.now()
    try:
        again = item_of(Thing.parse(failure.thing).row(), moderator=moderator, at=at)
    except DiurnaError:
        again = None
    context = {
        "sentence": failure.sentence,
        "item": again,
        "reason": request.POST.get("reason", ""),
        "keys_on": False,
    }
    page = "moderation/desk/queue_not_decided.html"
    return render(request, page, context | _shared(request), status=HTTPStatus.CONFLICT)


def _item_html(request: HttpRequest, item: Item) -> str:
    context = {"item": item} | _shared(request)
    return render_to_string("moderation/desk/queue_item.html", context, request)


def _claim_html(request: HttpRequest, item: Item) -> str:
    context = {"item": item, "here": _here(request)}
    return render_to_string("moderation/desk/queue_claim.html", context, request)


def _line_html(request: HttpRequest, done: Done) -> str:
    context = {"line": done, "here": _here(request)}
    return render_to_string("moderation/desk/queue_line.html", context, request)
