"""“Leave a reply”: what the form shows, and what comes back typed, whatever its size."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from diurna.comments.draft import ChosenGif
from diurna.comments.gifs import GifField, gif_field
from diurna.comments.models import Comment, CommentSettings
from diurna.comments.models.comment import LONGEST_BODY
from diurna.comments.opening import Opening
from diurna.common.errors import DiurnaError
from diurna.common.routes import address
from diurna.moderation import akismet
from diurna.newsroom.models import Article

ANCHOR: Final = "#reply"
# 5,000 characters take 60 KB at most as a form sends them. Four times as much is still read, so
# that somebody who has written too much gets all of it back.
MOST_FORM_BYTES: Final = 256 * 1024
# Of what is larger, this much is read and given back.
_BEGINNING_BYTES: Final = 64 * 1024
# Name, addresses and what is ticked, at their longest.
_END_BYTES: Final = 8 * 1024
# Up to here the rest is taken in and thrown away: a browser that is cut off while it sends shows an
# error of its own and not our answer. What says that it is larger is cut off.
_MOST_TAKEN_IN_BYTES: Final = 16 * 1024 * 1024
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
# What no text has and PostgreSQL takes from nobody.
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
_GIF_FIELDS: Final = ("gif_source", "gif_id", "gif_alt")


class TooLarge(DiurnaError):
    """More was sent than any comment has; `beginning` is as much of it as was read."""

    code: ClassVar[str] = "too_large"
    status: ClassVar[HTTPStatus] = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, beginning: "Typed") -> None:
        super().__init__(
            _(
                "This is far more than a comment can have, which is %(limit)s characters. Its"
                " beginning is below; please shorten it and send it again."
            )
            % {"limit": f"{LONGEST_BODY:,}"}
        )
        self.beginning = beginning


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody has typed; `answers` is the comment replied to, None for none.

    `wants_letters`: to be written to when somebody answers.
    """

    body: str = ""
    name: str = ""
    email: str = ""
    website: str = ""
    answers: UUID | None = None
    gif: ChosenGif | None = None
    wants_letters: bool = False


@dataclass(frozen=True, kw_only=True)
class WritingForm:
    """What `components/comment_form.html` shows.

    The same for every reader on a public page: `typed`, `errors` (sentences by field, `whole` for
    the form itself), `is_account`, `writer` (the account's name, where it has one) and `may_write`
    (whether this very reader may) are filled only in the answer to somebody who has sent something.
    `answers` is the comment that is replied to.
    """

    article: Article
    opening: Opening
    email_required: bool
    answers: Comment | None = None
    typed: Typed = Typed()
    errors: Mapping[str, str] = field(default_factory=dict)
    is_account: bool = False
    writer: str = ""
    may_write: bool = True
    gifs: GifField | None = None
    asks_akismet: bool = False
    longest: int = LONGEST_BODY

    @property
    def is_there(self) -> bool:
        """Whether there is a form: else the opening's sentence stands in its place."""
        return self.opening.takes_comments and self.may_write

    @property
    def answers_name(self) -> str:
        """Who wrote the comment replied to; empty for no reply."""
        return name_of(self.answers) if self.answers else ""

    @property
    def post_address(self) -> str:
        """Where the form is sent."""
        return f"{self.article.address_path()}comments/"

    @property
    def preview_address(self) -> str:
        """Where it is sent to be looked at first."""
        return f"{self.post_address}preview/"

    @property
    def follow_address(self) -> str:
        """Where letters about new comments are asked for."""
        return f"{self.post_address}follow/"

    @property
    def api_address(self) -> str:
        """Where the module sends it."""
        return f"/api/v1/articles/{self.article.uuid}/comments"

    @property
    def sign_in_address(self) -> str:
        """Where to sign in, and come back from to this form."""
        return self._account("account_login")

    @property
    def sign_up_address(self) -> str:
        """Where to open an account, and come back from to this form."""
        return self._account("account_signup")

    def _account(self, name: str) -> str:
        back = f"{self.article.address_path()}{ANCHOR}"
        return f"{address(name)}?{urlencode({'next': back})}"


def name_of(comment: Comment) -> str:
    """The name beside a comment: the account's as it is now, else what was typed."""
    return str(comment.user.display_name) if comment.user is not None else comment.name


def writing_form(
    article: Article,
    open_for: Opening,
    settings: CommentSettings,
    *,
    answers: Comment | None = None,
) -> WritingForm:
    """The empty form of an article's page, or of one comment's page, where it answers that."""
    return WritingForm(
        article=article,
        opening=open_for,
        email_required=settings.email_required,
        answers=answers,
        typed=Typed(answers=answers.uuid if answers else None),
        gifs=_gifs(article) if open_for.takes_comments else None,
        asks_akismet=akismet.is_on(),
    )


def _gifs(article: Article) -> GifField | None:
    """What the form offers; no query for an article that was read `with_participation`."""
    return gif_field(with_library=False, any_there=getattr(article, "gifs_offered", None))


def read_typed(request: HttpRequest) -> Typed:
    """What the form sent; raises TooLarge by the announced size, before the rest is read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    size = int(announced) if announced.isascii() and announced.isdigit() else 0
    if size <= MOST_FORM_BYTES:
        return typed_in(request.POST)
    beginning = request.read(_BEGINNING_BYTES)
    end = take_in(request, size)
    if request.content_type != _FORM_TYPE:
        raise TooLarge(Typed())
    # The short fields follow the long one, whose end is left out.
    beginning += b"&" + end.partition(b"&")[2]
    raise TooLarge(typed_in(QueryDict(beginning, encoding="utf-8")))


def take_in(request: HttpRequest, announced: int) -> bytes:
    """Read what a too large request still sends, a little at a time; only its end is kept."""
    end = b""
    if announced <= _MOST_TAKEN_IN_BYTES:
        while part := request.read(_BEGINNING_BYTES):
            end = (end + part)[-_END_BYTES:]
    return end


def typed_in(fields: Mapping[str, str]) -> Typed:
    """What was typed, by the names of the form's fields."""
    source, gif, alt = (as_text(fields.get(name)) for name in _GIF_FIELDS)
    return Typed(
        body=as_text(fields.get("body")),
        name=as_text(fields.get("name")),
        email=as_text(fields.get("email")),
        website=as_text(fields.get("website")),
        answers=as_uuid(fields.get("answers")),
        gif=ChosenGif(source=source, id=gif, alt=alt) if gif else None,
        wants_letters=bool(fields.get("letters")),
    )


def as_text(given: object) -> str:
    """A text that can be stored, lines ended as everywhere else; empty for what is none."""
    text = given if isinstance(given, str) else ""
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def as_uuid(given: object) -> UUID | None:
    """The UUID that was given as text; None for anything else."""
    try:
        return UUID(given) if isinstance(given, str) else None
    except ValueError:
        return None
