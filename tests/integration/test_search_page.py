"""The search page: what readers find, how it is shown, and who may not be found."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diurna.accounts.roles import Role
from diurna.newsroom import newest
from diurna.newsroom.models import (
    Article,
    Contributor,
    InformationPage,
    NewsroomSettings,
    Standard,
    Topic,
)
from diurna.newsroom.search import markers
from diurna.newsroom.search.keeping import put
from diurna.newsroom.standards.actions import publish_standard, save_draft, withdraw_standard
from diurna.newsroom.standards.catalogue import QUESTIONS
from diurna.web.search import finding, pace
from diurna.web.search.pages import PAGE_SIZE
from tests.factories.accounts import make_person
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_front,
    make_information_page,
    make_photograph,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db
published = TestCase.captureOnCommitCallbacks
HEADLINE = re.compile(r'<h3 class="story__headline"[^>]*><a href="([^"]*)">(.*?)</a></h3>')


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def story(title: str, **fields: object) -> Article:
    with published(execute=True):
        return make_article(title, **fields)  # type: ignore[arg-type]


def results(client: Client, **asked: str) -> list[str]:
    """The headlines of the results, with their marks."""
    stories = page(client, **asked).partition('aria-labelledby="latest"')[0]
    return [headline for _address, headline in HEADLINE.findall(stories)]


def page(client: Client, **asked: str) -> str:
    response = client.get("/search/", asked)
    assert response.status_code == 200
    return response.content.decode()


def test_a_story_is_found_by_any_form_of_its_words_and_they_are_marked(client: Client) -> None:
    story("The ferries of Skerrow", standfirst="They sail & sail <b>.")
    assert results(client, q="FERRY skerrow’s") == [
        "The <mark>ferries</mark> of <mark>Skerrow</mark>"
    ]
    html = page(client, q="sailing")
    assert "They <mark>sail</mark> &amp; <mark>sail</mark> &lt;b&gt;." in html


def test_an_excerpt_is_of_words_that_are_seen_and_only_else_of_a_description(
    client: Client,
) -> None:
    pictured = {"lead_image": make_photograph("A quay"), "lead_image_alt": "A heron on a crane."}
    story("The crane", body=[("text", "<p>It lifted a tram.</p>")], **pictured)
    assert "It lifted a <mark>tram</mark>." in page(client, q="crane tram")
    assert "heron" not in page(client, q="crane tram")
    assert "heron" not in page(client, q="crane").partition('aria-labelledby="stories"')[2]
    assert "A <mark>heron</mark> on a crane." in page(client, q="heron")


def test_headlines_stand_before_text_and_new_before_old(client: Client) -> None:
    now = timezone.now()
    story("Old bells", at=now - timedelta(days=900))
    story("New bells", at=now - timedelta(days=1))
    story("Nothing of it", standfirst="But a bell.", at=now)
    found = [re.sub("<.*?>", "", headline) for headline in results(client, q="bell")]
    assert found == ["New bells", "Old bells", "Nothing of it"]


def test_who_types_an_old_headline_gets_its_story(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many newer ones have the same words in theirs."""
    monkeypatch.setattr(finding, "IN_HEADLINES", 2)
    monkeypatch.setattr(finding, "ANYWHERE", 2)
    now = timezone.now()
    story("Ferry by night", at=now - timedelta(days=900))
    for days in range(1, 5):
        story(f"Night {days} without a ferry", at=now - timedelta(days=days))
    found = [re.sub("<.*?>", "", headline) for headline in results(client, q="Ferry by night")]
    assert found[0] == "Ferry by night"


