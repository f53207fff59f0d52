"""What the queue's pages answer: to a page that stays open (JSON), or to a plain form."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diurna.accounts.models import User
from diurna.common.errors import DiurnaError
from diurna.moderation.queue import waiting
from diurna.moderation.queue_buttons import rule_buttons
from diurna.moderation.queue_decisions import LONGEST_REASON, Done, Failed
from diurna.moderation.queue_items import Item, item_of
from diurna.moderation.things import Thing


def moderator_of(request: HttpRequest) -> User:
    """Who is at the desk."""
    assert isinstance(request.user, User)  # the guard let in nobody else
    return request.user


def keys_on(moderator: User) -> bool:
    """Whether this person wants single keys to do something: a switch of Wagtail's own account."""
    profile = getattr(moderator, "wagtail_userprofile", None)
    return profile is None or bool(profile.keyboard_shortcuts)


def shared(request: HttpRequest) -> dict[str, Any]:
    """What every item's form needs."""
    return {"rules": rule_buttons(), "here": _here(request)}


def back(request: HttpRequest) -> str:
    """The list that the decision came from, else the queue; never another site."""
    came_from = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts=None):
        return came_from
    return reverse("diurna_queue")


def wants_json(request: HttpRequest) -> bool:
    """Whether the page stays open and shows the answer itself."""
    return request.headers.get("Accept", "") == "application/json"


def refused(request: HttpRequest, error: DiurnaError) -> HttpResponse:
    """Why nothing was done at all."""
    if wants_json(request):
        return JsonResponse({"sentence": str(error)}, status=error.status)
    messages.error(request, str(error))
    return redirect(back(request))


def told(request: HttpRequest, done: list[Done], failed: list[Failed]) -> dict[str, Any]:
    """The answer for the page that stays open."""
    return {
        "done": [{"thing": str(each.thing), "html": _line_html(request, each)} for each in done],
        "failed": [
            {"thing": each.thing, "sentence": each.sentence, "html": _again_html(request, each)}
            for each in failed
        ],
        "said": _in_words(done, failed),
        "waiting": waiting().total,
    }


def say(request: HttpRequest, done: list[Done], failed: list[Failed]) -> None:
    """What was decided and what was not, on top of the page that comes next."""
    if not done and not failed:
        messages.error(request, _("Nothing was ticked; please choose what to decide about."))
    if done:
        messages.success(request, _in_words(done, []))
    for each in failed:
        messages.error(request, each.sentence)
    # The page that comes next has empty fields.
    if failed and (reason := request.POST.get("reason", "").strip()):
        words = _("What you had written, in case you need it: “%(reason)s”")
        messages.warning(request, words % {"reason": reason[:LONGEST_REASON]})


def not_decided(request: HttpRequest, failure: Failed) -> HttpResponse:
    """What stands in the way, with the words that were typed: nothing is lost."""
    context = {
        "sentence": failure.sentence,
        "item": _again(request, failure),
        "reason": request.POST.get("reason", ""),
        "keys_on": False,
    }
    page = "moderation/desk/queue_not_decided.html"
    return render(request, page, context | shared(request), status=HTTPStatus.CONFLICT)


def item_html(request: HttpRequest, item: Item) -> str:
    """A thing as it stands in the list."""
    context = {"item": item} | shared(request)
    return render_to_string("moderation/desk/queue_item.html", context, request)


def claim_html(request: HttpRequest, item: Item) -> str:
    """Who looks at a thing, as it stands in the list."""
    context = {"item": item, "here": _here(request)}
    return render_to_string("moderation/desk/queue_claim.html", context, request)


def _again(request: HttpRequest, failure: Failed) -> Item | None:
    """What was not decided, as it waits now; None where it waits no longer."""
    try:
        row = Thing.parse(failure.thing).row()
    except DiurnaError:
        return None
    return item_of(row, moderator=moderator_of(request), at=timezone.now())


def _again_html(request: HttpRequest, failure: Failed) -> str:
    """What the moderator has not seen yet; empty where it is the same, or waits no longer."""
    again = _again(request, failure) if failure.is_changed else None
    return item_html(request, again) if again is not None else ""


def _here(request: HttpRequest) -> str:
    """The list that the moderator is in, to come back to."""
    return request.get_full_path() if request.method == "GET" else back(request)


def _in_words(done: list[Done], failed: list[Failed]) -> str:
    if len(done) == 1 and not failed:
        return f"{done[0].said} – {done[0].about}"
    words = ngettext("%(n)d decided.", "%(n)d decided.", len(done)) % {"n": len(done)}
    if not failed:
        return words
    more = ngettext("%(n)d was not.", "%(n)d were not.", len(failed)) % {"n": len(failed)}
    return f"{words} {more}"


def _line_html(request: HttpRequest, done: Done) -> str:
    context = {"line": done, "here": _here(request)}
    return render_to_string("moderation/desk/queue_line.html", context, request)
