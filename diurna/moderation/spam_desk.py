"""The spam filter at the desk: what it has learned, what it says of a text, forgetting it all."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.comments.draft import render_body
from diurna.comments.models.comment import LONGEST_BODY
from diurna.moderation import akismet, spam, spam_filed, spam_knowledge
from diurna.moderation.bayes import LEAST_LESSONS, is_ready
from diurna.moderation.models import ModerationSettings
from diurna.moderation.tokens import Post

MAY_LOOK: Final = "moderation.view_spamtoken"
MAY_CHANGE: Final = "moderation.change_spamtoken"
_MAY_SET: Final = "moderation.change_moderationsettings"
WORDS_SHOWN: Final = 40
CLUES_SHOWN: Final = 25
_LONGEST_SEARCH: Final = 64


@require_http_methods(["GET", "POST"])
@needs(MAY_LOOK)
def overview(request: HttpRequest) -> HttpResponse:
    """What the filter knows; a POST of a text is answered with what it says of that text."""
    learned = spam.lessons()
    context: dict[str, Any] = {
        "settings": ModerationSettings.current(),
        "lessons": learned,
        "least": LEAST_LESSONS,
        "is_ready": is_ready(learned),
        "shown_from": spam_knowledge.SHOWN_FROM,
        "may_change": request.user.has_perm(MAY_CHANGE),
        "may_decide": request.user.has_perm(spam_filed.MAY_DECIDE),
        "settings_address": _settings_address(request),
        "akismet": _akismet_says(),
        "longest": LONGEST_BODY,
        **_words(request),
    }
    if request.method == "POST":
        context |= _tried(request.POST.get("text", "")[:LONGEST_BODY])
    elif "check" in request.GET:
        context |= {"check": spam_knowledge.check(), "checked": spam_knowledge.CHECKED}
    return render(request, "moderation/desk/spam.html", context)


@require_http_methods(["GET", "POST"])
@needs(MAY_CHANGE)
def reset(request: HttpRequest) -> HttpResponse:
    """Ask once more; a POST has the filter forget everything."""
    if request.method == "POST":
        assert isinstance(request.user, User)  # the guard let in nobody else
        spam.reset(moderator=request.user)
        messages.success(request, _("The spam filter has forgotten everything and learns anew."))
        return redirect(reverse("diurna_spam"))
    return render(request, "moderation/desk/spam_reset.html", {"lessons": spam.lessons()})


def _words(request: HttpRequest) -> dict[str, Any]:
    searched = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    if searched:
        found = spam_knowledge.find_words(searched, most=WORDS_SHOWN)
        return {"searched": searched, "lists": [{"title": _("Words found"), "words": found}]}
    return {
        "searched": "",
        "lists": [
            {
                "title": title,
                "words": spam_knowledge.telling_words(for_spam=for_spam, most=WORDS_SHOWN),
            }
            for title, for_spam in (
                (_("What says most for spam"), True),
                (_("What says most against it"), False),
            )
        ],
    }


def _tried(text: str) -> dict[str, Any]:
    shown = render_body(text)
    judged = spam.score_of(Post(text=shown.plain, links=shown.links))
    if judged is None:
        return {"text": text, "tried": True}
    return {
        "text": text,
        "tried": True,
        "score": f"{judged.score:.3f}",
        "fate": _fate(judged.score),
        "clues": spam_knowledge.clues_of(judged, most=CLUES_SHOWN),
    }


def _fate(score: float) -> str:
    """What would become of a comment with this score, as far as the filter decides it."""
    settings = ModerationSettings.current()
    if score > settings.spam_above:
        return _("It would be filed as spam.")
    if score > settings.hold_above:
        return _("It would wait for a moderator.")
    return _("The filter would have nothing against it.")


def _akismet_says() -> str:
    if not akismet.has_key():
        return ""
    trouble = akismet.trouble()
    if not akismet.is_on():
        return _("Akismet is switched off in the settings.")
    if trouble is not None:
        return akismet.sentence_about(trouble)
    if akismet.works():
        return _("Akismet is asked as well, and answers.")
    return _("Akismet was not asked yet.")


def _settings_address(request: HttpRequest) -> str:
    if not request.user.has_perm(_MAY_SET):
        return ""
    return reverse("wagtailsettings:edit", args=["moderation", "moderationsettings"])


urlpatterns = [
    path("spam/", overview, name="diurna_spam"),
    path("spam/reset/", reset, name="diurna_spam_reset"),
    *spam_filed.urlpatterns,
]
