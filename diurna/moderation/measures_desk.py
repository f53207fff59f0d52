"""Measures at the desk: those in force, earlier ones, a new one, and lifting one.

What a network or a domain is called stands here, for who may lift it; readers' own addresses do
not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diurna.accounts.desk_guard import needs
from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.accounts.networks import origin_of
from diurna.comments.models import Comment
from diurna.comments.rules import rule_words
from diurna.common.errors import DiurnaError, Invalid
from diurna.moderation.claims import name_of
from diurna.moderation.house_rules import offered
from diurna.moderation.measure_traces import FORGOTTEN
from diurna.moderation.measures import (
    LONGEST_BECAUSE,
    LONGEST_REASON,
    MAY_IMPOSE,
    MAY_LIFT,
    MOST_DAYS,
    NeedsConfirmation,
    impose,
    lift,
)
from diurna.moderation.models import Measure, MeasureKind, MeasureOn

MAY_SEE: Final = "moderation.view_measure"
MEASURES_A_PAGE: Final = 30
# The rule of a measure that names no other.
NO_RULE: Final = "moderator"
_RELATED: Final = ("user", "guest", "moderator", "lifted_by", "comment")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A measure as the lists show it; `reader` leads to whom it is about, if to a reader."""

    measure: Measure
    about: str
    reader: str
    rule: str
    by: str
    lifted_by: str
    is_in_force: bool


@dataclass(frozen=True)
class About:
    """Whom a new measure can be about: a reader with or without a comment, or what is typed."""

    reader: User | Guest | None
    comment: Comment | None

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen, as value and words."""
        if self.reader is None:
            return [
                (MeasureOn.DOMAIN.value, _("A domain")),
                (MeasureOn.NETWORK.value, _("A network")),
            ]
        is_account = isinstance(self.reader, User)
        found = [
            (MeasureOn.ACCOUNT.value, _("This account"))
            if is_account
            else (MeasureOn.GUEST.value, _("This guest’s browser"))
        ]
        if self.comment is not None and self.comment.network is not None:
            found.append((MeasureOn.NETWORK.value, _("The network that this comment came from")))
        return found


@require_GET
@needs(MAY_SEE)
def measures(request: HttpRequest) -> HttpResponse:
    """Those in force, the latest first, then a page of the earlier ones and of warnings."""
    now = timezone.now()
    every = Measure.objects.select_related(*_RELATED)
    in_force = every.in_force(now)
    earlier = every.exclude(pk__in=in_force.order_by().values("pk"))
    page = Paginator(earlier, MEASURES_A_PAGE).get_page(request.GET.get("p"))
    force = Paginator(in_force, MEASURES_A_PAGE).get_page(request.GET.get("f"))
    context = {
        "in_force": force,
        "lines": lines_of(force, now),
        "batch": page,
        "earlier": lines_of(page, now),
        "longest": LONGEST_BECAUSE,
        **_rights(request),
    }
    return render(request, "moderation/desk/measures.html", context)


@require_http_methods(["GET", "POST"])
@needs(MAY_IMPOSE)
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new measure: about a reader, the network of a comment, or what is typed."""
    given = request.POST if request.method == "POST" else request.GET
    about = _about(given.get("reader", ""), given.get("comment", ""))
    asks_twice = False
    if request.method == "POST":
        try:
            measure = _impose(request, about)
        except DiurnaError as error:
            asks_twice = isinstance(error, NeedsConfirmation)
            messages.error(request, str(error))
        else:
            messages.success(request, _("Done; whom it is about can read it, and why."))
            return redirect(f"{reverse('diurna_measures')}#measure-{measure.uuid}")
    context = {
        "about": about,
        "name": reader_name(about.reader),
        "kinds": MeasureKind.choices if about.reader is not None else MeasureKind.choices[1:],
        "rules": [(rule.word, rule.title) for rule in offered()],
        "no_rule": NO_RULE,
        "typed": given,
        "asks_twice": asks_twice,
        "most_days": MOST_DAYS,
        "longest": LONGEST_REASON,
    }
    return render(request, "moderation/desk/measure_new.html", context)


