"""What somebody typed, made into what can be stored; and the facts that the policy asks for."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from diurna.accounts.display_names import clean_display_name
from diurna.accounts.guests import Guest
from diurna.accounts.models import EMAIL_MAX_LENGTH, User
from diurna.comments import giphy
from diurna.comments.models import Comment, CommentSettings, CommentState, Gif, GifSource, Thread
from diurna.comments.models.comment import (
    LONGEST_ALT,
    LONGEST_BODY,
    LONGEST_HTML,
    WEBSITE_MAX_LENGTH,
)
from diurna.comments.opening import Opening
from diurna.comments.policy import Facts
from diurna.common.comment_text import Rendered, render
from diurna.common.errors import Invalid

_HOUR: Final = timedelta(hours=1)
# The same words twice in a day on one story are a second press, or a machine.
DUPLICATE_WINDOW: Final = timedelta(days=1)
# No limit of the policy is beyond this, so counting stops here.
_COUNT_AT_MOST: Final = 1_000
_IS_WEBSITE: Final = URLValidator(schemes=["http", "https"])


class InvalidField(Invalid):
    """One field of the form can't be used; `field` is its name."""

    code: ClassVar[str] = "invalid"

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class ChosenGif:
    """A moving picture that the writer chose: of the library by `uuid`, or of GIPHY by its id."""

    source: str
    id: str
    alt: str = ""


@dataclass(frozen=True)
class Draft:
    """A comment's fields, cleaned, before anything is decided."""

    name: str
    email: str
    website: str
    body: str
    rendered: Rendered
    gif: dict[str, Any]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read and nothing to see."""
        return not self.rendered.plain.strip() and not self.gif

    @property
    def body_hash(self) -> bytes:
        """A hash of the words, whatever their case and spaces, and of the GIF."""
        gif = self.gif.get("giphy_id") or getattr(self.gif.get("gif"), "pk", "")
        words = f"{' '.join(self.rendered.plain.casefold().split())}\0{gif}"
        return hashlib.sha256(words.encode()).digest()


def draft_of(
    *,
    user: User | None,
    name: str,
    email: str,
    website: str,
    body: str,
    gif: ChosenGif | None,
    settings: CommentSettings,
) -> Draft:
    """What was typed, cleaned; raises InvalidField for the first field that can't be used."""
    return Draft(
        name=_name(name, user),
        email="" if user is not None else _email(email, settings),
        website="" if user is not None else _website(website),
        body=body,
        rendered=render_body(body),
        gif=chosen(gif),
    )


def columns_of(draft: Draft) -> dict[str, object]:
    """The columns of a comment that a draft fills; raises Invalid for too much formatting."""
    html = draft.rendered.html
    if len(html) > LONGEST_HTML:
        raise Invalid(_("This text has too much formatting; please simplify it."))
    return {
        "body": draft.body,
        "html": html,
        "body_hash": draft.body_hash,
        "links": len(draft.rendered.links),
        **draft.gif,
    }


def said_in(draft: Draft, at: datetime) -> dict[str, Any]:
    """What a draft says of itself to those who look for signals."""
    return {
        "name": draft.name,
        "website": draft.website,
        "body": draft.body,
        "plain": draft.rendered.plain,
        "links": draft.rendered.links,
        "body_hash": draft.body_hash,
        "at": at,
    }


def render_body(body: str) -> Rendered:
    """The words as they are shown; beyond the limit they are cut, since they are refused anyway."""
    return render(body[: LONGEST_BODY + 1], own_hosts=own_hosts())


def own_hosts() -> frozenset[str]:
    """This site's hosts as addresses have them."""
    return frozenset({urlsplit(django_settings.DIURNA_SITE_URL).netloc.lower()})


def chosen(gif: ChosenGif | None) -> dict[str, Any]:
    """The fields of a comment for the chosen picture; empty for none."""
    if gif is None or not gif.id:
        return {}
    if gif.source == GifSource.LIBRARY:
        try:
            known = Gif.objects.filter(uuid=UUID(gif.id), is_offered=True).first()
        except ValueError:
            known = None
        if known is None:
            raise InvalidField(
                _("This GIF is no longer in our library; please choose another."), field="gif"
            )
        return {"gif_source": GifSource.LIBRARY, "gif": known, "gif_alt": known.alt}
    if gif.source == GifSource.GIPHY:
        # A form that asks for it where no key is set was not made by us.
        if not (django_settings.DIURNA_GIPHY_KEY and giphy.is_id(gif.id)):
            raise InvalidField(
                _("This is no GIF that we know; please choose one again."), field="gif"
            )
        words = " ".join(gif.alt.split())[:LONGEST_ALT]
        return {"gif_source": GifSource.GIPHY, "giphy_id": gif.id, "gif_alt": words}
    raise InvalidField(_("This is no GIF that we know; please choose one again."), field="gif")


