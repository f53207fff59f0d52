"""The queue at the desk: what waits, decided with one press each, by keys or by plain forms."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diurna.accounts.desk_guard import needs
from diurna.comments.as_error_reports import hand_on
from diurna.comments.held_desk import MAY_DECIDE
from diurna.comments.models import Comment
from diurna.common.errors import DiurnaError, Invalid
from diurna.moderation import claims
from diurna.moderation.error_reports import UNDO, undo_word
from diurna.moderation.models import Claim
from diurna.moderation.queue import ITEMS_A_PAGE, Kind, WhoWrote, places, waiting, waiting_comments
from diurna.moderation.queue_answers import (
    back,
    claim_html,
    item_html,
    keys_on,
    moderator_of,
    not_decided,
    refused,
    say,
    shared,
    told,
    wants_json,
)
from diurna.moderation.queue_buttons import KINDS
from diurna.moderation.queue_counts import counted
from diurna.moderation.queue_decisions import (
    MOST_AT_ONCE,
    Choice,
    Done,
    Failed,
    Press,
    press_all,
    take_back,
)
from diurna.moderation.queue_items import Item, any_item_of, item_of, items
from diurna.moderation.recent_decisions import recent
from diurna.moderation.things import Thing, seen_of
from diurna.newsroom.error_reports import MAY_FILE

# Between a thing's name and what the moderator saw of it (`things.seen_of`).
_SEEN: Final = "@"


@require_GET
@needs(MAY_DECIDE)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, or one kind of it (`kind`), or what one reader wrote (`by`), from page `p`."""
    moderator, at = moderator_of(request), timezone.now()
    kind = _kind(request.GET.get("kind", ""))
    who = WhoWrote.parse(request.GET.get("by", ""))
    present = counted(request) if who is None else waiting(who)
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
        "can_hide": any(Choice.HIDE in item.choices for item in here),
        "number": number,
        "has_next": number * ITEMS_A_PAGE < total,
        "recent": recent(moderator, at),
        "most_at_once": MOST_AT_ONCE,
        "keys_on": keys_on(moderator),
    }
    return render(request, "moderation/desk/queue.html", context | shared(request))


@require_GET
@needs(MAY_DECIDE)
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One comment in whatever state, with all that can be decided and what has happened to it."""
    comment = get_object_or_404(Comment, uuid=uuid)
    context = {
        "item": any_item_of(comment, moderator=moderator_of(request), at=timezone.now()),
        "history": comment.transitions.select_related("moderator"),
        "keys_on": keys_on(moderator_of(request)),
    }
    return render(request, "moderation/desk/queue_one.html", context | shared(request))


@require_POST
@needs(MAY_DECIDE)
def decide(request: HttpRequest) -> HttpResponse:
    """The decision of a button about one thing or several (`thing`), with an optional reason."""
    things = _things(request)
    try:
        press = Press.parse(
            _value(request), moderator=moderator_of(request), reason=request.POST.get("reason", "")
        )
        found = press_all(things, press)
    except DiurnaError as error:
        if len(things) == 1 and not wants_json(request):
            return not_decided(request, Failed(things[0][0], str(error)))
        return refused(request, error)
    done = [each for each in found if isinstance(each, Done)]
    failed = [each for each in found if isinstance(each, Failed)]
    if wants_json(request):
        return JsonResponse(told(request, done, failed))
    if failed and not done and len(failed) == 1:
        return not_decided(request, failed[0])
    say(request, done, failed)
    return redirect(back(request))


@require_POST
@needs(MAY_DECIDE)
def undo(request: HttpRequest) -> HttpResponse:
    """Take back a decision of one's own of the last ten minutes (`undo`)."""
    moderator = moderator_of(request)
    try:
        word = request.POST.get("undo", "")
        thing = take_back(undo=word, moderator=moderator)
    except DiurnaError as error:
        return refused(request, error)
    is_error = word.partition("-")[0] == UNDO
    said = _("It is no error report.") if is_error else _("Taken back; it waits again.")
    if not wants_json(request):
        messages.success(request, said)
        return redirect(back(request))
    again = item_of(thing.row(), moderator=moderator, at=timezone.now())
    html = item_html(request, again) if again is not None else ""
    return JsonResponse(
        {"thing": str(thing), "html": html, "said": said, "waiting": waiting().total}
    )


@require_POST
@needs(MAY_DECIDE)
def claim(request: HttpRequest) -> HttpResponse:
    """Take a thing for ten minutes (`do` is `take`), or give it back (`release`)."""
    moderator = moderator_of(request)
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
        return refused(request, error)
    if not wants_json(request):
        messages.success(request, said)
        return redirect(back(request))
    again = item_of(row, moderator=moderator, at=timezone.now())
    html = claim_html(request, again) if again is not None else ""
    return JsonResponse({"thing": str(thing), "html": html, "said": said})


@require_POST
@needs(MAY_FILE)
def hand_on_error(request: HttpRequest) -> HttpResponse:
    """Make an error report of a comment (`thing`); it waits for a decision as before."""
    moderator = moderator_of(request)
    try:
        thing = Thing.parse(request.POST.get("thing", ""))
        row = thing.row()
        if not isinstance(row, Comment):
            raise Invalid(_("Only a comment can be an error report; please use its own button."))
        hand_on(comment=row, moderator=moderator)
    except DiurnaError as error:
        return refused(request, error)
    said = _("It is an error report now; an editor answers it. The comment still waits for you.")
    if not wants_json(request):
        messages.success(request, said)
        return redirect(back(request))
    again = item_of(row, moderator=moderator, at=timezone.now())
    html = item_html(request, again) if again is not None else ""
    return JsonResponse({"thing": str(thing), "html": html, "said": said, "undo": undo_word(row)})


@require_GET
@needs(MAY_DECIDE)
def state(request: HttpRequest) -> HttpResponse:
    """Who looks at what now, and how many wait: what an open page asks for now and then."""
    moderator, at = moderator_of(request), timezone.now()
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
    path("error/", hand_on_error, name="diurna_queue_error"),
    path("state/", state, name="diurna_queue_state"),
]


def _kind(word: str) -> Kind | None:
    return Kind(word) if word in list(Kind) else None


def _page_number(request: HttpRequest, total: int) -> int:
    """The page that was asked for, or the last there is: the queue grows shorter meanwhile."""
    word = request.GET.get("p", "1")
    wanted = int(word) if word.isascii() and word.isdigit() and len(word) < 6 else 1
    return max(1, min(wanted, -(-total // ITEMS_A_PAGE)))


def _writer(found: list[Item]) -> str:
    return next((item.comment.writer for item in found if item.comment is not None), "")


def _value(request: HttpRequest) -> str:
    """What was pressed; a removal's rule may come from the list beside the button."""
    value = request.POST.get("choice", "")
    rule = request.POST.get("rule", "")
    return f"{value}:{rule}" if rule and ":" not in value else value


def _things(request: HttpRequest) -> list[tuple[str, str]]:
    """What was ticked, each with what was seen of it, or all of a reader that waits."""
    who = WhoWrote.parse(request.POST.get("all_by", ""))
    if who is not None:
        rows = waiting_comments(who).order_by("created_at", "pk")[: MOST_AT_ONCE + 1]
        return [(str(Thing.of(row)), seen_of(row)) for row in rows]
    ticked = [word.partition(_SEEN) for word in request.POST.getlist("thing")]
    return [(thing, seen) for thing, _at, seen in ticked]
