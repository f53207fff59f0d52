"""`/moderation/rules/`: the house rules, what is decided by itself, and what a reader can do."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diurna.comments import policy
from diurna.comments.models import CommentSettings
from diurna.comments.waiting import usual_wait
from diurna.common.durations import in_words
from diurna.moderation.house_rules import offered
from diurna.moderation.models import ModerationSettings
from diurna.web.frame import frame_of
from diurna.web.metadata import list_metadata
from diurna.web.response import in_newsroom, page_response

PATH = "/moderation/rules/"


@require_safe
def rules_page(request: HttpRequest) -> HttpResponse:
    """The rules of the newsroom, the steps of the policy in their order, reports and appeals."""
    frame = frame_of(request)
    comments, moderation = CommentSettings.current(), ModerationSettings.current()
    with in_newsroom(frame):
        wait = usual_wait(timezone.now())
        context = {
            "metadata": list_metadata(_("House rules"), PATH, newsroom=frame.newsroom),
            "rules": offered(),
            "steps": policy.steps(),
            "comments": comments,
            "moderation": moderation,
            "wait": in_words(wait) if wait else "",
        }
    # How long decisions take is among the numbers.
    keys = ["moderation-rules", "moderation-numbers"]
    return page_response(request, "pages/moderation_rules.html", context, keys=keys, frame=frame)