def facts_of(
    draft: Draft,
    *,
    visitor_user: User | None,
    guest: Guest | None,
    network: int | None,
    opening: Opening,
    thread: Thread | None,
    settings: CommentSettings,
    at: datetime,
    edited: Comment | None = None,
    signals: Mapping[str, Any] | None = None,
) -> Facts:
    """Everything that the policy may ask about this comment."""
    is_member = visitor_user is not None and is_confirmed(visitor_user)
    is_staff = visitor_user is not None and visitor_user.is_staff
    reader: User | Guest | None = visitor_user or guest
    return Facts(
        closed=opening.refusal(is_member=is_member, is_staff=is_staff),
        is_edit=edited is not None,
        is_staff=is_staff,
        is_member=is_member,
        is_account=visitor_user is not None,
        is_known=reader is not None and _is_known(reader, edited),
        length=len(draft.body),
        longest=LONGEST_BODY,
        is_empty=draft.is_empty,
        is_duplicate=_is_duplicate(draft, thread, at, edited),
        sent_by_reader=_sent(Comment.objects.of(reader), at) if reader is not None else 0,
        sent_by_network=_sent(Comment.objects.filter(network=network), at) if network else 0,
        # What an export brought has waited elsewhere already, and is no flood.
        waiting=Comment.objects.waiting()
        .filter(imported=False)
        .order_by()[:_COUNT_AT_MOST]
        .count(),
        links=len(draft.rendered.links),
        links_without_look=settings.links_without_look,
        hold_newcomers=settings.hold_newcomers,
        name=draft.name,
        plain=draft.rendered.plain,
        at=at,
        signals=signals or {},
    )


def is_confirmed(user: User) -> bool:
    """Whether the account has confirmed an e-mail address: then it is a member."""
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def _name(name: str, user: User | None) -> str:
    if user is not None and user.display_name:
        return user.display_name
    try:
        return clean_display_name(name, of=user)
    except Invalid as error:
        raise InvalidField(str(error), field="name") from error


def _email(email: str, settings: CommentSettings) -> str:
    address = email.strip()
    if not address:
        if settings.email_required:
            raise InvalidField(
                _("Please write your e-mail address; it is not published."), field="email"
            )
        return ""
    try:
        if len(address) > EMAIL_MAX_LENGTH:
            raise ValidationError("too long")
        validate_email(address)
    except ValidationError as error:
        raise InvalidField(
            _("This is no e-mail address; please write one like name@example.org."), field="email"
        ) from error
    return address


def _website(website: str) -> str:
    address = website.strip()
    if not address:
        return ""
    if "://" not in address:
        address = f"https://{address}"
    try:
        if len(address) > WEBSITE_MAX_LENGTH or "@" in urlsplit(address).netloc:
            raise ValidationError("too long, or with a password")
        _IS_WEBSITE(address)
    except (ValidationError, ValueError) as error:
        raise InvalidField(
            _("This is no address of a website; please write one like https://example.org."),
            field="website",
        ) from error
    return address


def _is_known(reader: User | Guest, edited: Comment | None) -> bool:
    """Whether a comment of this reader stands; of an edited one, another or this after a look."""
    stands = Comment.objects.of(reader).filter(state=CommentState.PUBLISHED)
    if edited is not None and edited.state == CommentState.PUBLISHED:
        return True
    return stands.exists()


def _is_duplicate(
    draft: Draft, thread: Thread | None, at: datetime, edited: Comment | None
) -> bool:
    if thread is None or draft.is_empty:
        return False
    same = Comment.objects.filter(
        thread=thread, body_hash=draft.body_hash, created_at__gt=at - DUPLICATE_WINDOW
    ).exclude(state=CommentState.DELETED)
    return same.exclude(pk=edited.pk).exists() if edited is not None else same.exists()


def _sent(comments: Any, at: datetime) -> int:
    """How many of these were sent in the hour before."""
    return int(comments.written_since(at - _HOUR).order_by()[:_COUNT_AT_MOST].count())
