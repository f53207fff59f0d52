"""House rules at the desk: their words, their order, which are in use, and a new one."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diurna.accounts.desk_guard import has_any, needs
from diurna.accounts.models import User
from diurna.common.errors import DiurnaError, Invalid
from diurna.moderation.house_rules import MAY_ADD, MAY_CHANGE, add_rule, change_rule, move_rule
from diurna.moderation.models import HouseRule
from diurna.moderation.models.rule import RULE_LENGTH

MAY_SEE: Final = "moderation.view_houserule"
LONGEST_TITLE: Final = HouseRule._meta.get_field("title").max_length
LONGEST_EXPLANATION: Final = HouseRule._meta.get_field("explanation").max_length
_MOVES: Final = {"up": -1, "down": 1}


@require_http_methods(["GET", "POST"])
@needs(MAY_SEE)
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, each with a form; POST changes, moves or adds one.

    What was typed stays where it can't be stored.
    """
    typed: QueryDict | None = None
    if request.method == "POST":
        try:
            said = _act(request)
        except DiurnaError as error:
            messages.error(request, str(error))
            typed = request.POST
        else:
            messages.success(request, said)
            return redirect("diurna_rules")
    return render(request, "moderation/desk/rules.html", _context(request, typed))


def _context(request: HttpRequest, typed: QueryDict | None) -> dict[str, Any]:
    found = list(HouseRule.objects.all())
    changed = typed.get("rule", "") if typed is not None else ""
    for rule in found:
        if typed is not None and rule.word == changed and typed.get("do") == "change":
            rule.title, rule.explanation = typed.get("title", ""), typed.get("explanation", "")
    return {
        "rules": found,
        "typed": typed if typed is not None and typed.get("do") == "add" else None,
        "opened": changed,
        "may_change": has_any(request.user, (MAY_CHANGE,)),
        "may_add": has_any(request.user, (MAY_ADD,)),
        "longest_word": RULE_LENGTH,
        "longest_title": LONGEST_TITLE,
        "longest_explanation": LONGEST_EXPLANATION,
    }


def _act(request: HttpRequest) -> str:
    assert isinstance(request.user, User)  # the guard let in nobody else
    asked = request.POST
    title, explanation = asked.get("title", ""), asked.get("explanation", "")
    do = asked.get("do", "")
    if do == "add":
        add_rule(
            moderator=request.user,
            word=asked.get("word", ""),
            title=title,
            explanation=explanation,
        )
        return _("The rule is added, at the end of the list.")
    if do != "change" and do not in _MOVES:
        raise Invalid(_("Please press one of the buttons."))
    rule = get_object_or_404(HouseRule, word=asked.get("rule", ""))
    if do in _MOVES:
        move_rule(moderator=request.user, rule=rule, by=_MOVES[do])
        return _("“%(title)s” has another place now.") % {"title": rule.title}
    change_rule(
        moderator=request.user,
        rule=rule,
        title=title,
        explanation=explanation,
        is_offered=asked.get("in_use") == "on",
    )
    return _("“%(title)s” is stored.") % {"title": rule.title}


urlpatterns = [path("rules/", rules, name="diurna_rules")]
