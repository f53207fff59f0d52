"""The demonstration as data: reads every file of the edition and checks that they fit together.

Pure: no Django, no clock, no network. `load_edition(today=...)` gives frozen dataclasses; `build`
turns them into a newsroom.
"""

import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from diurna.web.seed.inline import link_targets
from diurna.web.seed.notation import (
    Block,
    EntryList,
    FactBox,
    NotationError,
    Picture,
    Quote,
    Text,
    build,
    fill_in_days,
    parse_body,
    split_head,
)
from diurna.web.seed.sources import SourceBook, check_cites, load_sources

HOME: Final = Path(__file__).parent

ROLES: Final = frozenset({"reporting", "writing", "photography", "editing", "translation"})
WORK_TYPES: Final = frozenset(
    "report analysis opinion explainer interview review obituary live satire sponsored".split()
)


@dataclass(frozen=True)
class SiteText:
    """The newsroom's own description, from `site.toml`."""

    name: str
    motto: str
    accent: str
    description: str
    publisher: str
    contact: str
    time_zone: str
    language: str
    editor: str
    second_moderator: str
    head: tuple[str, ...]
    foot: tuple[str, ...]
    front: dict[str, Any]


@dataclass(frozen=True)
class SectionText:
    """A section; `path` is `harbour` or `harbour/fish-market`."""

    path: str
    name: str
    description: str
    colour: str = ""


@dataclass(frozen=True)
class TopicText:
    """A topic or a series."""

    slug: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class Person:
    """A contributor; `account` is an address when this person also signs in to the desk."""

    slug: str
    name: str
    job_title: str
    biography: str
    expertise: str = ""
    places: str = ""
    languages: str = ""
    contact: str = ""
    disclosures: str = ""
    organisation: bool = False
    account: str = ""


@dataclass(frozen=True)
class PageText:
    """An information page."""

    slug: str
    title: str
    standfirst: str
    body: tuple[Block, ...]


@dataclass(frozen=True)
class ArticleText:
    """One state of an article."""

    slug: str
    headline: str
    section: str
    work_type: str
    standfirst: str
    by: tuple[tuple[str, str], ...]
    posted_by: str
    short_headline: str = ""
    lead: Picture | None = None
    topics: tuple[str, ...] = ()
    series: str = ""
    series_position: int = 0
    methods: str = ""
    disclosure: str = ""
    related: tuple[str, ...] = ()
    language: str = ""
    direction: str = ""
    body: tuple[Block, ...] = ()


@dataclass(frozen=True)
class NoticeText:
    """A correction that comes with a version; `near` are words of the block where it is named."""

    kind: str
    text: str
    wrong: str = ""
    right: str = ""
    severity: str = ""
    found_by: str = ""
    channels: str = ""
    reported_on: date | None = None
    near: str = ""


@dataclass(frozen=True)
class Version:
    """A state of an article from the moment it was published (UTC).

    `comment` is who wrote the comment that led to it.
    """

    at: datetime
    article: ArticleText
    note: str = ""
    minor: bool = False
    correction: NoticeText | None = None
    comment: str = ""


@dataclass(frozen=True)
class History:
    """An article with all its public states, oldest first."""

    slug: str
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class Edition:
    """Everything the demonstration is made of."""

    site: SiteText
    sections: tuple[SectionText, ...]
    topics: tuple[TopicText, ...]
    series: tuple[TopicText, ...]
    people: tuple[Person, ...]
    pages: tuple[PageText, ...]
    articles: tuple[History, ...]
    sources: SourceBook
    today: date


def load_edition(*, today: date, home: Path = HOME) -> Edition:
    """The edition as it stands on the day of the build; NotationError for what does not fit."""
    edition = Edition(
        site=build(SiteText, _toml(home / "site.toml")),
        sections=_tables(home / "sections.toml", "section", SectionText),
        topics=_tables(home / "topics.toml", "topic", TopicText),
        series=_tables(home / "topics.toml", "series", TopicText),
        people=_tables(home / "contributors.toml", "person", Person),
        pages=tuple(_page(path) for path in sorted((home / "pages").glob("*.md"))),
        articles=tuple(
            _history(path, today=today) for path in sorted((home / "articles").glob("*.md"))
        ),
        sources=load_sources(home / "sources.toml"),
        today=today,
    )
    _check_references(edition)
    return edition


