"""The leads of sections at the desk: chosen, previewed, pinned until a time, and let go.

As in the composer nothing is stored before "Pin it" is pressed: what is chosen travels in the form.
"""

import zoneinfo
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.common.errors import Conflicting, DiurnaError, Invalid
from diurna.newsroom.front_composing import MAY_COMPOSE
from diurna.newsroom.models import Article, NewsroomSettings, Section, SectionLead
from diurna.newsroom.section_leads import Pinned, may_pin, pin_lead, pinned_lead, unpin_lead
from diurna.web.front_desk_form import LONGEST_QUERY, local_time, read_number, written_locally
from diurna.web.front_desk_rows import OFFERED, with_words
from diurna.web.lists import section_page
from diurna.web.response import keep_out

# The widths of a phone, a tablet and a desk, in CSS pixels.
WIDTHS: Final = (390, 820, 1440)


@dataclass(frozen=True)
class Choice:
    """The form: story, until when as it was typed, the pin it began with, what is looked for."""

    article: int = 0
    until: str = ""
    base: int = 0
    query: str = ""


@require_GET
@needs(MAY_COMPOSE)
def sections(request: HttpRequest) -> HttpResponse:
    """The sections whose lead this person may choose, and what leads each."""
    actor, now = _actor(request), timezone.now()
    found = [one for one in Section.objects.live().order_by("path") if may_pin(actor, one)]
    pins = SectionLead.objects.select_related("article", "pinned_by").in_bulk(
        [one.pk for one in found], field_name="section_id"
    )
    rows = [(one, pins.get(one.pk), _amiss(pins.get(one.pk), one, now)) for one in found]
    context = {"rows": rows, "zone": str(_zone())}
    with timezone.override(_zone()):
        return render(request, "desk/front_sections.html", context)


@require_http_methods(["GET", "POST"])
@needs(MAY_COMPOSE)
def lead(request: HttpRequest, number: int) -> HttpResponse:
    """The lead of a section; POST does what the pressed button says."""
    section = _section(request, number)
    if request.method != "POST":
        return _drawn(request, section, _begun(section))
    choice = _sent(request)
    do = request.POST.get("do", "find")
    if do not in {"pin", "unpin"}:
        return _drawn(request, section, choice)
    try:
        said = _stored(request, section, choice, do)
    except DiurnaError as error:
        messages.error(request, str(error))
        if isinstance(error, Conflicting):
            # Whoever presses again has been told.
            choice = replace(choice, base=_begun(section).base)
        return _drawn(request, section, choice, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, said)
    return redirect("diurna_front_section", section.pk)


@require_POST
@needs(MAY_COMPOSE)
def lead_preview(request: HttpRequest, number: int) -> HttpResponse:
    """The section's page as it would be with what is chosen; for a frame. Nothing is stored."""
    section, choice = _section(request, number), _sent(request)
    article = Article.objects.live().in_section(section).filter(pk=choice.article).first()
    return keep_out(section_page(section, request, pinned=Pinned(article.pk) if article else None))


def _stored(request: HttpRequest, section: Section, choice: Choice, do: str) -> str:
    actor = _actor(request)
    if do == "unpin":
        unpin_lead(section=section, actor=actor, base=choice.base)
        return _("The newest story leads the section again.")
    article = Article.objects.filter(pk=choice.article).first()
    if article is None:
        raise Invalid(_("Please choose a public story of this section."))
    until = local_time(choice.until, _zone())
    pin_lead(section=section, article=article, until=until, actor=actor, base=choice.base)
    return _("“%(headline)s” leads the section now.") % {"headline": article.display_headline()}


def _drawn(
    request: HttpRequest, section: Section, choice: Choice, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    pin = SectionLead.objects.select_related("article", "pinned_by").filter(section=section).first()
    stories = Article.objects.published().in_section(section).defer("body", "methods")
    offered = list(with_words(stories, choice.query)[:OFFERED])
    if choice.article not in {story.pk for story in offered}:
        # What is chosen stays in sight, whatever is looked for.
        offered = [*stories.filter(pk=choice.article), *offered]
    context = {
        "section": section,
        "choice": choice,
        "pin": pin,
        "amiss": _amiss(pin, section, timezone.now()),
        "offered": offered,
        "zone": str(_zone()),
        "widths": WIDTHS,
    }
    with timezone.override(_zone()):
        return render(request, "desk/front_section.html", context, status=status)


def _amiss(pin: SectionLead | None, section: Section, now: datetime) -> str:
    """Why what is pinned does not lead; empty where it does, or nothing is pinned."""
    if pin is None or pinned_lead(section, now) is not None:
        return ""
    if not pin.holds_at(now):
        return _("Its time is over, so the newest story leads.")
    if not pin.article.live:
        return _("It is not public any more, so the newest story leads.")
    return _("It stands in another section now, so the newest story leads.")


def _begun(section: Section) -> Choice:
    pin = SectionLead.objects.filter(section=section).first()
    if pin is None:
        return Choice()
    until = pin.until if pin.holds_at(timezone.now()) else None
    return Choice(pin.article_id, written_locally(until, _zone()), pin.pk)


def _sent(request: HttpRequest) -> Choice:
    form = request.POST
    return Choice(
        article=read_number(form.get("article", "")) or 0,
        until=form.get("until", "").strip()[:40],
        base=read_number(form.get("base", "")) or 0,
        query=" ".join(form.get("q", "").split())[:LONGEST_QUERY],
    )


def _section(request: HttpRequest, number: int) -> Section:
    section = get_object_or_404(Section.objects.live(), pk=number)
    if not may_pin(_actor(request), section):
        raise PermissionDenied
    return section


def _zone() -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(NewsroomSettings.current().time_zone)


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the guard let in nobody else
    return request.user


urlpatterns: list[URLPattern] = [
    path("front/sections/", sections, name="diurna_front_sections"),
    path("front/sections/<int:number>/", lead, name="diurna_front_section"),
    path("front/sections/<int:number>/preview/", lead_preview, name="diurna_front_section_preview"),
]
