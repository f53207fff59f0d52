"""Bursts of votes at the desk: what waits for a moderator, what it is, and the two decisions."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from diurna.accounts.models import User
from diurna.common.errors import DiurnaError
from diurna.points.burst_decisions import decide_burst, undo_burst
from diurna.points.models import Burst, Cast, Reason, VoterClass
from diurna.points.models.burst import BurstState

BURSTS_A_PAGE: Final = 50
MAY_DECIDE: Final = "points.change_burst"

View = Callable[..., HttpResponseBase]


def may_decide(user: object) -> bool:
    """Whether somebody may decide about votes: moderators and publishers."""
    return isinstance(user, User) and user.has_perm(MAY_DECIDE)


def open_bursts() -> int:
    """How many bursts wait for a moderator."""
    return Burst.objects.filter(state=BurstState.OPEN).count()


def for_moderators(view: View) -> View:
    """Refuse everybody else (403)."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_decide(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@for_moderators
def bursts(request: HttpRequest) -> HttpResponse:
    """All bursts, those that wait first."""
    waits = Count("pk", filter=Q(state=BurstState.OPEN))
    found = Burst.objects.select_related("tally__article", "decided_by").annotate(waits=waits)
    rows = found.order_by("-waits", "-found_at")
    batch = Paginator(rows, BURSTS_A_PAGE).get_page(request.GET.get("p"))
    return render(request, "points/desk/bursts.html", {"batch": batch})


@require_http_methods(["GET", "POST"])
@for_moderators
def burst(request: HttpRequest, number: int) -> HttpResponseBase:
    """One burst: how many votes it has and what became of them; and the decisions."""
    found = get_object_or_404(
        Burst.objects.select_related("tally__article", "decided_by"), pk=number
    )
    if request.method == "POST":
        return _decide(request, found)
    return render(request, "points/desk/burst.html", {"burst": found, "figures": _figures(found)})


def _decide(request: HttpRequest, found: Burst) -> HttpResponse:
    actor = request.user if isinstance(request.user, User) else None
    try:
        match request.POST.get("decision"):
            case "count":
                changed = decide_burst(burst=found, counts=True, actor=actor)
            case "leave_out":
                changed = decide_burst(burst=found, counts=False, actor=actor)
            case "undo":
                changed = undo_burst(burst=found, actor=actor)
            case _:
                messages.error(request, _("Please use the buttons of the page."))
                return redirect("diurna_burst", found.pk)
    except DiurnaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _done(changed))
    return redirect("diurna_burst", found.pk)


def _done(changed: int) -> str:
    words = ngettext(
        "Decided: %(n)d vote changes. The points follow within a second, the public log within ten"
        " minutes.",
        "Decided: %(n)d votes change. The points follow within a second, the public log within ten"
        " minutes.",
        changed,
    )
    return words % {"n": changed}


def _figures(found: Burst) -> dict[str, int]:
    """Votes of the burst: all, up, down, of members, counted now, held."""
    return Cast.objects.filter(burst=found).aggregate(
        votes=Count("vote", distinct=True),
        up=Count("vote", distinct=True, filter=Q(vote__value=1)),
        down=Count("vote", distinct=True, filter=Q(vote__value=-1)),
        members=Count("vote", distinct=True, filter=Q(vote__voter_class=VoterClass.MEMBER)),
        counted=Count("vote", distinct=True, filter=Q(vote__reason=Reason.COUNTED)),
        held=Count("vote", distinct=True, filter=Q(vote__reason=Reason.BURST)),
    )
