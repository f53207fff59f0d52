"""What the newsroom does with pages: each changes something that readers see."""

from datetime import timedelta

from django.core.management import call_command
from wagtail.models import Page

from diurna.newsroom.citing import change_citation, change_source, rename_outlet
from diurna.newsroom.corrections import NoticeWords, correct
from diurna.newsroom.front_composing import (
    plan_front,
    publish_front,
    publish_planned,
    put_back,
)
from diurna.newsroom.front_composition import read
from diurna.newsroom.merging import merge_contributors, merge_sections
from diurna.newsroom.models import (
    Article,
    Byline,
    Citation,
    Front,
    InformationPage,
    RelatedArticle,
    Section,
)
from diurna.newsroom.publishing import publish_article, take_back_article
from diurna.newsroom.relating import find_due
from diurna.newsroom.removal import remove_article
from tests.factories.citing import cited, make_citation
from tests.factories.kept_site import NOW, Site
from tests.factories.newsroom import make_article, make_draft


def a_new_story(site: Site) -> None:
    publish_article(article=site.draft, actor=site.publisher)


def a_new_story_in_a_section_below(site: Site) -> None:
    make_article("Weir", section=site.fishing, at=NOW)


def a_new_story_that_cites_the_outlet(site: Site) -> None:
    citation = make_citation("long", site.source)
    body = [("text", cited("It is long.", citation))]
    make_article("Quay", section=site.court, body=body, at=NOW)


def another_headline(site: Site) -> None:
    site.crane.title = "A taller crane"
    publish_article(article=site.crane, actor=site.publisher)


def another_address(site: Site) -> None:
    site.crane.slug = "crane-2"
    publish_article(article=site.crane, actor=site.publisher)


def other_topics_and_other_people(site: Site) -> None:
    site.crane.topics.clear()
    site.crane.bylines.set([Byline(contributor=site.ben, role="reporting")])
    publish_article(article=site.crane, actor=site.publisher)


def other_stories_beside_it(site: Site) -> None:
    site.crane.related_articles.add(RelatedArticle(related=site.nets))
    publish_article(article=site.crane, actor=site.publisher)


def the_worker_finds_what_goes_with_stories(_site: Site) -> None:
    while find_due():
        pass


def no_comments_below_it(site: Site) -> None:
    site.crane.comments_mode = "off"
    publish_article(article=site.crane, actor=site.publisher)


def no_points_on_it(site: Site) -> None:
    site.crane.points_mode = "off"
    publish_article(article=site.crane, actor=site.publisher)


def a_story_is_withdrawn(site: Site) -> None:
    site.crane.unpublish(user=site.publisher)


def a_story_in_the_navigation_is_withdrawn(site: Site) -> None:
    site.verdict.unpublish(user=site.publisher)


def a_story_in_the_navigation_has_another_headline(site: Site) -> None:
    site.verdict.title = "Guilty"
    publish_article(article=site.verdict, actor=site.publisher)


def a_withdrawn_story_comes_back(site: Site) -> None:
    publish_article(article=site.gone, actor=site.publisher)


def a_story_is_removed_by_law(site: Site) -> None:
    remove_article(article=site.crane, actor=site.publisher, reason="A court has said so.")


def a_story_is_taken_back(site: Site) -> None:
    take_back_article(article=site.ferry, actor=None)


def a_correction(site: Site) -> None:
    _notice(site, site.ferry, "correction")


def a_retraction(site: Site) -> None:
    _notice(site, site.nets, "retraction")


def a_story_moves(site: Site) -> None:
    Article.objects.get(pk=site.crane.pk).move(
        Section.objects.get(pk=site.court.pk), pos="last-child", user=site.publisher
    )


def a_section_moves(site: Site) -> None:
    Section.objects.get(pk=site.fishing.pk).move(
        Section.objects.get(pk=site.court.pk), pos="last-child", user=site.publisher
    )


def sections_in_another_order(site: Site) -> None:
    Section.objects.get(pk=site.court.pk).move(
        Section.objects.get(pk=site.harbour.pk), pos="left", user=site.publisher
    )


def stories_in_another_order(site: Site) -> None:
    site.ferry.move(Article.objects.get(pk=site.crane.pk), pos="left", user=site.publisher)
    site.draft.refresh_from_db()
    a_new_story(site)


def a_section_is_renamed(site: Site) -> None:
    section = Section.objects.get(pk=site.harbour.pk)
    section.title, section.colour = "The quay", "#7a1f1f"
    section.save_revision().publish()


def a_section_has_another_address(site: Site) -> None:
    section = Section.objects.get(pk=site.harbour.pk)
    section.slug = "quay"
    section.save_revision().publish()