def texts_of(article: ArticleText) -> list[str]:
    """Every string of the article that may hold links, in the paragraph notation."""
    found = [article.methods]
    for block in article.body:
        if isinstance(block, Text):
            found += block.paragraphs
        elif isinstance(block, Quote | FactBox):
            found.append(block.text)
        elif isinstance(block, EntryList):
            found += [entry.text for entry in block.items]
    return found


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _tables(path: Path, key: str, kind: Any) -> tuple[Any, ...]:
    return tuple(build(kind, table) for table in _toml(path)[key])


def _page(path: Path) -> PageText:
    head, body = split_head(path.read_text(encoding="utf-8"), name=path.name)
    slug = path.stem.partition("-")[2]
    return PageText(slug=slug, body=parse_body(body, name=path.name), **head)


def _moment(table: dict[str, Any], today: date) -> datetime:
    hour, minute = (int(part) for part in str(table.pop("at")).split(":"))
    day = today - timedelta(days=int(table.pop("days_ago")))
    return datetime.combine(day, time(hour, minute), UTC)


def _history(path: Path, *, today: date) -> History:
    slug = path.stem.partition("-")[2]
    source = path.read_text(encoding="utf-8")
    first = _moment(split_head(source, name=path.name)[0], today)
    source = fill_in_days(source, published=first.date())
    versions = [Version(at=first, article=_article(slug, source, path.name, today))]
    changes = path.with_suffix(".changes.toml")
    for change in _toml(changes)["change"] if changes.exists() else ():
        at = _moment(change, today)
        for old, new in change.pop("replace"):
            old = fill_in_days(old, published=first.date())
            if source.count(old) != 1:
                raise NotationError(f"{changes.name}: {old!r} is not in {path.name} exactly once.")
            source = source.replace(old, fill_in_days(new, published=first.date()))
        article = _article(slug, source, path.name, today)
        notice = change.pop("correction", None)
        correction = _notice(notice, today) if notice else None
        versions.append(Version(at=at, article=article, correction=correction, **change))
    return History(slug, tuple(versions))


def _notice(table: dict[str, Any], today: date) -> NoticeText:
    days = table.pop("reported_days_ago", None)
    reported = None if days is None else today - timedelta(days=int(days))
    notice: NoticeText = build(NoticeText, {**table, "reported_on": reported})
    return notice


def _article(slug: str, source: str, name: str, today: date) -> ArticleText:
    head, body = split_head(source, name=name)
    _moment(head, today)
    lead = head.pop("lead", None)
    try:
        article: ArticleText = build(
            ArticleText, {**head, "slug": slug, "by": [line.split(": ") for line in head["by"]]}
        )
    except (KeyError, TypeError) as error:
        raise NotationError(f"The head of {name} can't be read: {error}.") from error
    return replace(
        article,
        lead=build(Picture, lead) if lead else None,
        body=parse_body(body, name=name),
    )


def _check_references(edition: Edition) -> None:
    people = {person.slug for person in edition.people}
    accounts = {person.slug for person in edition.people if person.account}
    topics = {topic.slug for topic in edition.topics}
    series = {one.slug for one in edition.series}
    sections = {section.path for section in edition.sections}
    articles = {history.slug for history in edition.articles}
    pages = {page.slug for page in edition.pages}
    published = {history.slug: history.versions[0].at for history in edition.articles}
    for history in edition.articles:
        for version in history.versions:
            article = version.article
            check_cites(history.slug, texts_of(article), edition.sources)
            _demand(article.section in sections, article, f"section {article.section}")
            _demand(article.work_type in WORK_TYPES, article, f"work type {article.work_type}")
            _demand(article.posted_by in accounts, article, f"account of {article.posted_by}")
            _demand(not article.series or article.series in series, article, "series")
            for role, slug in article.by:
                _demand(role in ROLES and slug in people, article, f"by-line {role}: {slug}")
            for topic in article.topics:
                _demand(topic in topics, article, f"topic {topic}")
            for slug in article.related:
                _demand(slug in articles and slug != history.slug, article, f"related {slug}")
            for target in (t for text in texts_of(article) for t in link_targets(text)):
                kind, _, slug = target.partition(":")
                known = {"article": articles, "page": pages}.get(kind)
                _demand(known is None or slug in known, article, f"link to {target}")
                # A link to what is not out yet has no address, and the public text would lack it.
                early = kind == "article" and published[slug] > version.at
                _demand(not early, article, f"link to {target}, which was published later and")


def _demand(condition: bool, article: ArticleText, what: str) -> None:
    if not condition:
        raise NotationError(f"The article “{article.slug}” names a {what} that is not there.")
