"""The newsroom that `bench.render` reads: the demonstration, and its lead three times over."""

from dataclasses import dataclass
from typing import Any, Final

# How many comments the three copies of the lead have.
COMMENTS: Final = (0, 200, 2_000)


@dataclass(frozen=True)
class Site:
    """Paths to ask for by what they are called, and the story that the bare site gets as well."""

    paths: dict[str, str]
    story: dict[str, Any]


def make_site() -> Site:
    """Build the demonstration in an empty, migrated database, with the copies."""
    from diurna.common.sqlite.planner import keep_statistics
    from diurna.newsroom.models import Front
    from diurna.web.seed.build import build_demo

    if not Front.objects.exists():
        build_demo(progress=lambda done, of, what: None)
        _picture_sizes()
        _copies()
        keep_statistics()
    return _told()


def _copies() -> None:
    from bench.comment_site import make_thread

    for count in COMMENTS:
        article = _copy(_lead(), slug=f"lead-{count}")
        if count:
            make_thread(article, count, seed=count)


def _lead() -> Any:
    from diurna.newsroom.models import Article, Front

    front = Front.objects.get()
    for block in front.composition:
        if block.block_type == "lead":
            return Article.objects.get(pk=block.value["article"].pk)
    raise LookupError("The demonstration's front has no lead.")


def _copy(lead: Any, *, slug: str) -> Any:
    from diurna.newsroom.models import Article, Byline
    from diurna.newsroom.publishing import publish_article

    same = ("title", "standfirst", "work_type", "methods", "disclosure", "body")
    pictures = ("lead_image", "lead_image_alt", "lead_image_caption")
    fields = {name: getattr(lead, name) for name in (*same, *pictures)}
    article = lead.get_parent().add_child(
        instance=Article(**fields, slug=slug, live=False, comments_mode="open")
    )
    for line in lead.bylines.all():
        article.bylines.add(
            Byline(contributor=line.contributor, role=line.role, sort_order=line.sort_order)
        )
    article.topics.set(lead.topics.all())
    article.save()
    publish_article(article=article, actor=None, at=lead.first_published_at)
    return article


def _picture_sizes() -> None:
    """Every size of every picture, as rows: a page writes their addresses and reads no file."""
    from diurna.newsroom.models import Photograph, PhotographRendition
    from diurna.newsroom.renditions import specs_for

    PhotographRendition.objects.bulk_create(
        PhotographRendition(
            image=picture,
            filter_spec=spec,
            focal_point_key="",
            file=f"images/{picture.pk}.{spec.replace('|', '.')}.{spec.rpartition('-')[2]}",
            width=_width(spec),
            height=_width(spec) * picture.height // picture.width,
        )
        for picture in Photograph.objects.all()
        for spec in specs_for(picture.width)
    )


def _width(spec: str) -> int:
    return int(spec.partition("|")[0].partition("-")[2].partition("x")[0])


def _told() -> Site:
    from diurna.newsroom.models import Article, Topic

    copies = [Article.objects.get(slug=f"lead-{count}") for count in COMMENTS]
    addresses = [article.address_path() for article in copies]
    topic = Topic.objects.order_by("pk").first()
    assert topic is not None
    lead = copies[0]
    line = lead.bylines.first()
    assert line is not None
    assert lead.lead_image is not None
    person = line.contributor
    paths = {
        **{
            f"article, {count} comments": address
            for count, address in zip(COMMENTS, addresses, strict=True)
        },
        "front": "/",
        "section": copies[0].get_parent().specific.address_path(),
        "topic": topic.get_absolute_url(),
        "person": person.get_absolute_url(),
        "latest": "/latest/",
        "thread page": f"{addresses[-1]}comments/",
        "points page": f"{addresses[-1]}points/",
        "history page": f"{addresses[-1]}changes/",
        "API, article": f"/api/v1/articles/{copies[-1].uuid}",
        "API, list": "/api/v1/articles",
        "API, comments": f"/api/v1/articles/{copies[-1].uuid}/comments",
        "feed": "/feed/",
        "sitemap": "/sitemap.xml",
        "404": f"{addresses[0]}nothing/",
    }
    texts = [block.value.source for block in lead.body if block.block_type == "text"]
    story = {
        "title": lead.title,
        "intro": lead.standfirst[:500],
        "paragraphs": texts,
        "picture": lead.lead_image.file.path,
    }
    return Site(paths, story)