def a_section_takes_no_comments(site: Site) -> None:
    section = Section.objects.get(pk=site.harbour.pk)
    section.comments_mode = "off"
    section.save_revision().publish()


def a_new_section(site: Site) -> None:
    front = Front.objects.get()
    section = front.add_child(instance=Section(title="New", slug="new-section", live=False))
    section.save_revision().publish()


def a_section_is_taken_off(site: Site) -> None:
    Section.objects.get(pk=site.fishing.pk).unpublish(user=site.publisher)


def sections_are_merged(site: Site) -> None:
    merge_sections(
        source=Section.objects.get(pk=site.court.pk),
        target=Section.objects.get(pk=site.harbour.pk),
        actor=site.publisher,
        limit=10,
    )


def a_new_information_page(site: Site) -> None:
    about = InformationPage.objects.get(pk=site.about.pk)
    page = about.add_child(instance=InformationPage(title="Jobs", slug="jobs", live=False))
    page.save_revision().publish()


def an_information_page_is_edited(site: Site) -> None:
    page = InformationPage.objects.get(pk=site.about.pk)
    page.title = "About us"
    page.save_revision().publish()


def an_information_page_has_another_address(site: Site) -> None:
    page = InformationPage.objects.get(pk=site.imprint.pk)
    page.slug = "legal"
    page.save_revision().publish()


def an_information_page_is_deleted(site: Site) -> None:
    InformationPage.objects.get(pk=site.imprint.pk).delete(user=site.publisher)


def an_information_page_is_taken_off(site: Site) -> None:
    InformationPage.objects.get(pk=site.about.pk).unpublish(user=site.publisher)


def the_front_is_composed(site: Site) -> None:
    front = Front.objects.get()
    front.composition = front.composition.stream_block.to_python(
        [{"type": "lead", "value": {"article": site.nets.pk, "count": 1}}]
    )
    front.save_revision().publish()


def the_front_is_composed_at_the_desk(site: Site) -> None:
    place = {"article": site.nets.pk, "until": (NOW + timedelta(hours=1)).isoformat()}
    blocks = read([{"type": "lead", "value": place}, {"type": "ticker", "value": {"count": 3}}])
    publish_front(blocks=blocks, actor=site.publisher, base=None)


def an_earlier_front_is_put_back(site: Site) -> None:
    blocks = read([{"type": "lead", "value": {"article": site.verdict.pk}}])
    first = publish_front(blocks=blocks, actor=site.publisher, base=None)
    publish_front(blocks=[], actor=site.publisher, base=None)
    put_back(revision=first.pk, actor=site.publisher, base=None)


def a_planned_front_appears(site: Site) -> None:
    blocks = read([{"type": "latest", "value": {"count": 2}}])
    at = NOW + timedelta(minutes=5)
    plan_front(blocks=blocks, actor=site.publisher, at=at)
    publish_planned(at)


def the_clock_publishes(site: Site) -> None:
    site.draft.go_live_at = NOW - timedelta(minutes=1)
    revision = site.draft.save_revision()
    revision.approved_go_live_at = site.draft.go_live_at
    revision.save()
    call_command("publish_scheduled")
    assert Page.objects.get(pk=site.draft.pk).live


def the_clock_takes_off(site: Site) -> None:
    Article.objects.filter(pk=site.crane.pk).update(expire_at=NOW - timedelta(minutes=1))
    call_command("publish_scheduled")
    assert not Page.objects.get(pk=site.crane.pk).live


def a_page_is_copied(site: Site) -> None:
    about = InformationPage.objects.get(pk=site.about.pk)
    about.copy(update_attrs={"slug": "contact", "title": "Contact"}, keep_live=True)


def a_source_is_changed(site: Site) -> None:
    site.source.title = "The old plan"
    site.source.save()
    change_source(source=site.source, actor=site.publisher)


def a_citation_is_changed(site: Site) -> None:
    citation = Citation.objects.get(article=site.crane)
    citation.bearing = "disputes"
    citation.save()
    change_citation(citation=citation, actor=site.publisher)


def an_outlet_is_renamed(site: Site) -> None:
    site.outlet.name, site.outlet.slug = "The New Paper", "new-outlet"
    site.outlet.save()
    rename_outlet(outlet=site.outlet, actor=site.publisher)


def people_are_merged(site: Site) -> None:
    merge_contributors(keep=site.ada, merge=site.ben, actor=site.publisher)


def a_story_from_a_draft_without_history(site: Site) -> None:
    draft = make_draft("Crane", section=site.court)
    publish_article(article=draft, actor=None)


def _notice(site: Site, article: Article, kind: str) -> None:
    correct(
        article=article,
        actor=site.publisher,
        notice=NoticeWords(kind=kind, text="It was not so."),
        publish_draft=False,
        at=NOW,
    )
