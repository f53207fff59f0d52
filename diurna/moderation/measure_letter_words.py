"""The words of letters about measures, made when they are sent."""

from typing import Final
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from diurna.accounts.letters import letter as plain_letter
from diurna.comments.letter_kinds import Wording
from diurna.comments.letter_links import Recipient
from diurna.comments.letter_words import as_list, ways_out
from diurna.comments.models import Letter
from diurna.moderation.models import Appeal, AppealOutcome, Measure, MeasureKind, Statement
from diurna.moderation.standing import address
from diurna.moderation.statement_words import measure_paragraphs, redress

_TEMPLATE: Final = "moderation/email/statement"


def _make(letter: Letter, recipient: Recipient) -> EmailMultiAlternatives:
    ends = letter.subscription or recipient
    subject, paragraphs = _words(letter)
    context = {
        **ways_out(ends, recipient),
        "heading": subject,
        "more": [" ".join(each.split()) for each in paragraphs],
    }
    made = plain_letter(_TEMPLATE, recipient.email, context)
    as_list(made, ends)
    return made


def _words(letter: Letter) -> tuple[str, list[str]]:
    about = _about(letter)
    statement = Statement.objects.filter(uuid=about).select_related("measure").first()
    if statement is not None:
        return _subject(statement.measure), measure_paragraphs(statement)
    appeal = Appeal.objects.filter(uuid=about).first()
    if appeal is not None:
        is_lifted = appeal.outcome == AppealOutcome.REINSTATED
        words = [
            _("Somebody has answered your appeal: the decision is taken back.")
            if is_lifted
            else _("Somebody has answered your appeal: the decision stays.")
        ]
        words += [_("The answer:"), f"> {appeal.answer}"] if appeal.answer else []
        return _("Your appeal is answered"), [
            *words,
            address(),
            *([] if is_lifted else [redress()]),
        ]
    measure = Measure.objects.get(uuid=about)
    words = [_("What kept you from commenting was lifted.")]
    if measure.kind == MeasureKind.WARNING:
        words = [_("The warning that you got was taken back.")]
    if measure.lifted_because:
        words += [_("The reason:"), f"> {measure.lifted_because}"]
    return _("A decision about you was taken back"), [*words, address()]


def _about(letter: Letter) -> UUID:
    assert letter.about is not None  # a constraint holds it
    return letter.about


def _subject(measure: Measure | None) -> str:
    if measure is not None and measure.kind == MeasureKind.WARNING:
        return _("You were warned")
    if measure is not None and measure.kind == MeasureKind.SUSPENSION:
        return _("You are suspended from commenting")
    return _("You are banned from commenting")


def _is_wanted(letter: Letter) -> bool:
    """Whether what it tells is still there and so, and the reader wants such letters."""
    if letter.subscription is None or not letter.subscription.is_on:
        return False
    about = _about(letter)
    statement = Statement.objects.filter(uuid=about).select_related("measure").first()
    if statement is not None:
        return statement.measure is not None and statement.measure.lifted_at is None
    return Appeal.objects.filter(uuid=about).exists() or Measure.objects.filter(uuid=about).exists()


WORDING: Final = Wording(make=_make, is_wanted=_is_wanted)
