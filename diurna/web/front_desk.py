"""The front at the desk: composed, previewed, published, planned and put back.

Nothing is stored before "Publish", "Plan" or "Store" is pressed: the front that is being composed
travels in the form (`front_desk_form`).
"""

import zoneinfo
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.models import Revision

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.common.errors import Conflicting, DiurnaError, Invalid, Missing
from diurna.newsroom.front_automatic import automatic_blocks
from diurna.newsroom.front_composing import (
    MAY_COMPOSE,
    composition_of,
    earlier_fronts,
    plan_front,
    publish_front,
    put_back,
    save_front_draft,
    unplan_front,
)
from diurna.newsroom.front_composition import RANKING_WORDS
from diurna.newsroom.models import Front, NewsroomSettings, PlannedFront
from diurna.web import front_desk_rows
from diurna.web.frame import Frame, frame_of
from diurna.web.front import filled_front, front_page
from diurna.web.front_desk_form import Draft, is_known, local_time, pressed, sent
from diurna.web.front_desk_planned import blocks_of, planned_rows
from diurna.web.front_filling import Filled, fill
from diurna.web.front_ranked import heading_of_ranking
from diurna.web.response import keep_out

# What the composer's own script sends: it takes the form and leaves the page around it.
PART_HEADER: Final = "X-Diurna-Part"
# The widths of a phone, a tablet and a desk, in CSS pixels.
WIDTHS: Final = (390, 820, 1440)
_DIGITS: Final = 9


@require_http_methods(["GET", "POST"])
@needs(MAY_COMPOSE)
def compose(request: HttpRequest) -> HttpResponse:
    """The composer; POST does what the pressed button says, and stores it only if that says so."""
    if request.method != "POST":
        return _drawn(request, _loaded(request))
    try:
        draft = sent(request.POST, _zone())
    except Invalid as error:
        messages.error(request, str(error))
        return redirect("diurna_front")
    do = request.POST.get("do", "refresh")
    if is_known(do):
        return _drawn(request, pressed(draft, do, request.POST))
    try:
        said = _stored(request, draft, do)
    except DiurnaError as error:
        messages.error(request, str(error))
        if isinstance(error, Conflicting):
            # Whoever presses again has been told.
            draft = replace(draft, base=_front().latest_revision_id or 0)
        return _drawn(request, draft, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, said)
    return redirect("diurna_front")


@require_POST
@needs(MAY_COMPOSE)
def preview(request: HttpRequest) -> HttpResponse:
    """The public page with the front of the form; for a frame. Nothing is stored."""
    try:
        draft = sent(request.POST, _zone())
    except Invalid as error:
        return HttpResponse(str(error), status=error.status, content_type="text/plain")
    return keep_out(front_page(_front(), request, blocks=draft.blocks))


@require_POST
@needs(MAY_COMPOSE)
def back(request: HttpRequest) -> HttpResponse:
    """Put an earlier front (`revision`) back; it is published as a new one."""
    try:
        put_back(
            revision=_number(request.POST.get("revision", "")),
            actor=_actor(request),
            base=_number(request.POST.get("base", "")),
        )
    except DiurnaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Readers see the earlier front again."))
    return redirect("diurna_front")


@require_POST
@needs(MAY_COMPOSE)
def unplan(request: HttpRequest) -> HttpResponse:
    """Take a planned front (`planned`) off the list."""
    try:
        planned = unplan_front(
            number=_number(request.POST.get("planned", "")), actor=_actor(request)
        )
    except DiurnaError as error:
        messages.error(request, str(error))
    else:
        address = f"{reverse('diurna_front')}?from=readers"
        said = _("The front of %(time)s is planned no more.")
        local = timezone.localtime(planned.at, _zone())
        messages.success(request, said % {"time": f"{local:%Y-%m-%d %H:%M}"})
        return redirect(address)
    return redirect("diurna_front")


def _stored(request: HttpRequest, draft: Draft, do: str) -> Any:
    actor = _actor(request)
    if draft.wrong:
        raise Invalid(draft.wrong)
    if do == "publish":
        publish_front(blocks=draft.blocks, actor=actor, base=draft.base)
        link = format_html('<a href="/">{}</a>', _("See it as readers do"))
        return format_html("{} {}", _("Readers see this front now."), link)
    if do == "store":
        save_front_draft(blocks=draft.blocks, actor=actor, base=draft.base)
        return _("The draft is stored. Readers see it once you publish it.")
    if do == "plan":
        at = local_time(request.POST.get("plan-at", ""), _zone())
        if at is None:
            raise Invalid(_("Please say when the front shall appear."))
        plan_front(blocks=draft.blocks, actor=actor, at=at)
        return _("The front is planned. It stands in the list below until then.")
    raise Invalid(_("Please press one of the buttons."))


