"""From an item to an article: titles, dates, states, languages, pictures."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diurna.importers.wordpress.dates import when
from diurna.importers.wordpress.fates import Way, fate_of
from diurna.importers.wordpress.map_file import ImportMap
from diurna.importers.wordpress.mapper import Circumstances, map_item
from diurna.importers.wordpress.neutral import MappedArticle, State
from diurna.importers.wordpress.reader import read_stream
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.survey import survey
from diurna.importers.wordpress.terms import plan_terms
from diurna.importers.wordpress.titles import shorten, slug_from, term_slug
from tests.factories.wxr import export, item

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")


def mapped(*others: str, **fields: Any) -> MappedArticle:
    records = list(
        read_stream(io.BytesIO(export(item(1, **fields), *others).encode()), Path("export.xml"))
    )
    found = survey(records)
    first = next(record for record in records if isinstance(record, Item))
    return map_item(first, found, plan_terms(found, ImportMap()), Circumstances(NOW, LISBON))


def test_a_plain_post() -> None:
    article = mapped(excerpt="<p>What happened.</p>")
    assert article.headline == "A quiet day in the harbour"
    assert article.standfirst == "What happened."
    assert article.state is State.PUBLISHED
    assert article.published_at == datetime(2019, 3, 4, 9, tzinfo=UTC)
    assert article.old_path == "/2019/03/item-1/"
    assert article.notes == ()


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Title <em>with</em> <b>mark<sup>up</sup></b>", "Title with markup"),
        ("Tom &amp; Jerry &#8211; friends", "Tom & Jerry – friends"),
        ("  two   spaces ", "two spaces"),
        ("<script>alert(1)</script>Plain", "Plain"),
    ],
)
def test_headlines_are_plain_text(title: str, headline: str) -> None:
    assert mapped(title=title).headline == headline


def test_without_title_the_first_words_are_the_headline() -> None:
    article = mapped(title="", content="Once upon a time there was a newsroom by the sea. " * 4)
    assert article.headline == "Once upon a time there was a newsroom by the sea. Once upon a time…"
    assert "no title" in article.notes[0]


def test_without_title_and_text_it_says_so() -> None:
    assert mapped(title="", content="").headline == "Untitled (post 1)"


def test_a_title_that_is_too_long_is_whole_in_the_standfirst() -> None:
    article = mapped(title="word " * 80, excerpt="And more.")
    assert len(article.headline) <= 255
    assert article.headline.endswith("word…")
    assert article.standfirst == "word " * 80 + "And more."


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({"status": "draft"}, State.DRAFT, ""),
        ({"status": "pending"}, State.DRAFT, "waiting for review"),
        ({"status": "private"}, State.DRAFT, "private"),
        ({"password": "enter"}, State.DRAFT, "password"),
        ({"status": "acme-archived"}, State.DRAFT, "acme-archived"),
        ({"status": "future", "date_gmt": "2030-01-01 00:00:00"}, State.SCHEDULED, ""),
        ({"status": "future"}, State.PUBLISHED, "after the export"),
        ({"date_gmt": "2030-01-01 00:00:00"}, State.SCHEDULED, "in the future"),
    ],
)
def test_states(fields: dict[str, Any], state: State, words: str) -> None:
    article = mapped(**fields)
    assert article.state is state
    assert words in " ".join(article.notes)


def test_a_missing_gmt_date_is_read_in_the_zone_of_the_newsroom() -> None:
    moment = when("0000-00-00 00:00:00", "2019-07-04 10:00:00", LISBON)
    assert moment == datetime(2019, 7, 4, 9, tzinfo=UTC)
    assert when("0000-00-00 00:00:00", "0000-00-00 00:00:00", LISBON) is None
    assert when("", "nonsense", LISBON) is None


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("توقفت الرافعة عن العمل هذا الصباح في الميناء", "ar", "rtl"),
        ("המנוף עמד הבוקר בנמל ולא זז ממקומו", "he", "rtl"),
        ("جرثقیل بندر امروز صبح چند ساعت از کار افتاد و گیر کرد", "fa", "rtl"),
        ("Ο γερανός σταμάτησε σήμερα το πρωί", "el", "ltr"),
        ("The crane stood still this morning", "", ""),
        ("Кран сегодня утром стоял", "", ""),
    ],
)
def test_language_by_its_letters(text: str, language: str, direction: str) -> None:
    article = mapped(title=text, content=f"<p>{text}</p>")
    assert (article.language, article.direction) == (language, direction)


def test_the_featured_picture_brings_its_words() -> None:
    picture = item(
        9, "attachment", title="Bell", excerpt="The bell", status="inherit",
        attachment_url="https://old.example/wp-content/uploads/bell.jpg",
        meta=[("_wp_attachment_image_alt", "A bell")],
    )  # fmt: skip
    lead = mapped(picture, meta=[("_thumbnail_id", "9")]).lead
    assert lead is not None
    assert (lead.attachment, lead.alt, lead.caption) == ("9", "A bell", "The bell")
    gone = mapped(meta=[("_thumbnail_id", "77")])
    assert gone.lead is None
    assert "attachment 77" in gone.notes[0]


def test_a_featured_picture_that_begins_the_text_shows_once() -> None:
    address = "https://old.example/wp-content/uploads/bell.jpg"
    picture = item(9, "attachment", title="Bell", status="inherit", attachment_url=address)
    figure = f'<figure><img src="{address}" alt="A bell"><figcaption>At noon</figcaption></figure>'
    meta = [("_thumbnail_id", "9")]
    article = mapped(picture, meta=meta, content=f"{figure}<p>It rang.</p>")
    assert article.lead is not None
    assert (article.lead.alt, article.lead.caption) == ("A bell", "At noon")
    assert [type(block).__name__ for block in article.blocks] == ["Text"]
    assert "shown once" in " ".join(article.notes)
    later = mapped(picture, meta=meta, content=f"<p>It rang.</p>{figure}")
    assert [type(block).__name__ for block in later.blocks] == ["Text", "Picture"]
    alone = mapped(picture, meta=meta, content=figure)
    assert [type(block).__name__ for block in alone.blocks] == ["Picture"]


@pytest.mark.parametrize(
    ("candidates", "slug"),
    [
        (("%ce%b5%cf%80%ce%af-2",), "επί-2"),
        (("", "Tom & Jerry's Day"), "tom-jerry-s-day"),
        (("--", "…", "post-9"), "post-9"),
        (("feed.json",), "feed-json"),
        (("a/../b",), "a-b"),
    ],
)
def test_slugs(candidates: tuple[str, ...], slug: str) -> None:
    assert slug_from(*candidates) == slug


@pytest.mark.parametrize(
    ("slug", "name", "expected"),
    [
        ("edge-case-2", "Edge Case", "edge-case"),
        ("formula-1", "Formula 1", "formula-1"),
        ("formula-1", "Racing", "formula-1"),
        ("", "Port", "port"),
        ("", "", ""),
    ],
)
def test_a_term_loses_the_number_that_only_wordpress_needed(
    slug: str, name: str, expected: str
) -> None:
    assert term_slug(slug, name) == expected


def test_shortening_keeps_words_whole() -> None:
    assert shorten("one two three", 9) == "one two…"
    assert shorten("unbreakable", 6) == "unbre…"
    assert shorten("short", 5) == "short"


@pytest.mark.parametrize(
    ("kind", "status", "way", "words"),
    [
        ("post", "publish", Way.WRITTEN, ""),
        ("post", "trash", Way.LEFT, "bin"),
        ("post", "auto-draft", Way.LEFT, "empty draft"),
        ("revision", "inherit", Way.LEFT, "earlier version"),
        ("acme_recipe", "publish", Way.KEPT, 'acme_recipe = "article"'),
        ("acme.recipe", "publish", Way.KEPT, '"acme.recipe" = "article"'),
        ("snax_poll", "publish", Way.KEPT, "kept with the import record"),
        ("attachment", "inherit", Way.FILE, ""),
        ("nav_menu_item", "publish", Way.MENU_ENTRY, ""),
    ],
)
def test_what_becomes_of_an_item_has_a_reason(kind: str, status: str, way: Way, words: str) -> None:
    text = export(item(1, kind, status=status))
    records = read_stream(io.BytesIO(text.encode()), Path("export.xml"))
    (found,) = [record for record in records if isinstance(record, Item)]
    becomes = fate_of(found, {})
    assert becomes.way is way
    assert (words in becomes.reason) if words else becomes.reason == ""
