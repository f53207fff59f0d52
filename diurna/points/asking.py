"""From what a visitor asks to a press: the rules that need no look at other votes."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from django.utils.translation import gettext as _

from diurna.accounts.visitors import Visitor
from diurna.common.errors import Invalid, Refused
from diurna.newsroom.models.work_type import PointsMode
from diurna.points.casting import Press, nonce_hash
from diurna.points.models import TargetKind
from diurna.points.models.vote import VALUES
from diurna.points.targets import Target

# 128 bits as hexadecimal take 32; more than this is nobody's random number.
MAX_NONCE: Final = 128


class OwnWork(Refused):
    """A vote on one's own article or comment."""

    code: ClassVar[str] = "own_work"


@dataclass(slots=True, kw_only=True)
class Ask:
    """What a visitor asks, about a target that has still to be found.

    Whoever writes the vote finds it, for many at once, and leaves it in `target`.
    """

    visitor: Visitor
    kind: TargetKind
    name: UUID
    value: int
    nonce: str
    at: datetime
    target: Target | None = None

    def press(self, target: Target) -> Press:
        """The press on the target that was found; raises what `press_of` does."""
        self.target = target
        return press_of(
            visitor=self.visitor, target=target, value=self.value, nonce=self.nonce, at=self.at
        )


def press_of(*, visitor: Visitor, target: Target, value: int, nonce: str, at: datetime) -> Press:
    """The press that the visitor asks for.

    Raises Invalid for a value or nonce that can't be, Refused where nobody, or not this visitor,
    may vote so.
    """
    _demand_allowed(visitor, target, value)
    return Press(
        user=visitor.user.pk if visitor.user else None,
        guest=visitor.guest,
        target=target,
        value=value,
        nonce=nonce_hash(_valid_nonce(nonce)),
        at=at,
        origin=visitor.origin,
    )


def _demand_allowed(visitor: Visitor, target: Target, value: int) -> None:
    if value not in VALUES:
        raise Invalid(_("A vote is 1 (up), -1 (down) or 0 (taken back)."))
    if target.mode == PointsMode.OFF:
        raise Refused(_("This story takes no votes."))
    if value < 0 and target.mode == PointsMode.UP:
        raise Refused(_("This story takes votes up only."))
    # What a guest had cast before signing in can always be taken back.
    if value and _is_own(visitor, target):
        raise OwnWork(_("This is your own work, so your vote can’t be taken."))


def _is_own(visitor: Visitor, target: Target) -> bool:
    if visitor.user is not None:
        return target.is_work_of(visitor.user.pk)
    return visitor.guest is not None and visitor.guest == target.guest


def _valid_nonce(nonce: str) -> str:
    if len(nonce) > MAX_NONCE or not nonce.isprintable():
        raise Invalid(
            _("The number that your browser chose has at most %(limit)d characters.")
            % {"limit": MAX_NONCE}
        )
    return nonce