def test_frequent_words_in_a_row_are_looked_for_lately_and_in_headlines(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each story that has them is compared word by word: half the archive, for “of the”."""
    now = timezone.now()
    body = [("text", "<p>The end of the line.</p>")]
    story("The old of the old", at=now - timedelta(days=900))
    story("Old text", at=now - timedelta(days=900), body=body)
    for days in range(1, 4):
        story(f"New {days}", at=now - timedelta(days=days), body=body)
    every = {"The old of the old", "Old text", "New 1", "New 2", "New 3"}

    def titles(**asked: str) -> set[str]:
        return {re.sub("<.*?>", "", headline) for headline in results(client, **asked)}

    assert titles(q='"of the"') == every
    monkeypatch.setattr(finding, "MOST_IN_A_ROW", 3)
    monkeypatch.setattr(finding, "_WINDOWS", (2,))
    monkeypatch.setattr(newest, "_remembered", {})
    asked: list[str] = []
    keys = finding.asking.keys
    monkeypatch.setattr(
        finding.asking,
        "keys",
        lambda model, everywhere, **how: (
            asked.append(f"{everywhere} {how.get('headline')}") or keys(model, everywhere, **how)
        ),
    )
    assert titles(q='"of the"') == every - {"Old text"}
    assert "among the newest 8000 stories" in page(client, q='"of the"')
    # Never in all texts: with a day, or in headlines.
    in_a_row = [one for one in asked if "('of', 'the')" in one and one.endswith("None")]
    stories = [one for one in in_a_row if markers.PERSON not in one and markers.TOPIC not in one]
    stories = [one for one in stories if markers.PAGE not in one]
    assert stories
    assert all(f"{markers.PREFIX}d20" in one or f"{markers.PREFIX}m20" in one for one in stories)
    # A reader who names the days gets all stories of those days.
    day = f"{now - timedelta(days=800):%Y-%m-%d}"
    assert "Old text" in titles(q='"of the"', to=day)
    assert "among the newest" not in page(client, q='"of the"', to=day)
    # The same words in no order are not compared.
    assert "Old text" in titles(q="of the")


def test_a_number_below_zero_is_a_number(client: Client) -> None:
    story("Harbour at -5 degrees")
    assert len(results(client, q="Harbour at -5 degrees")) == 1


def test_only_what_is_public_is_found(client: Client) -> None:
    gone = story("Gone bells")
    changed = story("Bells that changed")
    with published(execute=True):
        gone.unpublish()
        changed.title = "Bells with secretword"
        changed.save_revision()
    assert len(results(client, q="bells")) == 1
    assert "No story has these words" in page(client, q="secretword")
    assert "Did you mean" not in page(client, q="secretwort")


def test_a_retracted_story_says_so(client: Client) -> None:
    one = story("Bells")
    Article.objects.filter(pk=one.pk).update(retracted_at=timezone.now())
    assert results(client, q="bells") != ["<mark>Bells</mark>"]
    assert "etracted" in results(client, q="bells")[0]


def test_filters_narrow_the_search(client: Client) -> None:
    harbour = make_section("Harbour")
    quay, town = make_section("Quay", harbour), make_section("Town")
    ana = make_contributor("Ana Pinto")
    story("Bells one", section=quay, at=A_DAY, work_type="opinion")
    story("Bells two", section=town, at=A_DAY + timedelta(days=1), by={"writing": [ana]})
    both = {"<mark>Bells</mark> one", "<mark>Bells</mark> two"}
    one, two = {"<mark>Bells</mark> one"}, {"<mark>Bells</mark> two"}
    assert set(results(client, q="bells")) == both
    assert set(results(client, q="bells", section="harbour")) == one
    assert set(results(client, q="bells", section="harbour/quay")) == one
    assert set(results(client, q="bells", type="opinion")) == one
    assert set(results(client, q="bells", by="ana-pinto")) == two
    assert set(results(client, q="bells", to=f"{A_DAY:%Y-%m-%d}")) == one
    day = f"{A_DAY + timedelta(days=1):%Y-%m-%d}"
    assert set(results(client, **{"q": "bells", "from": day, "to": day})) == two
    assert set(results(client, **{"q": "bells", "from": "2031-01-01"})) == set()
    nonsense = {"section": "nowhere", "type": "x", "by": "nobody", "from": "soon", "to": "99"}
    assert set(results(client, q="bells", **nonsense)) == both
    html = page(client, q="bells", section="town", type="opinion")
    assert 'href="/search/?q=bells">Search everything</a>' in html
    assert "Narrowed down like this, no story has these words." in html
    assert "No story has these words." not in html


def test_days_begin_where_the_newsroom_is_and_in_the_api_in_utc(client: Client) -> None:
    make_front()
    newsroom = NewsroomSettings.current()
    newsroom.time_zone = "Asia/Tokyo"
    newsroom.save()
    for hour in (14, 15, 16):
        story(f"Bells {hour}", at=datetime(2026, 10, 21, hour, tzinfo=UTC))
    before, after = "2026-10-21", "2026-10-22"
    both = {"<mark>Bells</mark> 15", "<mark>Bells</mark> 16"}
    assert set(results(client, **{"q": "bells", "from": after, "to": after})) == both
    assert results(client, q="bells", to=before) == ["<mark>Bells</mark> 14"]
    assert results(client, **{"q": "bells", "from": "2026-10-23"}) == []
    items = client.get("/api/v1/search", {"q": "bells", "to": before}).json()["items"]
    assert len(items) == len((14, 15, 16))
    newsroom.time_zone = "America/Lima"
    newsroom.save()
    assert len(results(client, q="bells", to=before)) == len((14, 15, 16))
    assert results(client, **{"q": "bells", "from": after}) == []


def test_people_and_topics_stand_above_the_stories(client: Client) -> None:
    ana, topic = make_contributor("Ana Pinto"), make_topic("The swing bridge")
    make_contributor("Ana Nobody")
    story("Bells", by={"writing": [ana]}, topics=[topic])
    put(Contributor, list(Contributor.objects.all()))
    put(Topic, list(Topic.objects.all()))
    html = page(client, q="ana")
    assert '<a href="/people/ana-pinto/"><mark>Ana</mark> Pinto</a>' in html
    assert "Nobody" not in html
    assert "The <mark>swing</mark> <mark>bridge</mark></a>" in page(client, q="swing bridges")


def test_pages_about_the_newsroom_stand_below_the_stories(client: Client) -> None:
    contact = make_information_page("Contact", body=[("text", "<p>Ring the bell & wait.</p>")])
    make_information_page("Bell tower", standfirst="Where we sit.")
    draft = make_information_page("Bell-ringers wanted")
    draft.live = False
    draft.save()
    put(InformationPage, list(InformationPage.objects.all()))
    html = page(client, q="bells")
    assert "No story has these words." in html
    pages = html.partition("Pages about the newsroom")[2].partition("</section>")[0]
    names = re.findall(r'<li><a href="([^"]*)">(.*?)</a>', pages)
    assert names == [("/bell-tower/", "<mark>Bell</mark> tower"), ("/contact/", "Contact")]
    assert "Ring the <mark>bell</mark> &amp; wait." in pages
    story("Bells")
    html = page(client, q="bells")
    assert html.index("<mark>Bells</mark>") < html.index("Pages about the newsroom")
    contact.unpublish()
    assert 'href="/contact/"' not in page(client, q="bells")
    assert "Pages about the newsroom" not in page(client, q="zeppelin")


def test_answers_of_the_newsroom_are_found_while_they_are_public(client: Client) -> None:
    editor = make_person(Role.PUBLISHER)
    key = QUESTIONS["ethics"][0].key
    save_draft(kind="ethics", answers={key: "We never pay for an interview."}, actor=editor)
    put(Standard, list(Standard.objects.all()))
    assert "Pages about the newsroom" not in page(client, q="paying interviews")
    publish_standard(kind="ethics", actor=editor)
    save_draft(kind="ethics", answers={key: "We never mention zeppelins."}, actor=editor)
    put(Standard, list(Standard.objects.all()))
    html = page(client, q="paying interviews")
    assert '<a href="/standards/ethics/">How we work</a>' in html
    assert "We never <mark>pay</mark> for an <mark>interview</mark>." in html
    assert '<a href="/standards/ethics/">' in page(client, q="how we work")
    assert "Pages about the newsroom" not in page(client, q="zeppelin")
    withdraw_standard(kind="ethics", actor=editor, note="It is rewritten.")
    assert "Pages about the newsroom" not in page(client, q="paying interviews")


def test_a_slip_is_answered_with_what_was_meant(client: Client) -> None:
    story("The lighterman’s wedding")
    html = page(client, q="lihgterman weddings")
    assert '<a href="/search/?q=lighterman+weddings">lighterman weddings</a>?' in html
    assert '<a href="/search/?q=lighterman">lighterman</a>?' in page(client, q="lighte")


def test_some_of_the_words_are_better_than_nothing(client: Client) -> None:
    story("The lighterman’s wedding")
    html = page(client, q="lighterman zeppelin")
    assert "These have some of them." in html
    assert "The <mark>lighterman’s</mark> wedding" in html


def test_without_results_there_is_somewhere_to_go(client: Client) -> None:
    story("Bells", topics=[make_topic("Foundries")])
    html = page(client, q="zeppelin")
    assert "No story has these words." in html
    assert "Foundries" in html
    assert 'class="story story--line' in html


@pytest.mark.parametrize("typed", ["-bells", '""', "🔔"])
def test_who_types_no_word_is_told_so(client: Client, typed: str) -> None:
    story("Bells")
    assert "There is no word in this to look for." in page(client, q=typed)
    assert "There is no word in this" not in page(client, section="bells")


def test_results_go_on_by_a_cursor_that_new_stories_do_not_move(client: Client) -> None:
    titles = {f"Bell number {n}" for n in range(2 * PAGE_SIZE + 3)}
    for n, title in enumerate(sorted(titles)):
        story(title, at=A_DAY + timedelta(hours=n))
    seen: list[str] = []
    address = "/search/?q=bell+number"
    while address:
        html = client.get(address).content.decode()
        seen += [re.sub("<.*?>", "", found) for _path, found in HEADLINE.findall(html)]
        story(f"Bell number between {len(seen)}")
        more = re.search(r'rel="next" href="([^"]*)"', html)
        address = more.group(1).replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen))
    assert titles <= set(seen)


def test_nobody_keeps_what_was_looked_for(client: Client) -> None:
    story("Bells")
    found = client.get("/search/", {"q": "bells"})
    assert found.headers["Cache-Control"] == "private, no-cache"
    assert "Surrogate-Key" not in found.headers
    assert '<meta name="robots" content="noindex">' in found.content.decode()
    assert not found.cookies
    form = client.get("/search/")
    assert "list-latest" in form.headers["Surrogate-Key"]


def test_who_searches_without_end_waits(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "A_MINUTE", 2)
    asked = [client.get("/search/", {"q": "bells"}) for _ in range(3)]
    assert {response.status_code for response in asked[:2]} <= {200, 429}
    assert asked[2].status_code in {200, 429}
    # The minute may turn between two of them, and not between all.
    refused = client.get("/api/v1/search?q=bells"), client.get("/search/?q=bells")
    last = max((*asked, *refused), key=lambda response: response.status_code)
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) <= 60


def test_the_api_finds_the_same(client: Client) -> None:
    one = story("The lighterman’s wedding")
    answer = client.get("/api/v1/search", {"q": "weddings"}).json()
    assert [item["id"] for item in answer["items"]] == [str(one.uuid)]
    assert (answer["next"], answer["partly"], answer["suggestion"]) == (None, False, "")
    answer = client.get("/api/v1/search", {"q": "lihgterman"}).json()
    assert (answer["items"], answer["suggestion"]) == ([], "lighterman")
    assert client.get("/api/v1/search").status_code == 422


def test_more_stories_are_no_more_questions(client: Client) -> None:
    with published(execute=True):
        for n in range(3):
            make_article(f"Bell {n}")
    page(client, q="bell")
    with CaptureQueriesContext(connection) as few:
        page(client, q="bell")
    with published(execute=True):
        for n in range(9):
            make_article(f"Bell more {n}")
    with CaptureQueriesContext(connection) as many:
        page(client, q="bell")
    assert len(many) <= len(few) <= 24


TYPED = st.one_of(
    st.text(max_size=250),
    st.text(st.sampled_from("ab \"'-*()^:{}+~<>&%\\\0;é\u202eب"), max_size=250),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=TYPED, cursor=st.one_of(st.just(""), st.text(max_size=60)))
def test_whatever_is_typed_is_answered(client: Client, typed: str, cursor: str) -> None:
    cache.clear()
    if not Article.objects.exists():
        story("A a b <script>alert(1)</script>", standfirst="a & b é ب")
    response = client.get("/search/", {"q": typed, "cursor": cursor})
    assert response.status_code == 200
    html = response.content.decode()
    assert "<script>" not in html
    assert len(response.content) < 60_000
