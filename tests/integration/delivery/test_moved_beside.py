"""“Also in Harbour” after a story has gone to another section: on no page, kept or drawn anew."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import TestCase

from diurna.newsroom.models import Article, Section
from diurna.newsroom.relating import find_due
from tests.factories.kept_site import NOW, Kept, draw, touched_by
from tests.factories.newsroom import A_DAY, make_article, make_front, make_section

pytestmark = pytest.mark.django_db

STORIES = 7
# A related story: the section above its headline, its address, and why it stands there.
RELATED = re.compile(
    r'<article class="story story--small">.*?kicker__section" href="[^"]*">([^<]*)</a>'
    r'.*?<a href="([^"]*)">.*?<p class="related__why">([^<]*)</p>',
    re.DOTALL,
)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def reasons(address: str) -> list[tuple[str, str, str]]:
    """Section, address and reason of each related story at the foot of the page."""
    return RELATED.findall(draw(address).content.decode())  # type: ignore[attr-defined]


def find_all() -> None:
    while find_due():
        pass


def move(story: Article, section: Section) -> None:
    # As they are in the tree by now.
    to = Section.objects.get(pk=section.pk)
    Article.objects.get(pk=story.pk).move(to, pos="last-child")


def test_no_page_says_of_a_story_that_has_gone_that_it_is_also_there() -> None:
    make_front()
    harbour, town = make_section("Harbour"), make_section("Town")
    with TestCase.captureOnCommitCallbacks(execute=True):
        stories = [make_article(f"Day {n}", section=harbour, at=A_DAY) for n in range(STORIES)]
        make_article("Of the town", section=town, at=A_DAY)
        find_all()
    pages = Kept()
    pages.keep([one.address_path() for one in Article.objects.live()])
    goes = stories[3]
    before = [reasons(one.address_path()) for one in stories]
    named = [address for page in before for _section, address, _why in page]
    assert goes.address_path() in named
    assert {why for page in before for _section, _address, why in page} == {"Also in Harbour"}

    touched = touched_by(lambda: move(goes, town))
    assert pages.stale(touched) == []
    # At once, and when the worker has looked again.
    for worker in (lambda: None, find_all):
        touched |= touched_by(worker)
        assert pages.stale(touched) == []
        for story in Article.objects.live():
            for section, _address, why in reasons(story.address_path()):
                assert why == f"Also in {section}"
                assert section == Section.objects.get(pk=story.get_parent().pk).title
