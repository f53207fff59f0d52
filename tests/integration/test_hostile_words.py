"""Whatever an editor, a colleague elsewhere or a reader writes, a page shows it as words."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.text import slugify
from lxml import html

from diurna.newsroom.models import NewsroomSettings, Series
from tests.factories.citing import cited, make_citation, make_outlet, make_source
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_photograph,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db

HOSTILE = "\"'><img src=x onerror=x()></title></script><script>x()</script>%(x)s %s {{ 7 }}"
PAGES = (
    "/",
    "/latest/",
    "/harbour/",
    "/topics/boats/",
    "/harbour/crane/",
    "/harbour/crane/comments/",
)


def hostile(kind: str) -> str:
    return f"{kind} {HOSTILE}"


@pytest.fixture
def _story() -> None:
    newsroom = NewsroomSettings.current()
    newsroom.motto, newsroom.publisher = hostile("Motto"), hostile("House")
    newsroom.save()
    section = make_section(hostile("Harbour"), slug="harbour")
    topic = make_topic(hostile("Boats"), slug="boats")
    person = make_contributor(
        hostile("Ada"), slug="ada", job_title=hostile("Reporter"), photo=make_photograph()
    )
    source = make_source(hostile("Report"), outlet=make_outlet(hostile("Agency"), slug="agency"))
    series = Series.objects.create(name=hostile("Series"), slug="series")
    for number, name in enumerate(("Crane", "Ferry", "Quay")):
        article = make_article(
            hostile(name),
            slug=slugify(name),
            section=section,
            at=A_DAY - timedelta(hours=number),
            topics=[topic],
            by={"writing": [person]},
            standfirst=hostile("Under it"),
            short_headline=hostile(name)[:60],
            lead_image=make_photograph(hostile("Picture")),
            lead_image_alt=hostile("A boat"),
            lead_image_caption=hostile("Caption"),
            disclosure=hostile("Paid by"),
            series=series if number < 2 else None,
            body=[("text", cited("It turned.", make_citation(hostile("It"), source=source)))],
        )
    let_newcomers_in()
    published_comment(article, hostile("I saw it"))


@pytest.mark.usefixtures("_story")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_shows_it_as_words(client: Client, language: str) -> None:
    newsroom = NewsroomSettings.current()
    newsroom.language = language
    newsroom.save()
    for address in (*PAGES, "/harbour/quay/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = html.document_fromstring(answer.content.decode())
        attributes = {name for element in page.iter() for name in element.attrib}
        assert not {name for name in map(str, attributes) if name.startswith("on")}, address
        assert not page.cssselect("img[src=x]"), address
        for script in page.iter("script"):
            if script.get("type") == "application/ld+json":
                json.loads(script.text or "")
            else:
                assert script.get("src"), address
                assert not script.text, address
        assert "".join(map(str, page.itertext())).count(HOSTILE) >= 3, address
