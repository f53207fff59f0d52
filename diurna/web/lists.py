"""Section fronts, topics, contributors and the list of the latest."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.delivery import surrogate
from diurna.newsroom.models import Article, Contributor, Section, Topic
from diurna.newsroom.newest import stories as newest_stories
from diurna.newsroom.rich_text import public_html
from diurna.newsroom.section_leads import Pinned, pinned_lead
from diurna.web.cards import Card, Cards, keys_of
from diurna.web.cited import CitedStory, cited_stories, of_person, stories_citing
from diurna.web.frame import Frame, frame_of
from diurna.web.listing import is_about, is_by, list_page
from diurna.web.metadata import (
    list_metadata,
    person_metadata,
    section_metadata,
    topic_metadata,
)
from diurna.web.pictures import picture
from diurna.web.ranked_links import SITE, Scope, order_links
from diurna.web.response import in_newsroom, page_response
from diurna.web.section_lead import section_stories

# The newest stories that rest on what a contributor saw, said or wrote; the page is about the work.
CITED_ON_PERSON = 20
# A story that comes or goes moves the others from page to page of every list, also of those that
# it was on before: of another section, about another topic.
LIST_KEY = "list-latest"


@dataclass(frozen=True)
class Day:
    """The stories of one day in the newsroom's time zone."""

    date: date
    cards: list[Card]


def section_page(
    section: Section, request: HttpRequest, *, pinned: Pinned | None = None
) -> HttpResponse:
    """A section's front: its lead, its newest stories and those of the sections below it.

    The desk's preview gives another `pinned`.
    """
    frame, now = frame_of(request), timezone.now()
    pinned = pinned or pinned_lead(section, now)
    found = section_stories(section, request, pinned)
    stories, wide = found.page, {found.lead.pk} if found.lead else set()
    with in_newsroom(frame):
        shown = Cards(request, frame).of(found.all, wide=wide)
        metadata = section_metadata(
            section,
            newsroom=frame.newsroom,
            trail=[*frame.sections.trail(section), section],
            page_number=stories.number,
        )
        orders = list(order_links(Scope.of_section(section), None))
    parent = frame.sections.of(section)
    context = {
        "section": section,
        "orders": orders,
        "metadata": metadata,
        "parent": frame.sections.link(parent),
        "below": [frame.sections.link(item) for item in frame.sections.below(section)],
        "stories": stories,
        "lead": shown[0] if found.lead else None,
        "cards": shown[1:] if found.lead else shown,
    }
    keys = [section.surrogate_key(), LIST_KEY, *keys_of(shown)]
    response = page_response(request, "pages/section.html", context, keys=keys, frame=frame)
    if pinned is not None and pinned.until is not None:
        surrogate.expires(response, seconds=(pinned.until - now).total_seconds())
    return response


def topic_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about a topic, newest first."""
    topic = get_object_or_404(Topic, slug=slug)
    frame = frame_of(request)
    stories = list_page(request, Article.objects.published().about(topic), having=is_about(topic))
    with in_newsroom(frame):
        cards = Cards(request, frame).of(stories.articles)
        metadata = topic_metadata(topic, newsroom=frame.newsroom, page_number=stories.number)
        orders = list(order_links(Scope.of_topic(topic), None))
    context = {
        "topic": topic,
        "metadata": metadata,
        "orders": orders,
        "stories": stories,
        "cards": cards,
    }
    keys = [f"topic-{topic.uuid}", LIST_KEY, *keys_of(cards)]
    return page_response(request, "pages/topic.html", context, keys=keys, frame=frame)


def person_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A contributor: who they are, and everything they worked on, newest first."""
    person = get_object_or_404(Contributor.objects.select_related("photo"), slug=slug)
    frame = frame_of(request)
    stories = list_page(request, Article.objects.published().by(person), having=is_by(person))
    with in_newsroom(frame):
        cards = Cards(request, frame).of(stories.articles)
        facts = _facts(person)
        cited = _cited(person, request, frame) if stories.number == 1 else []
        metadata = person_metadata(person, newsroom=frame.newsroom, page_number=stories.number)
    context = {
        "metadata": metadata,
        "person": person,
        "portrait": picture(person.photo, "portrait", alt=person.name),
        "biography": public_html(person.biography),
        "facts": facts,
        "cited": cited,
        "stories": stories,
        "cards": cards,
    }
    shown = [*cards, *(story.card for story in cited)]
    keys = [f"person-{person.uuid}", LIST_KEY, *keys_of(shown)]
    return page_response(request, "pages/person.html", context, keys=keys, frame=frame)


def latest_page(request: HttpRequest) -> HttpResponse:
    """Every published article, newest first, by day."""
    frame = frame_of(request)
    stories = list_page(request, newest_stories(), size=40)
    with in_newsroom(frame):
        cards = Cards(request, frame).of(stories.articles)
        days = _by_day(cards)
        metadata = list_metadata(
            _("Latest"),
            request.path,
            newsroom=frame.newsroom,
            description=_("Every story, newest first."),
            page_number=stories.number,
        )
        orders = list(order_links(SITE, None))
    context = {"metadata": metadata, "orders": orders, "stories": stories, "days": days}
    keys = [LIST_KEY, *keys_of(cards)]
    return page_response(request, "pages/latest.html", context, keys=keys, frame=frame)


def _by_day(cards: list[Card]) -> list[Day]:
    dated = [card for card in cards if card.published]
    days = groupby(dated, key=lambda card: timezone.localdate(card.published))
    return [Day(day, list(stories)) for day, stories in days]


def _cited(person: Contributor, request: HttpRequest, frame: Frame) -> list[CitedStory]:
    which = of_person(person)
    articles = stories_citing(which).with_cards()[:CITED_ON_PERSON]
    return cited_stories(articles, which, request=request, frame=frame)


def _facts(person: Contributor) -> list[tuple[str, str]]:
    facts = [
        (_("Expertise"), person.expertise),
        (_("Places"), person.places),
        (_("Languages"), person.languages),
        (_("Contact"), person.contact),
        (_("Disclosures"), person.disclosures),
    ]
    return [(label, text) for label, text in facts if text]
