"""The words and headers of letters about comments.

Everything in a header is the newsroom's own: the sender's name, the subject (with the article's
headline), the links. What readers wrote, and what they are called, is in the text alone, in one
paragraph each; in a confirmation it is nowhere.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _

from diurna.accounts.letters import letter as plain_letter
from diurna.accounts.models import User
from diurna.comments.digests import COMMENTS_IN_A_DIGEST
from diurna.comments.draft import own_hosts
from diurna.comments.letter_kinds import more_words, wording_of
from diurna.comments.letter_links import (
    Recipient,
    confirmation_link,
    end_link,
    settings_link,
)
from diurna.comments.models import (
    Comment,
    Letter,
    LetterAddress,
    LetterKind,
    Subscription,
    SubscriptionKind,
    Transition,
)
from diurna.comments.rules import rule_words
from diurna.comments.states import State
from diurna.common.comment_text import render
from diurna.newsroom.models import Article, NewsroomSettings

# A letter says what it is about; the whole stands on the site, where it can be edited and removed.
LONGEST_QUOTE: Final = 400
_TEMPLATES: Final = "comments/email"


@dataclass(frozen=True)
class Notice:
    """One new comment as a letter tells it."""

    name: str
    quote: str
    headline: str
    address: str
    because: str

    @property
    def is_answer(self) -> bool:
        """Whether it answers the reader."""
        return self.because == SubscriptionKind.REPLIES

    @property
    def is_mention(self) -> bool:
        """Whether it names the reader."""
        return self.because == SubscriptionKind.MENTIONS


def words_for(letter: Letter, recipient: Recipient) -> EmailMultiAlternatives:
    """The letter, ready to be sent; what it needs was read with it (`sending.with_words`)."""
    with translation.override(NewsroomSettings.current().language):
        if letter.kind == LetterKind.CONFIRMATION:
            assert isinstance(recipient, LetterAddress)  # a constraint holds it
            return _confirmation(recipient)
        wording = wording_of(letter.kind)
        if wording is not None:
            return wording.make(letter, recipient)
        assert letter.comment is not None  # likewise
        context: dict[str, Any] = ways_out(letter.subscription or recipient, recipient)
        if letter.kind == LetterKind.DECISION and letter.transition is not None:
            context |= _decision(letter.transition)
            name = "decision"
        else:
            context["notice"] = notice_of(letter)
            name = "new_comment"
        made = plain_letter(f"{_TEMPLATES}/{name}", recipient.email, context)
    as_list(made, letter.subscription or recipient)
    _in_thread(made, letter.comment, f"{letter.uuid.hex}.{letter.comment.uuid.hex}")
    return made


def digest_for(letters: list[Letter], recipient: Recipient, name: str) -> EmailMultiAlternatives:
    """One letter with all of these, in the order of the comments; `name` is its own in the mail."""
    told = sorted(letters, key=lambda each: each.comment_id or 0)
    shown = told[:COMMENTS_IN_A_DIGEST]
    with translation.override(NewsroomSettings.current().language):
        context: dict[str, Any] = {
            **ways_out(recipient, recipient),
            "notices": [notice_of(each) for each in shown],
            "count": len(told),
            "more": len(told) - len(shown),
        }
        made = plain_letter(f"{_TEMPLATES}/digest", recipient.email, context)
    as_list(made, recipient)
    made.extra_headers["Message-ID"] = f"<{name}@{_host()}>"
    return made


def notice_of(letter: Letter) -> Notice:
    """What a letter tells of its comment."""
    comment = letter.comment
    assert comment is not None  # a constraint holds it
    article = comment.thread.article
    account = comment.user.display_name if comment.user is not None else ""
    return Notice(
        name=_one_line(account or comment.name) or _("A reader"),
        quote=quote(comment),
        headline=_one_line(article.title),
        address=permalink(article, comment),
        because=letter.subscription.kind if letter.subscription is not None else "",
    )


def quote(comment: Comment) -> str:
    """The beginning of a comment's words in one line, without any formatting."""
    words = _one_line(render(comment.body, own_hosts=own_hosts()).plain)
    if not words and comment.gif_source:
        return _("[GIF] %(what)s") % {"what": _one_line(comment.gif_alt)}
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE].rstrip()} …"


def permalink(article: Article, comment: Comment) -> str:
    """The whole address at which the comment stands with what is around it."""
    return f"{settings.DIURNA_SITE_URL}{article.address_path()}comments/{comment.uuid}/"


def _confirmation(address: LetterAddress) -> EmailMultiAlternatives:
    context = {"confirm_url": confirmation_link(address)}
    return plain_letter(f"{_TEMPLATES}/confirmation", address.email, context)


def _decision(transition: Transition) -> dict[str, Any]:
    comment = transition.comment
    article = comment.thread.article
    before, after = State(transition.before), State(transition.after)
    return {
        "headline": _one_line(article.title),
        "written_on": comment.created_at,
        "is_published": after == State.PUBLISHED,
        "is_back": after == State.PUBLISHED and before != State.HELD,
        "is_hidden": after == State.HIDDEN,
        "is_upheld": after == State.UPHELD,
        "automated": transition.automated,
        "rule": _one_line(rule_words(transition.rule)),
        "reason": _one_line(transition.reason),
        "address": permalink(article, comment) if after == State.PUBLISHED else "",
        "more": [_one_line(each) for each in more_words(transition)],
    }


def ways_out(ends: Subscription | Recipient, recipient: Recipient) -> dict[str, Any]:
    """What the foot of every letter needs: the link that ends it, and that to all letters."""
    return {
        "end_url": end_link(ends),
        "settings_url": settings_link(recipient),
        "is_member": isinstance(recipient, User),
    }


def as_list(made: EmailMultiAlternatives, ends: Subscription | Recipient) -> None:
    """Have mail programs offer to end these letters."""
    made.extra_headers |= {
        # RFC 8058: a mail program ends it with one POST, without opening the page.
        "List-Unsubscribe": f"<{end_link(ends)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        # RFC 2919.
        "List-Id": f"<comments.{_host()}>",
    }


def _in_thread(made: EmailMultiAlternatives, comment: Comment, name: str) -> None:
    """Have mail programs put the letters about one story together (RFC 5322, 3.6.4)."""
    story = f"<{comment.thread.article.uuid.hex}@{_host()}>"
    made.extra_headers |= {
        "Message-ID": f"<{name}@{_host()}>",
        "In-Reply-To": story,
        "References": story,
    }


def _host() -> str:
    return urlsplit(settings.DIURNA_SITE_URL).hostname or "localhost"


def _one_line(text: str) -> str:
    return " ".join(text.split())