@require_http_methods(["POST"])
@needs(MAY_LIFT)
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lift a measure, with a reason."""
    measure = get_object_or_404(Measure.objects.select_related("user"), uuid=uuid)
    try:
        lift(
            measure=measure, moderator=_moderator(request), because=request.POST.get("because", "")
        )
    except DiurnaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is lifted; whom it was about is told."))
    return redirect("diurna_measures")


def lines_of(found: Any, now: datetime) -> list[Line]:
    """Measures as lists show them; they bring `_RELATED`."""
    return [_line(each, now) for each in found]


def reader_name(reader: User | Guest | None) -> str:
    """What a reader is called at the desk: the public name, never an address."""
    if isinstance(reader, User):
        return str(reader.display_name) or _("A reader without a name")
    return _("A guest") if reader is not None else ""


def _line(measure: Measure, now: datetime) -> Line:
    reader = measure.user or measure.guest
    is_over = measure.ends_at is not None and measure.ends_at <= now
    return Line(
        measure=measure,
        about=reader_name(reader) or _what(measure),
        reader=reverse("diurna_reader", args=[reader.uuid]) if reader is not None else "",
        rule=rule_words(measure.rule),
        by=name_of(measure.moderator),
        lifted_by=name_of(measure.lifted_by) if measure.lifted_at is not None else "",
        is_in_force=measure.lifted_at is None and not is_over,
    )


def _what(measure: Measure) -> str:
    if measure.on == MeasureOn.DOMAIN:
        return _("The domain %(domain)s") % {"domain": measure.domain}
    if measure.on == MeasureOn.NETWORK and measure.network:
        return _("The network %(network)s") % {"network": measure.network}
    if measure.on == MeasureOn.NETWORK and measure.network_name == FORGOTTEN:
        return _("A network that is forgotten by now")
    if measure.on == MeasureOn.NETWORK:
        return _("The network that a comment came from")
    return _("A reader who is gone")


def _about(reader: str, comment: str) -> About:
    """What the address or the form names; nothing of it for what is not there (404)."""
    if comment:
        found = get_object_or_404(
            Comment.objects.select_related("user", "guest", "thread__article"), uuid=_uuid(comment)
        )
        return About(found.user or found.guest, found)
    if not reader:
        return About(None, None)
    name = _uuid(reader)
    user = User.objects.filter(uuid=name).first()
    return About(user or get_object_or_404(Guest, uuid=name), None)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        # No row has it.
        return str(UUID(int=0))


def _impose(request: HttpRequest, about: About) -> Measure:
    typed = request.POST
    on = typed.get("on", "")
    if on not in dict(about.choices):
        raise Invalid(_("Please choose whom it is about."))
    if typed.get("kind") not in MeasureKind.values:
        raise Invalid(_("Please choose what is to be done."))
    days = typed.get("days", "").strip()
    if days and not (days.isascii() and days.isdecimal() and len(days) <= len(str(MOST_DAYS))):
        raise Invalid(_("Please say for how many days, 1 to %(most)d.") % {"most": MOST_DAYS})
    return impose(
        kind=MeasureKind(typed["kind"]),
        on=MeasureOn(on),
        **_target(on, about, typed.get("what", "")),
        moderator=_moderator(request),
        rule=typed.get("rule", "") or NO_RULE,
        reason=typed.get("reason", ""),
        days=int(days) if days else None,
        comment=about.comment,
        origin=origin_of(request),
        confirmed="confirmed" in typed,
    )


def _target(on: str, about: About, typed: str) -> dict[str, Any]:
    if on == MeasureOn.NETWORK and about.comment is not None:
        return {"network_of": about.comment}
    if on in (MeasureOn.DOMAIN, MeasureOn.NETWORK):
        return {on: typed}
    return {"user" if on == MeasureOn.ACCOUNT else "guest": about.reader}


def _rights(request: HttpRequest) -> dict[str, bool]:
    user = request.user
    return {
        "may_impose": isinstance(user, User) and user.has_perm(MAY_IMPOSE),
        "may_lift": isinstance(user, User) and user.has_perm(MAY_LIFT),
    }


def _moderator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the guard let in nobody else
    return request.user


def of_reader(reader: User | Guest) -> Q:
    """Measures about this reader."""
    return Q(user=reader) if isinstance(reader, User) else Q(guest=reader)


urlpatterns = [
    path("measures/", measures, name="diurna_measures"),
    path("measures/new/", new, name="diurna_measure_new"),
    path("measures/<uuid:uuid>/lift/", end, name="diurna_measure_lift"),
]
