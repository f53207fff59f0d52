"""How many letters one mailbox gets that nobody has asked it about.

Receipts for what was typed into a form that needs no account, and the answers: the address was
typed by whoever filled it in, so it may be a stranger's.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from diurna.accounts.models import UserManager
from diurna.comments.models import Letter, LetterAddress, LetterKind

# Somebody may report several things in a day; who types another's address sends three.
RECEIPTS_A_DAY: Final = 3
# Each of these and its answer, so that nobody waits for one because things go quickly; where many
# are answered at once, the rest is read on the page of each.
LETTERS_A_DAY: Final = 2 * RECEIPTS_A_DAY
_RECEIPTS: Final = (LetterKind.NOTICE, LetterKind.ERROR)
_ANSWERS: Final = (LetterKind.NOTICE_TOLD, LetterKind.ERROR_TOLD)
_DAY: Final = timedelta(days=1)


def has_room_for_receipt(email: str, at: datetime) -> bool:
    """Whether this mailbox gets one more receipt within the day."""
    same = _same_mailbox(email)
    is_many = made(at, same, kinds=_RECEIPTS) >= RECEIPTS_A_DAY
    return not is_many and has_room_for_answer(email, at)


def has_room_for_answer(email: str, at: datetime) -> bool:
    """Whether it gets one more letter of whichever of these kinds."""
    return made(at, _same_mailbox(email), kinds=(*_RECEIPTS, *_ANSWERS)) < LETTERS_A_DAY


def made(at: datetime, to: Q, *, kinds: tuple[LetterKind, ...]) -> int:
    """How many letters of these kinds were made for these within the day before."""
    return Letter.objects.filter(to, kind__in=kinds, made_at__gt=at - _DAY).count()


def address_for(email: str, at: datetime) -> LetterAddress:
    """The row of an address that letters go to."""
    address, _is_new = LetterAddress.objects.get_or_create(
        email=UserManager.normalize_email(email), defaults={"made_at": at}
    )
    return address


def _same_mailbox(email: str) -> Q:
    """Letters to this mailbox, whatever follows a "+" in its name."""
    local, _at, host = UserManager.normalize_email(email).rpartition("@")
    mailbox = local.partition("+")[0]
    same = Q(address__email=f"{mailbox}@{host}")
    same |= Q(address__email__startswith=f"{mailbox}+", address__email__endswith=f"@{host}")
    return same
