"""The demonstration's files: they parse, fit together, and use everything there is to show."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from diurna.newsroom.models.contributor import BylineRole
from diurna.newsroom.models.work_type import WorkType
from diurna.web.seed.edition import HOME, ROLES, WORK_TYPES, Edition, load_edition
from diurna.web.seed.notation import Block, EntryList, Gallery, NotationError, Picture, Text
from diurna.web.seed.pictures.gallery import SCENES
from diurna.web.seed.pictures.people import SITTERS
from diurna.web.seed.recordings import FILES

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_edition(today=TODAY)


def blocks_of(edition: Edition) -> list[Block]:
    articles = [v.article.body for h in edition.articles for v in h.versions]
    return [block for body in [*articles, *(p.body for p in edition.pages)] for block in body]


def words_of(blocks: tuple[Block, ...]) -> int:
    return sum(
        len(paragraph.split())
        for block in blocks
        if isinstance(block, Text)
        for paragraph in block.paragraphs
    )


def test_there_is_as_much_of_everything_as_the_design_asks_for(edition: Edition) -> None:
    assert len(edition.articles) >= 26
    top = [section for section in edition.sections if "/" not in section.path]
    assert len(top) >= 6
    assert len(edition.sections) > len(top)
    assert len(edition.people) >= 8
    assert len(edition.topics) >= 15
    assert {page.slug for page in edition.pages} >= {"about", "contact"}


def test_every_type_of_work_is_there_and_every_section_has_stories(edition: Edition) -> None:
    last = [history.versions[-1].article for history in edition.articles]
    assert (
        {article.work_type for article in last}
        == set(WORK_TYPES)
        == set(WorkType.values) - {"unlabelled"}
    )
    assert {article.section for article in last} == {section.path for section in edition.sections}
    assert set(BylineRole.values) == ROLES == {role for a in last for role, _ in a.by}


def test_the_edition_uses_every_kind_of_block(edition: Edition) -> None:
    kinds = {type(block) for block in blocks_of(edition)}
    assert kinds == set(Block.__args__)
    styles = {block.style for block in blocks_of(edition) if isinstance(block, EntryList)}
    assert styles == {"plain", "numbered", "countdown"}


def test_every_picture_file_and_portrait_that_is_named_can_be_made(edition: Edition) -> None:
    pictures = [b for b in blocks_of(edition) if isinstance(b, Picture)]
    pictures += [p for b in blocks_of(edition) if isinstance(b, Gallery) for p in b.pictures]
    leads = [v.article.lead for h in edition.articles for v in h.versions]
    pictures += [lead for lead in leads if lead]
    assert {picture.picture for picture in pictures} == set(SCENES)
    assert all(picture.alt.strip() for picture in pictures)
    files = {getattr(block, "file", None) for block in blocks_of(edition)} - {None}
    assert files == set(FILES)
    assert {p.slug for p in edition.people if not p.organisation} == set(SITTERS)


def test_there_is_a_long_read_and_an_article_written_right_to_left(edition: Edition) -> None:
    bodies = [history.versions[-1].article for history in edition.articles]
    assert max(words_of(article.body) for article in bodies) >= 1_800
    arabic = [article for article in bodies if article.language == "ar"]
    assert [article.direction for article in arabic] == ["rtl"]


def test_no_moment_lies_in_the_future_and_versions_follow_one_another(edition: Edition) -> None:
    midnight = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    for history in edition.articles:
        times = [version.at for version in history.versions]
        assert times == sorted(set(times)), history.slug
        assert times[-1] < midnight, history.slug
        assert times[0] > midnight - timedelta(days=160), history.slug


def test_every_change_says_what_changed_and_changes_something(edition: Edition) -> None:
    changed = [history for history in edition.articles if len(history.versions) > 1]
    assert len(changed) >= 5
    for history in changed:
        for earlier, later in zip(history.versions, history.versions[1:], strict=False):
            assert later.note or later.correction, history.slug
            is_retracted = later.correction and later.correction.kind == "retraction"
            assert (earlier.article == later.article) == bool(is_retracted), history.slug
    assert any(version.minor for history in changed for version in history.versions)


def test_the_front_names_articles_and_sections_that_are_there(edition: Edition) -> None:
    slugs = {history.slug for history in edition.articles}
    front = edition.site.front
    assert {front["lead"], *front["seconds"], *front["picks"]} <= slugs
    assert set(front["sections"]) <= {section.path for section in edition.sections}


def test_somebody_posted_what_somebody_else_wrote(edition: Edition) -> None:
    last = [history.versions[-1].article for history in edition.articles]
    assert any(a.posted_by not in {person for _, person in a.by} for a in last)


def test_days_are_written_out_relative_to_the_first_publication() -> None:
    later = load_edition(today=TODAY + timedelta(days=1))
    first = next(h for h in later.articles if h.slug == "night-ferry-stays")
    published = first.versions[0].at
    assert published.date() == TODAY
    text = first.versions[0].article.body[0]
    assert isinstance(text, Text)
    # The day before is a Saturday, when no board meets.
    assert f"{published - timedelta(days=1):%A}" == "Saturday"
    assert "on Friday evening" in text.paragraphs[0]


@pytest.fixture
def copy_of_the_edition(tmp_path: Path) -> Path:
    """The files of the edition, to be spoilt."""
    for path in HOME.rglob("*"):
        if path.suffix in {".md", ".toml"}:
            copy = tmp_path / path.relative_to(HOME)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return tmp_path


def spoil(article: Path, old: str, new: str) -> None:
    text = article.read_text("utf-8")
    assert old in text
    article.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('section = "harbour"', 'section = "moon"', "section moon"),
        ("reporting: tobias-rennick", "reporting: nobody", "by-line reporting: nobody"),
        ("article:what-an-empty-boat-costs", "article:no-such", "link to article:no-such"),
        ("::: pull_quote", "::: pull_rope", "there is no box “pull_rope”"),
        ("attribution = ", "attributed = ", "can't be read"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_name(
    copy_of_the_edition: Path, old: str, new: str, sentence: str
) -> None:
    spoil(copy_of_the_edition / "articles" / "01-night-ferry-stays.md", old, new)
    with pytest.raises(NotationError, match=sentence):
        load_edition(today=TODAY, home=copy_of_the_edition)


def test_a_link_to_an_article_that_is_not_out_yet_is_refused(copy_of_the_edition: Path) -> None:
    article = copy_of_the_edition / "articles" / "31-a-letter-from-the-slip.md"
    spoil(article, "The seventh hen", "See [the vote](article:night-ferry-stays). The seventh hen")
    with pytest.raises(NotationError, match="published later"):
        load_edition(today=TODAY, home=copy_of_the_edition)


def test_a_change_whose_words_are_not_in_the_article_is_refused(copy_of_the_edition: Path) -> None:
    article = copy_of_the_edition / "articles" / "20-the-squeal-at-gullgate.md"
    spoil(article, "first floor of 22 Gullgate", "attic of 22 Gullgate")
    with pytest.raises(NotationError, match="exactly once"):
        load_edition(today=TODAY, home=copy_of_the_edition)


def test_nothing_was_published_after_a_story_that_cites_it(edition: Edition) -> None:
    published = {one.key: one.published_on(edition.today) for one in edition.sources.sources}
    first = {h.slug: h.versions[0].at.date().isoformat() for h in edition.articles}
    cites = [(cite.source, story) for story, each in edition.sources.cites.items() for cite in each]
    assert [(source, story) for source, story in cites if published[source] > first[story]] == []
