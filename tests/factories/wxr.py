"""Small WordPress exports for tests, written as WordPress writes them."""

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

OLD_SITE = "https://old.example"


def cdata(text: str) -> str:
    """A CDATA section, split where the text itself would end it."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def item(
    number: int,
    kind: str = "post",
    *,
    title: str = "A quiet day in the harbour",
    content: str = "<p>The crane stood still.</p>",
    excerpt: str = "",
    status: str = "publish",
    slug: str | None = None,
    link: str | None = None,
    date: str = "2019-03-04 10:00:00",
    date_gmt: str = "2019-03-04 09:00:00",
    modified: str = "",
    creator: str = "ada",
    parent: int = 0,
    order: int = 0,
    password: str = "",
    sticky: bool = False,
    comments_open: bool = True,
    attachment_url: str = "",
    site: str = OLD_SITE,
    categories: Iterable[tuple[str, str, str]] = (),
    meta: Iterable[tuple[str, str]] = (),
    comments: Iterable[str] = (),
) -> str:
    """One `<item>`. Categories are (taxonomy, slug, name)."""
    slug = f"item-{number}" if slug is None else slug
    link = f"{site}/2019/03/{slug}/" if link is None else link
    terms = "".join(
        f'<category domain="{taxonomy}" nicename="{escape(term)}">{cdata(name)}</category>'
        for taxonomy, term, name in categories
    )
    metas = "".join(
        f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
        f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
        for key, value in meta
    )
    return f"""<item>
<title>{cdata(title)}</title><link>{escape(link)}</link><dc:creator>{cdata(creator)}</dc:creator>
<guid isPermaLink="false">{attachment_url or f"{site}/?p={number}"}</guid>
<content:encoded>{cdata(content)}</content:encoded>
<excerpt:encoded>{cdata(excerpt)}</excerpt:encoded>
<wp:post_id>{number}</wp:post_id>
<wp:post_date>{date}</wp:post_date><wp:post_date_gmt>{date_gmt}</wp:post_date_gmt>
{f"<wp:post_modified_gmt>{modified}</wp:post_modified_gmt>" if modified else ""}
<wp:comment_status>{"open" if comments_open else "closed"}</wp:comment_status>
<wp:post_name>{escape(slug)}</wp:post_name><wp:status>{status}</wp:status>
<wp:post_parent>{parent}</wp:post_parent><wp:menu_order>{order}</wp:menu_order>
<wp:post_type>{kind}</wp:post_type><wp:post_password>{escape(password)}</wp:post_password>
<wp:is_sticky>{int(sticky)}</wp:is_sticky>
{f"<wp:attachment_url>{escape(attachment_url)}</wp:attachment_url>" if attachment_url else ""}
{terms}{metas}{"".join(comments)}
</item>
"""


def comment(
    number: int,
    text: str = "Well said.",
    *,
    kind: str = "",
    parent: int = 0,
    author: str = "Grace",
    date: str = "2019-03-05 10:00:00",
    date_gmt: str = "2019-03-05 09:00:00",
    approved: str = "1",
    email: str = "grace@example.org",
    website: str = "",
    meta: Iterable[tuple[str, str]] = (),
) -> str:
    """One comment or ping, with the network address and user agent that must not be kept."""
    metas = "".join(
        f"<wp:commentmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
        f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:commentmeta>"
        for key, value in meta
    )
    return f"""<wp:comment><wp:comment_id>{number}</wp:comment_id>
<wp:comment_author>{cdata(author)}</wp:comment_author>
<wp:comment_author_email>{email}</wp:comment_author_email>
<wp:comment_author_url>{escape(website)}</wp:comment_author_url>
<wp:comment_author_IP>203.0.113.77</wp:comment_author_IP>
<wp:comment_agent>Mozilla/5.0 (secret)</wp:comment_agent>
<wp:comment_date>{date}</wp:comment_date>
<wp:comment_date_gmt>{date_gmt}</wp:comment_date_gmt>
<wp:comment_content>{cdata(text)}</wp:comment_content>
<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type>
<wp:comment_parent>{parent}</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id>
<wp:commentmeta><wp:meta_key>akismet_as_submitted</wp:meta_key>
<wp:meta_value>a:1:{{s:10:"user_agent";s:3:"Moz";}}</wp:meta_value></wp:commentmeta>
<wp:commentmeta><wp:meta_key>geo</wp:meta_key>
<wp:meta_value>203.0.113.77, Lisbon</wp:meta_value></wp:commentmeta>
<wp:commentmeta><wp:meta_key>rating</wp:meta_key><wp:meta_value>4</wp:meta_value></wp:commentmeta>
{metas}</wp:comment>"""


def author(login: str = "ada", name: str = "Ada Quill", number: int = 3) -> str:
    """One author."""
    return (
        f"<wp:author><wp:author_id>{number}</wp:author_id><wp:author_login>{login}"
        f"</wp:author_login><wp:author_email>{login}@old.example</wp:author_email>"
        f"<wp:author_display_name>{cdata(name)}</wp:author_display_name></wp:author>\n"
    )


def category(slug: str, name: str, number: int, parent: str = "") -> str:
    """One category."""
    return (
        f"<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{slug}"
        f"</wp:category_nicename><wp:category_parent>{parent}</wp:category_parent>"
        f"<wp:cat_name>{cdata(name)}</wp:cat_name></wp:category>\n"
    )


def menu_entry(number: int, menu: str, *, kind: str, target: str, label: str = "") -> str:
    """One entry of a menu; `kind` is "page", "category" or "custom"."""
    types = {"page": "post_type", "category": "taxonomy", "custom": "custom"}
    return item(
        number,
        "nav_menu_item",
        title=label,
        content=" ",
        order=number,
        categories=[("nav_menu", menu, menu.title())],
        meta=[
            ("_menu_item_type", types[kind]),
            ("_menu_item_object", kind),
            ("_menu_item_object_id", target if kind != "custom" else str(number)),
            ("_menu_item_url", target if kind == "custom" else ""),
            ("_menu_item_menu_item_parent", "0"),
        ],
    )


def export(*items: str, head: str = "", site: str = OLD_SITE) -> str:
    """A whole export (WXR 1.2)."""
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The Old Gazette</title><link>{site}</link><description>News</description>
<language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>{site}</wp:base_site_url><wp:base_blog_url>{site}</wp:base_blog_url>
{head}{"".join(items)}</channel>
</rss>
"""


def write_export(folder: Path, *items: str, head: str = "", site: str = OLD_SITE) -> Path:
    """The export as a file in this folder; its path."""
    path = folder / "export.xml"
    path.write_text(export(*items, head=head, site=site), encoding="utf-8")
    return path
