"""Builds the demonstration from its files, through the actions that real life uses.

Nothing is written past the newsroom: pages are made as on the desk, published with
`publish_article` at the time the file gives, and so each has the history that it tells.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from diurna.accounts.actions import invite_editor
from diurna.accounts.models import User
from diurna.accounts.roles import Role, grant_role
from diurna.common.errors import Refused
from diurna.moderation.house_rules import ensure_rules
from diurna.newsroom.actions import found_newsroom
from diurna.newsroom.models import (
    Article,
    Byline,
    Contributor,
    Front,
    InformationPage,
    NavigationItem,
    RelatedArticle,
    Section,
    Series,
    Topic,
)
from diurna.newsroom.models import NewsroomSettings as Newsroom
from diurna.newsroom.publishing import publish_article
from diurna.web.seed.bodies import BodyWriter
from diurna.web.seed.casting import cast_votes
from diurna.web.seed.citing import Sources, with_markers
from diurna.web.seed.correcting import publish_with_notice, report_errors
from diurna.web.seed.discussing import discuss
from diurna.web.seed.edition import ArticleText, Edition, SectionText, Version, load_edition
from diurna.web.seed.front import composition
from diurna.web.seed.inline import split_paragraphs, to_html
from diurna.web.seed.library import Library
from diurna.web.seed.moderating import moderate
from diurna.web.seed.standards import publish_standards

Progress = Callable[[int, int, str], None]
"""Called with what is done, how much there is in all, and what is being done."""


@dataclass(frozen=True)
class DemoResult:
    """What to look at first: the paths of an article, of its history and of its points."""

    article_url: str
    changes_url: str
    points_url: str


def build_demo(*, progress: Progress, now: datetime | None = None) -> DemoResult:
    """Fill an empty, migrated database with the demonstration.

    Takes about 10 s of this process's time, and 11 s of drawing that two others share.

    `now` (aware) is the moment from which the edition's dates count back. Raises `Refused` when
    there is a newsroom already: nothing is ever added to one.
    """
    moment = now or datetime.now(UTC)
    edition = load_edition(today=moment.astimezone(UTC).date())
    if Front.objects.exists():
        raise Refused(_("There is a newsroom here already; the demonstration needs an empty one."))
    builder = _Builder(edition, progress)
    # Wagtail's index of what refers to what is made in one go at the end: otherwise every save
    # leaves a task, and the worker's first minutes would go to hundreds of them.
    with disable_reference_index_auto_update():
        with Library.drawing(edition) as library:
            # The presses run in other processes meanwhile; the database has one writer.
            builder.found()
            builder.fill_library(library)
        builder.write_pages(library)
        builder.cast_votes(moment)
        builder.discuss(moment)
        builder.moderate(moment)
        builder.correct(moment)
        builder.publish_standards()
    call_command("rebuild_references_index", verbosity=0)
    builder.step(_("references"))
    return builder.result()


class _Builder:
    """The steps of one build; each may use what the earlier ones made."""

    def __init__(self, edition: Edition, progress: Progress) -> None:
        self.edition = edition
        self.versions = sorted(
            (
                (version, history.slug)
                for history in edition.articles
                for version in history.versions
            ),
            key=lambda pair: pair[0].at,
        )
        self.total = len(Library.names(edition)) + len(self.versions) + 7
        self.done = 0
        self._report = progress
        self.sections: dict[str, Section] = {}
        self.people: dict[str, Contributor] = {}
        self.pages: dict[str, Page] = {}
        self.articles: dict[str, Article] = {}

    def step(self, what: str) -> None:
        self.done += 1
        self._report(self.done, self.total, what)

    def found(self) -> None:
        """The newsroom itself, its sections, people, accounts, topics."""
        site = self.edition.site
        founded = found_newsroom(name=site.name, site_url=settings.DIURNA_SITE_URL)
        self.front, self.newsroom = founded.front, founded.settings
        ensure_rules()
        with transaction.atomic():
            for section in self.edition.sections:
                self.sections[section.path] = self._add_section(section)
            self.topics = {
                one.slug: Topic.objects.create(
                    slug=one.slug, name=one.name, description=one.description
                )
                for one in self.edition.topics
            }
            self.series = {
                one.slug: Series.objects.create(
                    slug=one.slug, name=one.name, description=one.description
                )
                for one in self.edition.series
            }
            for page in self.edition.pages:
                # Empty at first, so that the texts can link to one another.
                self.pages[page.slug] = self.front.add_child(
                    instance=InformationPage(
                        title=page.title, slug=page.slug, standfirst=page.standfirst, live=False
                    )
                )
        self.accounts = {
            person.slug: _desk_account(person.account, person.name)
            for person in self.edition.people
            if person.account
        }
        # In a small newsroom the editor looks after the comments as well.
        grant_role(user=self._editor(), role=Role.MODERATOR)
        # She answers for what the paper says of itself, too.
        grant_role(user=self._editor(), role=Role.PUBLISHER)
        # Somebody else answers appeals.
        second = self.accounts[self.edition.site.second_moderator]
        grant_role(user=second, role=Role.MODERATOR)
        self.step(_("sections, people, topics"))

    def fill_library(self, library: Library) -> None:
        """Pictures and recordings, as they come from the press."""
        for name in library.collect():
            self.step(name)
        for person in self.edition.people:
            self.people[person.slug] = Contributor.objects.create(
                name=person.name,
                slug=person.slug,
                is_organisation=person.organisation,
                job_title=person.job_title,
                photo=library.portraits.get(person.slug),
                biography=to_html(split_paragraphs(person.biography), self._tag),
                expertise=person.expertise,
                places=person.places,
                languages=person.languages,
                contact=person.contact,
                disclosures=person.disclosures.replace("*", ""),
                user=self.accounts.get(person.slug),
            )

    def write_pages(self, library: Library) -> None:
        """Drafts first, then every publication in the order of time, then the front."""
        writer = BodyWriter(library, self._tag)
        with transaction.atomic():
            for history in self.edition.articles:
                first = history.versions[0].article
                self.articles[history.slug] = self.sections[first.section].add_child(
                    instance=Article(title=first.headline, slug=history.slug, live=False)
                )
            for page in self.edition.pages:
                information = self.pages[page.slug]
                information.body = writer.body(page.body)
                information.full_clean()
                information.save_revision(log_action=False).publish(skip_permission_checks=True)
            self.sources = Sources(
                self.edition,
                people=self.people,
                articles=self.articles,
                accounts=self.accounts,
                library=library,
            )
            for history in self.edition.articles:
                self.sources.cite(self.articles[history.slug], history)
        self._writer, self._library = writer, library
        for version, slug in self.versions:
            # What a comment led to waits for the comment.
            if not version.comment:
                self._publish(slug, version)
        self.sources.finish()
        self._set_newsroom()

    def cast_votes(self, now: datetime) -> None:
        """The first votes, by readers made for them; the log says that all is a demonstration."""
        cast_votes(articles=self._stories(), moderator=self._editor(), now=now)
        self.step(_("votes"))

    def discuss(self, now: datetime) -> None:
        """The comments below the stories, and the votes on them."""
        discuss(articles=self._stories(), accounts=self.accounts, moderator=self._editor(), now=now)
        self.step(_("comments"))

    def moderate(self, now: datetime) -> None:
        """What moderators decided about comments, and what waits for them."""
        moderate(
            articles=self._stories(),
            first=self._editor(),
            second=self.accounts[self.edition.site.second_moderator],
            now=now,
        )
        self.step(_("moderation"))

    def correct(self, now: datetime) -> None:
        """The corrections that comments led to, and the errors that wait for an answer."""
        for version, slug in self.versions:
            if version.comment:
                self._publish(slug, version)
        report_errors(self._stories(), now=now)
        self.step(_("corrections"))

    def publish_standards(self) -> None:
        """What the paper says of itself."""
        publish_standards(actor=self._editor(), people=self.people, today=self.edition.today)
        self.step(_("pages about the newsroom"))

    def _stories(self) -> dict[str, Article]:
        return {slug: Article.objects.get(pk=one.pk) for slug, one in self.articles.items()}

    def _editor(self) -> User:
        return self.accounts[self.edition.site.editor]

    def result(self) -> DemoResult:
        """Where to look: the lead of the front and what became of it since."""
        lead = self.articles[self.edition.site.front["lead"]]
        lead.refresh_from_db()
        path = lead.address_path()
        return DemoResult(
            article_url=path, changes_url=f"{path}changes/", points_url=f"{path}points/"
        )

    def _add_section(self, text: SectionText) -> Section:
        parent_path, _slash, slug = text.path.rpartition("/")
        parent = self.sections[parent_path] if parent_path else self.front
        section: Section = parent.add_child(
            instance=Section(
                title=text.name, slug=slug, description=text.description, colour=text.colour
            )
        )
        section.save_revision(log_action=False).publish(skip_permission_checks=True)
        return section

    def _publish(self, slug: str, version: Version) -> None:
        article = Article.objects.get(pk=self.articles[slug].pk)
        text = version.article
        self._write(article, text, self._writer, self._library)
        article.change_note, article.minor_change = version.note, version.minor
        article.full_clean()
        if version.correction:
            publish_with_notice(article, version, self._editor())
        else:
            publish_article(article=article, actor=self.accounts[text.posted_by], at=version.at)
        self.step(text.short_headline or text.headline)

    def _write(
        self, article: Article, text: ArticleText, writer: BodyWriter, library: Library
    ) -> None:
        article.title = text.headline
        article.short_headline = text.short_headline
        article.standfirst = text.standfirst
        article.work_type = text.work_type
        article.methods = to_html(split_paragraphs(text.methods), self._tag) if text.methods else ""
        article.disclosure = text.disclosure
        article.language, article.direction = text.language, text.direction
        article.series = self.series.get(text.series)
        article.series_position = text.series_position or None
        if text.lead:
            article.lead_image = library.scenes[text.lead.picture]
            article.lead_image_alt = text.lead.alt
            article.lead_image_caption = text.lead.caption.replace("*", "")
        article.body = with_markers(writer.body(text.body), text.slug)
        article.topics = [self.topics[slug] for slug in text.topics]
        # modelcluster takes lists here; its own types do not say so.
        article.bylines = [  # type: ignore[misc]
            Byline(contributor=self.people[who], role=role, sort_order=order)
            for order, (role, who) in enumerate(text.by)
        ]
        article.related_articles = [  # type: ignore[misc]
            RelatedArticle(related=self.articles[slug], sort_order=order)
            for order, slug in enumerate(text.related)
        ]

    def _set_newsroom(self) -> None:
        site = self.edition.site
        newsroom: Newsroom = self.newsroom
        for field in ("motto", "accent", "description", "publisher", "contact"):
            setattr(newsroom, field, getattr(site, field))
        newsroom.time_zone, newsroom.language = site.time_zone, site.language
        places = ((NavigationItem.Place.HEAD, site.head), (NavigationItem.Place.FOOT, site.foot))
        newsroom.navigation = [
            NavigationItem(place=place, page=self._target(name), sort_order=order)
            for place, names in places
            for order, name in enumerate(names)
        ]
        newsroom.full_clean()
        newsroom.save()
        self.front.composition = composition(site.front, self.articles, self.sections)
        self.front.full_clean()
        self.front.save_revision(log_action=False).publish(skip_permission_checks=True)

    def _target(self, name: str) -> Page:
        kind, _colon, slug = name.rpartition(":")
        return self.pages[slug] if kind == "page" else self.sections[slug]

    def _tag(self, target: str) -> str:
        kind, _colon, slug = target.partition(":")
        if kind == "article":
            return f'<a linktype="page" id="{self.articles[slug].pk}">'
        if kind == "page":
            return f'<a linktype="page" id="{self.pages[slug].pk}">'
        if kind == "standard":
            return f'<a href="/standards/{slug}/">'
        return f'<a href="{target}">'


def _desk_account(address: str, name: str) -> User:
    invite_editor(email=address, site_url=settings.DIURNA_SITE_URL, role=Role.EDITOR)
    user = User.objects.get(email=address)
    user.display_name = name
    user.save(update_fields=["display_name"])
    return user
