"""What an export holds beside posts: its head, guest authors, pages and menus."""

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from tests.factories.export.belongings import Piece
from tests.factories.export.people import AUTHORS, CATEGORIES, GUESTS, TAGS
from tests.factories.export.plan import TRANSLATION_AT, ExportPlan, post_id
from tests.factories.export.prose import paragraph
from tests.factories.export.traces import TRANSLATED_EVERY, php
from tests.factories.wxr import category, cdata, item, menu_entry

# (slug, title, slug of the page above)
_PAGES: Final = (
    ("about", "About us", ""),
    ("team", "The newsroom", "about"),
    ("history", "How it began", "about"),
    ("contact", "Contact", ""),
    ("imprint", "Imprint", ""),
    ("privacy", "Privacy", "imprint"),
    ("support", "Support us", ""),
    ("jobs", "Jobs", "about"),
)
_FIRST_PAGE: Final = 100
_FIRST_ENTRY: Final = 200
_PAGE_DATE: Final = "2011-01-02 09:00:00"
_MAIN_MENU: Final = ("town", "harbour", "culture", "sport", "opinion")
_FOOT_MENU: Final = ("about", "contact", "imprint")


def opening(plan: ExportPlan, declaration: str, doctype: str = "", versioned: bool = True) -> str:
    """What stands before the authors."""
    wxr = f"http://wordpress.org/export/{plan.version}"
    version = f"<wp:wxr_version>{plan.version}</wp:wxr_version>\n" if versioned else ""
    return f"""{declaration}{doctype}<rss version="2.0" xmlns:excerpt="{wxr}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="{wxr}/">
<channel>
<title>{escape(plan.title)}</title><link>{plan.site}</link><description>News of a town</description>
<pubDate>Sun, 07 Jan 2024 10:00:00 +0000</pubDate><language>en-GB</language>
{version}<wp:base_site_url>{plan.site}</wp:base_site_url><wp:base_blog_url>{plan.site}</wp:base_blog_url>
"""


def closing() -> str:
    """What stands behind the last item."""
    return "</channel>\n</rss>\n"


def head(plan: ExportPlan) -> Iterator[str]:
    """Authors and terms, which every file of a split export repeats."""
    for writer in AUTHORS:
        first, _, last = writer.name.partition(" ")
        yield (
            f"<wp:author><wp:author_id>{writer.number}</wp:author_id><wp:author_login>"
            f"{cdata(writer.login)}</wp:author_login><wp:author_email>"
            f"{cdata(writer.login + '@gazette.example')}</wp:author_email>"
            f"<wp:author_display_name>{cdata(writer.name)}</wp:author_display_name>"
            f"<wp:author_first_name>{cdata(first)}</wp:author_first_name>"
            f"<wp:author_last_name>{cdata(last)}</wp:author_last_name></wp:author>\n"
        )
    for each in CATEGORIES:
        yield category(each.slug, each.name, each.number, each.parent)
    for tag in TAGS:
        yield (
            f"<wp:tag><wp:term_id>{tag.number}</wp:term_id><wp:tag_slug>{tag.slug}</wp:tag_slug>"
            f"<wp:tag_name>{cdata(tag.name)}</wp:tag_name></wp:tag>\n"
        )
    yield _term("nav_menu", "main-menu", "Main menu", 60)
    yield _term("nav_menu", "footer", "Footer", 61)
    yield from _terms_of_plugins(plan)


def first_items(plan: ExportPlan) -> Iterator[Piece]:
    """Guest authors, pages and menus: they have the lowest numbers."""
    if plan.has("coauthors"):
        for guest in GUESTS:
            yield Piece(
                "guest-author", guest.number, _guest(plan, guest.login, guest.name, guest.number)
            )
    numbers = {slug: _FIRST_PAGE + place for place, (slug, _, _) in enumerate(_PAGES)}
    for slug, title, parent in _PAGES[: plan.pages]:
        above = f"{parent}/" if parent else ""
        text = item(
            numbers[slug],
            "page",
            title=title,
            content=f"<p>{paragraph(plan.chance('page', slug))}</p>",
            slug=slug,
            link=f"{plan.site}/{above}{slug}/",
            date=_PAGE_DATE,
            date_gmt=_PAGE_DATE,
            creator="webadmin",
            parent=numbers.get(parent, 0),
            order=numbers[slug] - _FIRST_PAGE,
            comments_open=False,
            site=plan.site,
        )
        yield Piece("page", numbers[slug], text)
    yield from _menus(plan, numbers)


def _menus(plan: ExportPlan, pages: dict[str, int]) -> Iterator[Piece]:
    number = _FIRST_ENTRY
    categories = {each.slug: str(each.number) for each in CATEGORIES}
    for slug in _MAIN_MENU:
        entry = menu_entry(number, "main-menu", kind="category", target=categories[slug])
        yield Piece("nav_menu_item", number, entry)
        number += 1
    made = {slug for slug, _, _ in _PAGES[: plan.pages]}
    for slug in (slug for slug in _FOOT_MENU if slug in made):
        entry = menu_entry(number, "footer", kind="page", target=str(pages[slug]))
        yield Piece("nav_menu_item", number, entry)
        number += 1


def _guest(plan: ExportPlan, login: str, name: str, number: int) -> str:
    first, _, last = name.partition(" ")
    return item(
        number,
        "guest-author",
        title=name,
        content="",
        slug=f"cap-{login}",
        link=f"{plan.site}/?post_type=guest-author&p={number}",
        date=_PAGE_DATE,
        date_gmt=_PAGE_DATE,
        creator="webadmin",
        site=plan.site,
        categories=[("author", f"cap-{login}", login)],
        meta=[
            ("cap-user_login", login),
            ("cap-display_name", name),
            ("cap-first_name", first),
            ("cap-last_name", last),
            ("cap-user_email", f"{login}@gazette.example"),
            ("cap-description", f"{name} writes for the Gazette now and then."),
            ("cap-linked_account", ""),
        ],
    )


def _terms_of_plugins(plan: ExportPlan) -> Iterator[str]:
    if plan.has("polylang"):
        yield _term("language", "en", "English", 70)
        yield _term("language", "de", "Deutsch", 71)
        for number in plan.numbers():
            if number % TRANSLATED_EVERY == 4:
                pair = {"en": post_id(number), "de": post_id(number) + TRANSLATION_AT}
                slug = f"pll_{number}"
                yield _term("post_translations", slug, slug, 100_000 + number, php(pair))
    if plan.has("coauthors"):
        for place, each in enumerate((*AUTHORS, *GUESTS)):
            slug = f"cap-{each.login.replace('.', '-')}"
            about = f"{each.name} {each.login} {each.number} {each.login}@gazette.example"
            yield _term("author", slug, each.login, 80 + place, about)


def _term(taxonomy: str, slug: str, name: str, number: int, description: str = "") -> str:
    about = (
        f"<wp:term_description>{cdata(description)}</wp:term_description>" if description else ""
    )
    return (
        f"<wp:term><wp:term_id>{number}</wp:term_id><wp:term_taxonomy>{taxonomy}"
        f"</wp:term_taxonomy><wp:term_slug>{slug}</wp:term_slug><wp:term_parent></wp:term_parent>"
        f"<wp:term_name>{cdata(name)}</wp:term_name>{about}</wp:term>\n"
    )