def _drawn(
    request: HttpRequest, draft: Draft, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    frame, now = frame_of(request), timezone.now()
    context = _part(request, draft, frame, now)
    if request.headers.get(PART_HEADER):
        return render(request, "desk/front_part.html", context, status=status)
    return render(request, "desk/front.html", context | _around(frame), status=status)


def _part(request: HttpRequest, draft: Draft, frame: Frame, now: datetime) -> dict[str, Any]:
    sections, zone = frame.sections, zoneinfo.ZoneInfo(frame.newsroom.time_zone)
    filled = fill(draft.blocks, sections=sections, at=now) if draft.blocks else []
    # What readers would see, which is another front where nothing is left of this one.
    seen = filled_front(draft.blocks, frame, now)
    rows = front_desk_rows.rows(draft, filled, sections=sections, now=now, zone=zone)
    return {
        "draft": draft,
        "rows": rows,
        "amiss": sum(len(row.problems) + sum(len(p.problems) for p in row.places) for row in rows),
        "automatic": _automatic(filled, seen, frame),
        "additions": front_desk_rows.additions(draft.blocks, sections),
        "offered": front_desk_rows.offered(draft.query, seen, sections),
        "in_hand": front_desk_rows.story_in_hand(draft.hand, sections),
        "rankings": [(word, heading_of_ranking(word)) for word in RANKING_WORDS],
        "zone": frame.newsroom.time_zone,
        "widths": WIDTHS,
    }


def _automatic(
    filled: Sequence[Filled], seen: Sequence[Filled], frame: Frame
) -> list[tuple[str, list[front_desk_rows.Story]]]:
    """What readers see where the composition shows nothing, or there is none."""
    is_other = not any(one.shown for one in filled)
    return front_desk_rows.automatic_rows(seen, frame.sections) if is_other else []


def _around(frame: Frame) -> dict[str, Any]:
    front = _front()
    draft = front.latest_revision if front.has_unpublished_changes else None
    # The page's title alone may be a draft.
    is_other = draft is not None and composition_of(draft.as_object()) != composition_of(front)
    return {
        "front": front,
        "unpublished": draft if is_other else None,
        "typed": draft if not is_other else None,
        "planned": planned_rows(),
        "earlier": [entry for entry in earlier_fronts() if not _is_seen(entry.revision, front)],
    }


def _is_seen(revision: Revision | None, front: Front) -> bool:
    return revision is not None and revision.pk == front.live_revision_id


def _loaded(request: HttpRequest) -> Draft:
    """The draft, if there is one that readers do not see; else what they see, or what is asked."""
    front = _front()
    base = front.latest_revision_id or 0
    asked, _colon, word = request.GET.get("from", "").partition(":")
    if asked == "planned":
        planned = PlannedFront.objects.filter(pk=_number(word)).first()
        return Draft(blocks_of(planned) if planned else composition_of(front), base)
    if asked == "earlier":
        revision = front.revisions.filter(pk=_number(word)).first()
        found = revision.as_object() if revision else front
        return Draft(composition_of(found), base)
    if asked == "automatic":
        return Draft(automatic_blocks(frame_of(request).sections.all), base)
    if asked != "readers" and front.has_unpublished_changes:
        return Draft(composition_of(front.get_latest_revision_as_object()), base)
    return Draft(composition_of(front), base)


def _front() -> Front:
    front = Front.objects.select_related("latest_revision__user").first()
    if front is None:
        raise Missing(_("There is no front yet. Please found the newsroom first."))
    return front


def _zone() -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(NewsroomSettings.current().time_zone)


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the guard let in nobody else
    return request.user


def _number(word: str) -> int:
    is_number = word.isascii() and word.isdecimal() and len(word) <= _DIGITS
    return int(word) if is_number else 0


urlpatterns: list[URLPattern] = [
    path("front/", compose, name="diurna_front"),
    path("front/preview/", preview, name="diurna_front_preview"),
    path("front/back/", back, name="diurna_front_back"),
    path("front/unplan/", unplan, name="diurna_front_unplan"),
]
