"""A person's decision about a comment: approve, hide, remove, mark as spam, reinstate."""

import re
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.models import Comment, Transition
from diurna.comments.moves import Move, locked, make
from diurna.comments.states import Actor, State
from diurna.common.characters import tidy
from diurna.common.errors import Invalid, Refused

# As the public log has it.
RULE: Final = re.compile("[a-z][a-z0-9_-]{0,39}")


def decide(
    *,
    comment: Comment,
    to: State,
    moderator: User,
    rule: str,
    reason: str = "",
    at: datetime | None = None,
) -> Transition:
    """Move a comment on by a person's decision: approve, hide, remove, mark as spam, reinstate.

    `rule` names what it goes by, `reason` is for the author. Raises Refused for somebody who may
    not, or for a way that does not exist, Conflicting where somebody else was quicker.
    """
    if not moderator.has_perm("comments.change_comment"):
        raise Refused(_("Your role does not decide about comments; please ask a moderator."))
    if not RULE.fullmatch(rule):
        raise Invalid(_("A rule is one word, such as “insult”; please choose one of the list."))
    with transaction.atomic():
        comment = locked(comment)
        return make(
            comment,
            Move(
                to=to,
                actor=Actor.MODERATOR,
                rule=rule,
                at=at or timezone.now(),
                moderator=moderator,
                reason=tidy(reason),
            ),
        )
