"""Every title of an imported site, typed into the search, finds its post first.

With an export named in DIURNA_CORPUS, like `test_wordpress_corpus.py`: such as WordPress's theme
unit test, which has titles without words, very long ones, and four posts with nearly the same.
"""

from collections import Counter

import pytest
from django.test import Client

from diurna.newsroom.indexing import index_rows
from diurna.newsroom.models import Article, NewsroomSettings
from diurna.newsroom.search.words import stems
from diurna.web.search import pace
from tests.corpus.test_wordpress_corpus import bring, corpus
from tests.factories.newsroom import make_front

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(not corpus(), reason="DIURNA_CORPUS names no folder with exports.")
@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_every_title_finds_its_post(
    path: "object", client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "A_MINUTE", 1_000_000)
    make_front()
    bring(path)  # type: ignore[arg-type]
    articles = list(Article.objects.live())
    index_rows.call(Article._meta.label_lower, [article.pk for article in articles])
    language = NewsroomSettings.current().language
    titles = Counter(tuple(stems(article.title, language)) for article in articles)
    missed = []
    for article in articles:
        words = tuple(stems(article.title, language))
        # A title of no words can't be typed, and of two posts with the same one neither is meant.
        if not words or titles[words] > 1:
            continue
        answer = client.get("/api/v1/search", {"q": article.title}).json()
        first = answer["items"][0]["id"] if answer["items"] else "nothing"
        if first != str(article.uuid):
            missed.append((article.title, first))
    assert articles
    assert missed == []
