"""What of a newsroom is in the search index, and when."""

from hashlib import sha256

import pytest
from django.apps import apps
from django.db import connection
from django.test import TestCase

from diurna.newsroom.models import Article, SearchSpelling
from diurna.newsroom.search import asking, markers, spelling, text
from diurna.newsroom.search.expression import Phrase
from diurna.newsroom.search.likeness import stories_like
from tests.factories.newsroom import make_article, make_section

pytestmark = pytest.mark.django_db
published = TestCase.captureOnCommitCallbacks


def found(*words: str, headline: bool = False) -> set[int]:
    phrase = Phrase(words)
    in_headline = phrase if headline else None
    return set(asking.keys(Article, phrase, headline=in_headline, limit=50))


def test_a_story_is_found_as_soon_as_its_publication_is_committed() -> None:
    section = make_section()
    with published(execute=True):
        story = make_article(section=section, title="Ferries in the fog")
    assert found("ferri") == {story.pk}
    assert found("ferri", headline=True) == {story.pk}
    assert found(markers.of_section(section.pk), "xx") == set()
    assert found(markers.of_section(section.pk)) == {story.pk}


def test_a_withdrawn_story_leaves_no_words() -> None:
    with published(execute=True):
        story = make_article(title="Ferries in the fog")
    with published(execute=True):
        story.unpublish()
    assert found("ferri") == set()
    assert Article.objects.get(pk=story.pk).search_text() == ""


def test_a_story_full_of_keys_is_indexed_as_far_as_a_database_can() -> None:
    """PostgreSQL refuses a vector of more than 1 MB, which stopped the filling for all after it."""
    keys = " ".join(sha256(str(number).encode()).hexdigest() for number in range(16_000))
    line = text._line(keys, "en")
    assert len(line.encode()) <= text.MOST_BYTES
    assert set(line.split()) <= set(keys.split())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT length(to_tsvector('simple', %s))", [line])
            assert cursor.fetchone()[0] > 9_000


def test_stories_alike_share_rare_words() -> None:
    section = make_section()
    with published(execute=True):
        one = make_article(section=section, title="The squeal of the trams at Gullgate")
        two = make_article(section=section, title="Gullgate trams are greased at last")
        make_article(section=section, title="A quiet day on the mole")
        make_article(section=section, title="Nothing to report")
    assert stories_like(one, count=3) == [two.pk]


def test_a_slip_of_the_finger_is_near_the_word() -> None:
    with published(execute=True):
        make_article(title="The lighterman")
    for slip in ("lihgterman", "ligterman", "lighterrman", "lichterman"):
        assert "lighterman" in spelling.near(slip)
    assert spelling.beginning("ligh") == ["lighterman"]
    assert spelling.forget("the lighterman") == 0
    index_entries = apps.get_model("wagtailsearch.IndexEntry").objects
    index_entries.all().delete()
    assert spelling.forget("the lighterman") == 2
    assert not SearchSpelling.objects.filter(word="lighterman").exists()
