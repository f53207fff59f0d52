"""What the API answers with. Times are UTC, addresses whole."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field


class BylineOut(Schema):
    """One contributor's part in an article."""

    name: str
    role: str = Field(description="reporting, writing, photography, editing or translation")
    url: str


class NamedPlace(Schema):
    """A section or a topic."""

    name: str
    slug: str
    url: str


class ImageOut(Schema):
    """The lead picture; `alt` is empty where it is only decoration."""

    url: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


class SumOut(Schema):
    """Counted votes; `points` is up less down."""

    points: int
    up: int
    down: int


class ByClassOut(Schema):
    """The counted votes of each class: guests, and members, whose e-mail address is confirmed."""

    guest: SumOut
    member: SumOut


class ImportedOut(Schema):
    """What the old site said; apart from every other figure, and not recountable."""

    up: int
    down: int
    score: int


class PointsOut(Schema):
    """What the points of an article or a comment are made of."""

    points: int = Field(description="as readers see them: logged + pending")
    up: int
    down: int
    by_class: ByClassOut
    imported: ImportedOut | None
    logged: int = Field(description="of these, in the log at size `as_of_size`")
    pending: int = Field(description="the net of what is not in the log yet")
    waiting: int = Field(description="how many votes that are")
    as_of_size: int = Field(description="size of the log that `logged` is counted from")
    mode: str = Field(description="up_down, up or off")


class ArticleSummary(Schema):
    """An article in a list."""

    id: UUID
    url: str
    api_url: str
    title: str
    short_title: str
    standfirst: str
    work_type: str
    language: str
    direction: str = Field(description="ltr or rtl")
    section: NamedPlace | None
    topics: list[NamedPlace]
    bylines: list[BylineOut]
    image: ImageOut | None
    published_at: datetime
    updated_at: datetime | None = Field(description="last substantial update, if there was one")
    points: int | None = Field(description="net points; null where the article takes no votes")
    comments: int | None = Field(
        description="published comments; null where the article shows none"
    )


class RevisionOut(Schema):
    """One public revision. The commitment is SHA-256 over salt and text (UTF-8), all as hex."""

    number: int
    at: datetime
    kind: str = Field(description="publish, import, edit, revert, move or unpublish")
    minor: bool
    note: str
    url: str
    reverts_to: int | None
    commitment: str
    salt: str


class RevisionTextOut(RevisionOut):
    """One public revision with its text, which is empty for one that withdrew the article."""

    canonical_text: str = Field(description="see docs/reference/canonical-text.md")


class ArticleOut(ArticleSummary):
    """An article with its canonical text and its public history, oldest revision first."""

    canonical_url: str
    history_url: str
    points_url: str
    comments_url: str | None = Field(description="its comments in this API, where it shows any")
    canonical_text: str = Field(description="see docs/reference/canonical-text.md")
    revisions: list[RevisionOut]


class ArticlePage(Schema):
    """One page of a list; `next` is the cursor of the page after it, or null."""

    items: list[ArticleSummary]
    next: str | None
