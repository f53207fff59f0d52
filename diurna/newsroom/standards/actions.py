"""How the pages about the newsroom change: drafts, publication, withdrawal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.common.characters import tidy
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.delivery.surrogate import touch
from diurna.newsroom.models import (
    Contributor,
    NewsroomSettings,
    Standard,
    StandardKind,
    StandardVersion,
)
from diurna.newsroom.standards.catalogue import QUESTIONS, answered
from diurna.newsroom.standards.question import LONGEST_LINE, Answer, Question

MAY_CHANGE: Final = "newsroom.change_standard"
MAY_SEE: Final = "newsroom.view_standard"
KEYS: Final = ("standards", "navigation")
LONGEST_NOTE: Final = 500
# A masthead is a page that people read.
MOST_PEOPLE: Final = 200


def standard_of(kind: str) -> Standard:
    """The page of this kind as it is stored; a new one, not stored yet, where there is none."""
    return Standard.objects.filter(kind=kind).first() or Standard(kind=kind)


def save_draft(
    *, kind: str, answers: Mapping[str, Any], actor: User, draft_number: int | None = None
) -> Standard:
    """Store the answers of a page as its draft; readers see nothing of it.

    `answers` is `{key: text}`, for people a list of `{"uuid": ..., "role": ...}`. `draft_number` is
    that of the draft which was changed, None to change the one there is. Raises Refused for who may
    not, Invalid for answers that can't be stored, Conflicting where somebody else was quicker.
    """
    _demand(actor)
    clean = _clean(kind, answers)
    with transaction.atomic():
        standard = _locked(kind)
        if draft_number is not None and draft_number != standard.draft_number:
            raise Conflicting(
                _(
                    "Somebody else has stored this page meanwhile. Please copy your words, load"
                    " the page again, and put them in."
                )
            )
        standard.answers = clean
        standard.draft_number += 1
        standard.save()
    return standard


def publish_standard(
    *, kind: str, actor: User, note: str = "", at: datetime | None = None
) -> StandardVersion:
    """Have readers read the draft of a page; the version that they read then.

    `note` says what changed and is asked for from the second version on; `at` (aware) dates it in
    the past, for the demonstration. Raises Refused, Invalid for a page without an answer or a
    change without a note, Conflicting where readers read just this already. One transaction.
    """
    _demand(actor)
    with transaction.atomic():
        standard = _locked(kind)
        if not answered(kind, standard.answers):
            raise Invalid(_("This page has no answers yet; please answer at least one question."))
        last = standard.versions.order_by("-number").first()
        if last and not last.withdrawn and last.answers == standard.answers:
            raise Conflicting(_("Readers read these very words already; there is nothing new."))
        return _append(standard, last, note=note, actor=actor, at=at, withdrawn=False)


def withdraw_standard(
    *, kind: str, actor: User, note: str, at: datetime | None = None
) -> StandardVersion:
    """Take a page down: its address answers 404, its draft and its versions stay at the desk.

    Raises Refused, Invalid without a note, Conflicting for a page that is not public.
    """
    _demand(actor)
    with transaction.atomic():
        standard = _locked(kind)
        if standard.public_number is None:
            raise Conflicting(_("This page is not public, so there is nothing to take down."))
        last = standard.versions.order_by("-number").first()
        return _append(standard, last, note=note, actor=actor, at=at, withdrawn=True)


def public_version(kind: str) -> StandardVersion | None:
    """The version that readers read, if there is one."""
    return (
        StandardVersion.objects.filter(standard__kind=kind, standard__public_number=F("number"))
        .select_related("standard")
        .first()
    )


def _append(
    standard: Standard,
    last: StandardVersion | None,
    *,
    note: str,
    actor: User,
    at: datetime | None,
    withdrawn: bool,
) -> StandardVersion:
    note = " ".join(tidy(note).split())
    if last is not None and not note:
        raise Invalid(_("Please say in a sentence what changed; readers read it in the history."))
    if len(note) > LONGEST_NOTE:
        raise Invalid(
            _("Please say what changed in at most %(number)d characters.")
            % {"number": LONGEST_NOTE}
        )
    version = StandardVersion.objects.create(
        standard=standard,
        number=last.number + 1 if last else 1,
        at=at or timezone.now(),
        answers={} if withdrawn else standard.answers,
        note=note,
        withdrawn=withdrawn,
        published_by=actor,
    )
    standard.public_number = None if withdrawn else version.number
    standard.save()
    _tell_every_page(standard.kind, None if withdrawn else version.answers)
    return version


def _tell_every_page(kind: str, answers: Mapping[str, Any] | None) -> None:
    newsroom = NewsroomSettings.objects.select_for_update(of=("self",)).first()
    newsroom = newsroom or NewsroomSettings()
    others = {key: keys for key, keys in newsroom.standards.items() if key != kind}
    newsroom.standards = others if answers is None else others | {kind: answered(kind, answers)}
    newsroom.save()
    touch(*KEYS)


def _locked(kind: str) -> Standard:
    if kind not in StandardKind.values:
        raise Invalid(
            _("There is no such page; please choose one of: %(kinds)s.")
            % {"kinds": ", ".join(StandardKind.values)}
        )
    Standard.objects.get_or_create(kind=kind)
    return Standard.objects.select_for_update().get(kind=kind)


def _clean(kind: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.key: one for one in QUESTIONS.get(kind, ())}
    if unknown := set(answers) - set(known):
        raise Invalid(
            _("This page asks no question “%(key)s”; please load the form again.")
            % {"key": sorted(unknown)[0]}
        )
    clean = {key: _clean_answer(known[key], value) for key, value in answers.items()}
    return {key: value for key, value in clean.items() if value}


def _clean_answer(question: Question, value: Any) -> Any:
    if question.answer is Answer.PEOPLE:
        return _clean_people(value)
    text = tidy(str(value)).strip()
    if question.answer is Answer.LINE:
        text = " ".join(text.split())
    if len(text) > question.longest:
        raise Invalid(
            _("The answer to “%(question)s” is too long; please keep it to %(number)d characters.")
            % {"question": question.question, "number": question.longest}
        )
    return text


def _clean_people(value: Any) -> list[dict[str, str]]:
    rows = [row for row in value if row.get("uuid")]
    if len(rows) > MOST_PEOPLE:
        raise Invalid(
            _("A masthead has at most %(number)d people; please leave some out.")
            % {"number": MOST_PEOPLE}
        )
    names = dict(
        Contributor.objects.filter(uuid__in=[_uuid(row["uuid"]) for row in rows]).values_list(
            "uuid", "name"
        )
    )
    clean = []
    for row in rows:
        uuid = _uuid(row["uuid"])
        if uuid not in names:
            raise Invalid(_("One of these people is no longer a contributor; please choose again."))
        role = " ".join(tidy(str(row.get("role", ""))).split())[:LONGEST_LINE]
        clean.append({"uuid": str(uuid), "name": names[uuid], "role": role})
    return clean


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("Please choose the people of the masthead from the list.")) from None


def _demand(actor: User) -> None:
    if not actor.has_perm(MAY_CHANGE):
        raise Refused(
            _("Your role does not write what the newsroom says of itself; please ask a publisher.")
        )
