"""Corrections as readers, feed readers and machines meet them."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.newsroom.corrections import NoticeWords, correct, import_correction
from diurna.newsroom.models import Article, Correction
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.removal import remove_article
from tests.factories.accounts import make_person
from tests.factories.newsroom import A_DAY, make_article, make_draft

pytestmark = pytest.mark.django_db

CORRECTED = NoticeWords(
    kind="correction",
    text="The crane is 60 metres high.",
    wrong="80 metres",
    right="60 metres",
    severity="substantial",
    found_by="reader",
)
RETRACTED = NoticeWords(kind="retraction", text="There is no crane.")
LATER = A_DAY + timedelta(days=40)


@pytest.fixture
def editor() -> User:
    return make_person(Role.PUBLISHER)


def get(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def correct_words(article: Article, editor: User, *, new: str, **more: Any) -> Correction:
    article = fresh(article)
    article.standfirst = new
    article.save_revision()
    return correct(
        article=article, actor=editor, notice=CORRECTED, publish_draft=True, at=LATER, **more
    )


class TestTheListOfAll:
    def test_says_what_was_wrong_and_is_right_and_leads_to_story_and_change(
        self, editor: User
    ) -> None:
        article = make_article("A crane", standfirst="It is 80 metres high.")
        correct_words(article, editor, new="It is 60 metres high.")
        page = get("/corrections/")
        for words in ("A crane", "80 metres", "60 metres", "A reader", "December 2026"):
            assert words in page
        assert f'href="{article.address_path()}#correction-1"' in page
        assert f'href="{article.address_path()}changes/#version-2"' in page

    def test_is_a_page_also_before_anything_was_wrong(self) -> None:
        make_article()
        assert "No story has been corrected so far." in get("/corrections/")
        assert get("/corrections/?page=2", 404)

    def test_shows_a_page_at_a_time(self, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("diurna.web.corrections_page.NOTICES_A_PAGE", 2)
        article = make_article()
        for number in range(3):
            notice = NoticeWords(kind="update", text=f"Number {number}.")
            correct(article=article, actor=editor, notice=notice, publish_draft=False)
        first, second = get("/corrections/"), get("/corrections/?page=2")
        assert "Number 2." in first
        assert "Number 0." not in first
        assert 'href="/corrections/?page=2"' in first
        assert "Number 0." in second

    def test_keeps_one_line_without_words_for_stories_that_are_gone(self, editor: User) -> None:
        article, other = make_article("A crane"), make_article("A jetty")
        for each in (article, other):
            correct(article=each, actor=editor, notice=CORRECTED, publish_draft=False)
        removed_from = other.address_path()
        fresh(article).unpublish()
        remove_article(article=other, actor=editor, reason="Order 12/26")
        tails = ("feed/", "feed/atom/", "feed.json")
        for page in (get("/corrections/"), *(get(f"/corrections/{tail}") for tail in tails)):
            for hidden in ("60 metres", "80 metres", "A crane", "A jetty", removed_from):
                assert hidden not in page
            assert "Correction of a story that was withdrawn" in page
            assert "Correction of a story that was removed" in page
            assert article.address_path() in page
        get(article.address_path(), 410)
        assert "60 metres" not in get(f"{article.address_path()}changes/", 410)

    def test_the_page_of_a_withdrawn_story_tells_of_its_corrections_and_retraction(
        self, editor: User
    ) -> None:
        article = make_article("A crane")
        fresh(article).unpublish()
        assert "correction" not in get(article.address_path(), 410).partition("</main>")[0]
        publish_article(article=fresh(article), actor=editor)
        for notice in (CORRECTED, RETRACTED):
            correct(article=fresh(article), actor=editor, notice=notice, publish_draft=False)
        fresh(article).unpublish()
        page = get(article.address_path(), 410)
        assert "One correction or update of it was published." in page
        assert "Retracted before that:" in page
        assert "60 metres" not in page
        assert "There is no crane" not in page

    def test_a_story_that_is_back_has_its_notices_back_and_a_draft_none(self, editor: User) -> None:
        article, draft = make_article("A crane"), make_draft("Never shown")
        correct(article=article, actor=editor, notice=CORRECTED, publish_draft=False)
        import_correction(article=draft, notice=CORRECTED, at=LATER)
        fresh(article).unpublish()
        publish_article(article=fresh(article), actor=editor)
        page = get("/corrections/")
        assert page.count("The crane is 60 metres high.") == 1
        assert "withdrawn" not in page

    def test_does_not_cost_more_for_more_notices(
        self, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _each in range(3):
            correct(article=make_article(), actor=editor, notice=CORRECTED, publish_draft=False)
        get("/corrections/")
        with django_assert_max_num_queries(8):
            get("/corrections/?page=1")

    @pytest.mark.parametrize("form", ["feed/", "feed/atom/", "feed.json"])
    def test_is_followed_as_a_feed(self, editor: User, form: str) -> None:
        article = make_article("A crane")
        row = correct(article=article, actor=editor, notice=CORRECTED, publish_draft=False)
        feed = get(f"/corrections/{form}")
        assert f"urn:uuid:{row.uuid}" in feed
        assert "Correction: A crane" in feed
        if form == "feed.json":
            json.loads(feed)
        else:
            ElementTree.fromstring(feed)


class TestFeedsOfStories:
    def test_a_correction_is_an_item_of_its_own_with_the_notice_first(self, editor: User) -> None:
        article = make_article("A crane", at=A_DAY)
        make_article("Newer", at=A_DAY + timedelta(days=1))
        row = correct_words(article, editor, new="It is 60 metres high.")
        items = json.loads(get("/feed.json"))["items"]
        assert [item["title"] for item in items] == ["Corrected: A crane", "Newer", "A crane"]
        again, _newer, first = items
        assert (again["id"], first["id"]) == (f"urn:uuid:{row.uuid}", f"urn:uuid:{article.uuid}")
        assert again["date_published"] == "2026-12-11T09:00:00Z"
        html = again["content_html"]
        assert html.index("The crane is 60 metres high.") < html.index("Words of A crane")
        assert first["content_html"].index("Words of A crane") < first["content_html"].index(
            "The crane is 60 metres high."
        )
        assert again["url"].endswith("#correction-1")

    def test_a_story_too_old_for_the_feed_comes_back_with_its_correction(
        self, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("diurna.web.feeds.ITEMS_IN_FEED", 2)
        article = make_article("Old", at=A_DAY)
        for day in (1, 2, 3):
            make_article(f"Newer {day}", at=A_DAY + timedelta(days=day))
        correct_words(article, editor, new="Right.")
        titles = [item["title"] for item in json.loads(get("/feed.json"))["items"]]
        assert titles == ["Corrected: Old", "Newer 3"]

    def test_a_retracted_story_says_so_in_both_items(self, editor: User) -> None:
        article = make_article("A crane")
        correct(article=article, actor=editor, notice=RETRACTED, publish_draft=False, at=LATER)
        items = json.loads(get("/feed.json"))["items"]
        assert [item["title"] for item in items] == ["Retracted: A crane"] * 2
        for item in items:
            html = item["content_html"]
            assert html.index("There is no crane.") < html.index("Words of A crane")

    def test_what_an_import_brought_is_no_news(self) -> None:
        article = make_article("A crane")
        import_correction(article=article, notice=CORRECTED, at=A_DAY)
        titles = [item["title"] for item in json.loads(get("/feed.json"))["items"]]
        assert titles == ["A crane"]


class TestHistory:
    def test_a_correction_stands_beside_the_words_it_changed(self, editor: User) -> None:
        article = make_article("A crane", standfirst="It is 80 metres high.")
        correct_words(article, editor, new="It is 60 metres high.")
        page = get(f"{article.address_path()}changes/")
        assert '<li class="revision" id="version-2">' in page
        row = page[page.index('id="version-2"') : page.index('id="version-1"')]
        assert "<del>80</del>" in row
        assert "<ins>60</ins>" in row
        assert "The crane is 60 metres high." in row
        assert "<ins>" not in page[page.index('id="version-1"') :]

    def test_a_comparison_shows_the_notices_that_came_between_and_no_others(
        self, editor: User
    ) -> None:
        article = make_article("A crane", standfirst="It is 80 metres high.")
        correct_words(article, editor, new="It is 60 metres high.")
        article = fresh(article)
        article.standfirst = "It is 60 metres tall."
        publish_article(article=article, actor=editor)

        def compared(first: int, last: int) -> str:
            page = get(f"{article.address_path()}changes/?from={first}&to={last}")
            return page[page.index('id="comparison"') : page.index('<form class="compare"')]

        assert "The crane is 60 metres high." in compared(1, 3)
        assert "The crane is 60 metres high." not in compared(2, 3)

    def test_a_reverted_story_keeps_its_corrections_in_history_and_on_its_page(
        self, editor: User
    ) -> None:
        article = make_article("A crane", standfirst="It is 80 metres high.")
        first = article.latest_revision
        correct_words(article, editor, new="It is 60 metres high.")
        first.publish(user=editor)
        history = get(f"{article.address_path()}changes/")
        assert "as in number 1" in history
        assert "The crane is 60 metres high." in history
        assert 'id="correction-1"' in get(article.address_path())

    def test_a_minor_edit_is_labelled_and_stays_in_the_list(self, editor: User) -> None:
        article = make_article("A crane")
        article.minor_change = True
        article.standfirst = "A comma."
        publish_article(article=article, actor=editor)
        page = get(f"{article.address_path()}changes/")
        assert "minor edit" in page
        assert 'id="version-2"' in page

    def test_costs_the_same_for_any_number_of_notices(
        self, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        article = make_article("A crane")
        for number in range(12):
            notice = NoticeWords(kind="update", text=f"Number {number}.")
            correct(article=article, actor=editor, notice=notice, publish_draft=False)
        get(f"{article.address_path()}changes/")
        with django_assert_max_num_queries(12):
            get(f"{article.address_path()}changes/?from=1&to=5")


class TestTheStory:
    def test_a_place_in_the_text_leads_to_its_notice(self, editor: User) -> None:
        article = make_article("A crane")
        block = article.body.raw_data[0]["id"]
        notice = NoticeWords(kind="clarification", text="A small crane.", block=block)
        correct(article=article, actor=editor, notice=notice, publish_draft=False)
        page = get(article.address_path())
        pointer = page.index('class="corrected"')
        assert page.index("Words of A crane") < pointer < page.index('id="correction-1"')
        assert "Clarified" in page[pointer : pointer + 200]

    def test_a_story_without_notices_has_none_of_their_pieces(self) -> None:
        page = get(make_article("A crane").address_path())
        assert "correction" not in page.replace("/corrections/", "")
        assert "article__retraction" not in page

    def test_a_retracted_story_says_so_wherever_its_headline_stands(self, editor: User) -> None:
        article = make_article("A crane")
        correct(article=article, actor=editor, notice=RETRACTED, publish_draft=False)
        page = get(article.address_path())
        assert "<title>Retracted: A crane" in page
        assert '"headline":"Retracted: A crane"' in page
        assert 'property="og:title" content="Retracted: A crane' in page
        assert "Retracted" in get("/latest/")
        facts = json.loads(get(f"/api/v1/articles/{article.uuid}"))
        assert facts["retracted_at"]
        assert facts["corrections"][0]["kind"] == "retraction"
        assert facts["corrections"][0]["after"] == 2
        below = ("comments/", "points/", "changes/", "report/")
        for page in (get(f"{article.address_path()}{place}") for place in below):
            assert ">Retracted: A crane</a>" in page

    def test_hostile_words_stay_words(self, editor: User) -> None:
        article = make_article("A crane")
        notice = NoticeWords(kind="correction", text="<script>x</script>", wrong="<b>y</b>")
        correct(article=article, actor=editor, notice=notice, publish_draft=False)
        for path in (article.address_path(), "/corrections/", f"{article.address_path()}changes/"):
            page = get(path)
            assert "<script>x" not in page
            assert "<b>y" not in page
        feed = json.loads(get("/corrections/feed.json"))["items"][0]["content_html"]
        assert "<script>" not in feed


class TestImportedNotices:
    def test_are_added_once_and_give_a_live_story_a_version(self) -> None:
        article = make_article("A crane")
        row, is_new = import_correction(article=article, notice=CORRECTED, at=A_DAY)
        again, is_new_again = import_correction(article=article, notice=CORRECTED, at=A_DAY)
        assert (is_new, is_new_again, again.pk) == (True, False, row.pk)
        assert (row.before, row.after, row.imported) == (None, None, True)
        versions = list(article.public_revisions.values_list("kind", flat=True))
        assert versions == ["publish", "import"]
        assert "The crane is 60 metres high." in get(article.address_path())
        assert "The crane is 60 metres high." in get(f"{article.address_path()}changes/")
