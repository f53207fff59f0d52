"""Try first: what other limits would have done in the last 90 days; nothing is stored here."""

from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from diurna.accounts.desk_guard import needs
from diurna.comments import policy
from diurna.comments.models import Comment, CommentState
from diurna.comments.policy import Verdict
from diurna.moderation.tryout import Change, Rules
from diurna.moderation.tryout_reading import MOST_COMMENTS, Tried, rules_in_force, try_out

MAY_TRY: Final = ("moderation.view_word", "moderation.change_moderationsettings")
_SALT: Final = "diurna.moderation.tryout"
_EXCERPT: Final = 300
_MOST_LINKS: Final = 1_000


class LimitsForm(forms.Form):
    """The limits that can be tried; what is in force stands in them at first."""

    links_without_look = forms.IntegerField(
        label=gettext_lazy("Links that a comment may have before it waits"),
        min_value=0,
        max_value=_MOST_LINKS,
    )
    hold_newcomers = forms.BooleanField(
        label=gettext_lazy("A reader’s first comment waits"), required=False
    )
    spam_filter = forms.BooleanField(
        label=gettext_lazy("The newsroom’s own spam filter"), required=False
    )
    hold_above = forms.FloatField(
        label=gettext_lazy("A comment waits above this score"), min_value=0.5, max_value=1.0
    )
    spam_above = forms.FloatField(
        label=gettext_lazy("It is refused as spam above this score"), min_value=0.5, max_value=1.0
    )

    def clean(self) -> dict[str, Any]:
        """As the settings have it: refusing is not easier than holding."""
        cleaned = super().clean() or {}
        hold, spam = cleaned.get("hold_above"), cleaned.get("spam_above")
        if hold is not None and spam is not None and spam < hold:
            self.add_error(
                "spam_above", _("This can’t be below the score at which a comment waits.")
            )
        return cleaned


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many comments one rule would stop, let through, or stop in another way."""

    rule: str
    stopped: int
    freed: int
    other: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One comment that the change is about, and what became of it in truth."""

    comment: Comment
    name: str
    excerpt: str
    before: str
    after: str
    now: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A try-out in words: sums, a line for each rule, the comments, and how to go on."""

    tried: Tried
    stopped: int
    freed: int
    counts: list[Count]
    lines: list[Line]
    is_limited: bool
    so_far: str


@require_http_methods(["GET", "POST"])
@needs(*MAY_TRY)
def limits(request: HttpRequest) -> HttpResponse:
    """Other limits, tried; where they are set is the settings' page."""
    now = rules_in_force()
    names = list(LimitsForm.base_fields)
    form = LimitsForm(request.POST or None, initial={name: getattr(now, name) for name in names})
    shown = None
    if request.method == "POST" and form.is_valid():
        shown = tried_out(request, replace(now, **form.cleaned_data))
    context = {
        "form": form,
        "shown": shown,
        "may_set_limits": request.user.has_perm("comments.change_commentsettings"),
    }
    return render(request, "moderation/desk/try.html", context)


def tried_out(request: HttpRequest, rules: Rules) -> Shown:
    """Replay by these rules, going on where the form says that an earlier page has ended."""
    return show(try_out(rules, at=timezone.now(), so_far=_so_far(request)))


def show(tried: Tried) -> Shown:
    """A try-out for the page."""
    rules = dict.fromkeys([*tried.stopped, *tried.freed, *tried.other])
    return Shown(
        tried=tried,
        stopped=sum(tried.stopped.values()),
        freed=sum(tried.freed.values()),
        counts=[
            Count(
                rule=rule_label(rule),
                stopped=tried.stopped.get(rule, 0),
                freed=tried.freed.get(rule, 0),
                other=tried.other.get(rule, 0),
            )
            for rule in rules
        ],
        lines=_lines(tried.listed),
        is_limited=tried.whole >= MOST_COMMENTS,
        so_far=_signed(tried) if tried.more is not None else "",
    )


def rule_label(rule: str) -> str:
    """What the desk calls a step of the policy."""
    return str(_LABELS.get(rule, rule))


_LABELS: Final = {
    "none": gettext_lazy("No rule"),
    "banned_words": gettext_lazy("Banned words"),
    "suspect_words": gettext_lazy("Suspect words"),
    "links": gettext_lazy("Links"),
    "newcomer": gettext_lazy("First comment"),
    "spam": gettext_lazy("Spam filter"),
    "akismet": gettext_lazy("Akismet"),
}


def _lines(changes: list[Change]) -> list[Line]:
    rows = Comment.objects.select_related("user", "thread__article").in_bulk(
        [change.past.key for change in changes]
    )
    return [
        Line(
            comment=comment,
            name=comment.user.display_name if comment.user is not None else comment.name,
            excerpt=change.past.texts[0][:_EXCERPT] if change.past.texts else "",
            before=_said(change.before),
            after=_said(change.after),
            now=str(CommentState(comment.state).label),
            words=change.words,
        )
        for change in changes
        if (comment := rows.get(change.past.key)) is not None
    ]


def _said(verdict: Verdict) -> str:
    if verdict.rule == "none":
        return _("published")
    words = {step.id: rule_label(step.id) for step in policy.steps()}
    state = CommentState(verdict.state.value).label
    return f"{state} ({words.get(verdict.rule, verdict.rule)})"


def _signed(tried: Tried) -> str:
    sums = [tried.seen, tried.standing, tried.more, tried.stopped, tried.freed, tried.other]
    return signing.dumps(sums, salt=_SALT, compress=True)


def _so_far(request: HttpRequest) -> Tried | None:
    """What the page before has counted; None to begin, also where that is long ago."""
    if "go_on" not in request.POST:
        return None
    try:
        sums = signing.loads(request.POST.get("so_far", ""), salt=_SALT, max_age=3_600)
    except signing.BadSignature:
        return None
    seen, standing, more, stopped, freed, other = sums
    return Tried(seen=seen, standing=standing, more=more, stopped=stopped, freed=freed, other=other)


urlpatterns = [path("try/", limits, name="diurna_try")]
