"""Letters about measures: that there is one, that it is lifted, what became of an appeal.

Only to addresses that are confirmed, and not to who has switched off letters about decisions;
everything stands at `/account/decisions/` as well. `Letter.about` names the statement, the measure
(lifted) or the appeal by its uuid.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from diurna.accounts.addresses import has_confirmed_address
from diurna.comments.letter_links import Recipient
from diurna.comments.models import Letter, LetterAddress, LetterKind
from diurna.comments.notifications import addresses_of_guest, decisions_of
from diurna.moderation.models import Appeal, Measure, Statement


def tell_of_statement(statement: Statement, at: datetime) -> None:
    """Note the letter about a new measure."""
    if statement.measure is not None:
        _note(statement.measure, statement.uuid, at)


def tell_of_lifting(measure: Measure, at: datetime) -> None:
    """Note the letter that a measure holds no longer."""
    _note(measure, measure.uuid, at)


def tell_of_answer(appeal: Appeal, at: datetime) -> None:
    """Note the letter about the answer to an appeal against a measure."""
    if appeal.statement.measure is not None:
        _note(appeal.statement.measure, appeal.uuid, at)


def recipient_of(measure: Measure) -> Recipient | None:
    """Where letters about this measure go; None where no confirmed address is known."""
    if measure.user is not None:
        is_reachable = measure.user.is_active and has_confirmed_address(measure.user)
        return measure.user if is_reachable else None
    if measure.guest_id is not None:
        return addresses_of_guest(measure.guest_id).first()
    return None


def _note(measure: Measure, about: UUID, at: datetime) -> None:
    recipient = recipient_of(measure)
    if recipient is None:
        return
    subscription = decisions_of(recipient, at)
    if not subscription.is_on:
        return
    to: dict[str, Any] = {"address" if isinstance(recipient, LetterAddress) else "user": recipient}
    Letter.objects.get_or_create(
        kind=LetterKind.STATEMENT,
        about=about,
        **to,
        defaults={"subscription": subscription, "made_at": at, "due_at": at},
    )
