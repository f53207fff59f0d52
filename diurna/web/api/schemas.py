"""What the API answers with. Times are UTC, addresses whole."""

from datetime import date, datetime
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
    retracted_at: datetime | None
    points: int | None = Field(description="net points; null where the article takes no votes")
    comments: int | None = Field(
        description="published comments; null where the article shows none"
    )


class RevisionOut(Schema):
    """One public revision. The commitment is SHA-256 over salt and text (UTF-8), all as hex."""

    number: int
    at: datetime
    kind: str = Field(
        description="publish, import, edit, revert, move, correct, retract or unpublish"
    )
    minor: bool
    note: str
    url: str
    reverts_to: int | None
    commitment: str
    salt: str


class RevisionTextOut(RevisionOut):
    """One public revision with its text, which is empty for one that withdrew the article."""

    canonical_text: str = Field(description="see docs/reference/canonical-text.md")


class CorrectionOut(Schema):
    """One notice. The commitment is SHA-256 over salt and its text (docs/reference/ledger.md)."""

    id: UUID
    number: int
    kind: str = Field(description="correction, clarification, update or retraction")
    url: str
    at: datetime
    text: str
    wrong: str
    right: str
    severity: str = Field(description="small, substantial, serious, or empty")
    found_by: str = Field(description="reader, staff, subject, other, or empty")
    reported_on: date | None
    channels: str = Field(description="where else readers were told")
    before: int | None = Field(description="number of the version until then")
    after: int | None = Field(description="number of the version with the notice")
    imported: bool
    removed: bool = Field(description="its words were lost with a backup")
    salt: str
    commitment: str
    log_index: int | None = Field(description="its entry in the public log; null while it waits")


class SourceOut(Schema):
    """What is cited. Of one that is not named, `title` is how it is described."""

    kind: str = Field(description="document, dataset, interview, scene, outlet, post or statement")
    title: str
    url: str = Field(description="its address, or that of our own file or story; may be empty")
    authors: str
    person: NamedPlace | None = Field(description="one of the newsroom's contributors")
    outlet: NamedPlace | None
    publisher: str
    published: str = Field(description="a year, a month or a day: 2026, 2026-03, 2026-03-14")
    accessed_on: date | None
    place: str
    language: str
    doi: str
    isbn: str
    paywalled: bool
    state: str = Field(description="live, moved, changed, dead, or empty: not looked at")
    state_since: datetime | None
    moved_to: str
    anonymity: str = Field(description="named, partly or unnamed")
    anonymity_reason: str
    approved_at: datetime | None
    approved_by: str


class CopyOut(Schema):
    """The copy that the newsroom keeps; its commitment is in the public log (`source` entry)."""

    captured_at: datetime
    commitment: str
    url: str = Field(description="the WARC file; empty where only the newsroom reads it")
    passage_found: bool | None = Field(description="null where none was looked for")


class CitationOut(Schema):
    """What ties a source to words of the text (W3C Web Annotation: a text quote selector)."""

    id: UUID
    number: int = Field(description="of the note")
    mark: str = Field(description="how it stands in the canonical text")
    claim: str = Field(description="fact, figure, quote or attribution")
    bearing: str = Field(description="supports, partly or disputes")
    prefix: str
    exact: str
    suffix: str
    passage: str
    locator: str
    checked_on: date | None
    checked_by: str
    source: SourceOut
    kept_copy: CopyOut | None


class ArticleOut(ArticleSummary):
    """An article with its canonical text and its public history, oldest revision first."""

    canonical_url: str
    history_url: str
    points_url: str
    comments_url: str | None = Field(description="its comments in this API, where it shows any")
    canonical_text: str = Field(description="see docs/reference/canonical-text.md")
    revisions: list[RevisionOut]
    citations: list[CitationOut] = Field(description="in the order of the text")
    corrections: list[CorrectionOut] = Field(description="oldest first")


class ArticlePage(Schema):
    """One page of a list; `next` is the cursor of the page after it, or null."""

    items: list[ArticleSummary]
    next: str | None


class RankingOut(Schema):
    """By what an article stands where it does; members that its order does not count are null."""

    rank: int = Field(description="from 1; one is missing where an article was withdrawn since")
    mark: float = Field(description="what the formula of the order gives")
    points: int | None = Field(description="net counted votes: of the window, or of all time")
    up: int | None = Field(description="counted votes up, of all time")
    down: int | None = Field(description="counted votes down, of all time")
    commenters: int | None = Field(description="people who commented in the window")
    rank_by_mark: int | None = Field(description="before articles of a section were put apart")


class RankedSummary(ArticleSummary):
    """An article in a ranked list, and why it stands there."""

    ranking: RankingOut


class RankedPage(Schema):
    """One page of a ranked list; `next` is good for an hour at least."""

    items: list[RankedSummary]
    next: str | None
    ranked_at: datetime = Field(description="when the list was made")
    counted_since: datetime | None = Field(
        description="the hour from which on votes or comments count; null for hot, controversial"
    )
