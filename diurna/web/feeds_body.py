"""An article as HTML for a feed reader: the page's own blocks, without what only the page can do.

A feed reader shows the text inside its own page, so addresses are whole, and nothing is left that
needs our style sheets or scripts; what loads on a click becomes a link.
"""

from functools import lru_cache
from typing import Final

import nh3
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from lxml.html import fragment_fromstring, tostring

from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article
from diurna.newsroom.rich_text import public_html
from diurna.web.addresses import absolute, page_address
from diurna.web.article import body_html
from diurna.web.corrections import Notices
from diurna.web.pictures import picture
from diurna.web.sources import Notes

_TAGS: Final = frozenset(
    "a abbr aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn "
    "div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby "
    "s samp small span strong sub summary sup table tbody td tfoot th thead time tr u ul var "
    "video wbr".split()
)
# Gone with what is in them: they are for the page's own scripts, or would be scripts themselves.
_SILENT_TAGS: Final = {
    "button", "dialog", "form", "iframe", "noscript", "object", "script", "style", "svg",
    "template",
}  # fmt: skip
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "audio": {"controls", "preload", "src"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"controls", "height", "poster", "preload", "src", "width"},
}
_PAGE_ONLY: Final = "//*[@data-page-only or @aria-hidden='true' or @hidden]"
# Twice the items of a feed, each some 20 KB with what it was made of.
_KEPT: Final = 64
_ADDRESSES: Final = frozenset({"cite", "href", "poster", "src"})


def feed_html(article: Article, *, language: str, notes: Notes, notices: Notices) -> str:
    """The full text; `language` is the newsroom's, for articles that name none of their own."""
    image = picture(article.lead_image, "figure", alt=article.lead_image_alt)
    own = article.own_language() or language
    context = {
        "article": article,
        "body": notes.number(body_html(article.body), address=page_address(article)),
        "bylines": article.ordered_bylines(),
        "direction": article.direction or ("rtl" if is_right_to_left(own) else "ltr"),
        "image": image,
        "language": own,
        "methods": public_html(article.methods),
        "methods_heading": _("How we reported this"),
        "notes": notes,
        "notices": notices,
        "sources_heading": _("Sources"),
    }
    return _story_safe(render_to_string("feeds/article.html", context), absolute("/"))


@lru_cache(maxsize=_KEPT)
def _story_safe(html: str, _site: str) -> str:
    """What `feed_safe` gives, kept by all that it is made of: of thirty stories one is new.

    Not for comments: readers' words stay in no process that need not keep them.
    """
    return feed_safe(html)


def feed_safe(html: str) -> str:
    """The HTML with whole addresses, and only what a feed reader can show.

    What a template marks with `data-page-only`, or hides from screen readers, is left out.
    """
    return nh3.clean(
        _without_page_only(html),
        tags=set(_TAGS),
        clean_content_tags=_SILENT_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_whole_addresses,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    ).strip()


def _without_page_only(html: str) -> str:
    root = fragment_fromstring(html, create_parent="div")
    for element in root.xpath(_PAGE_ONLY):
        element.drop_tree()
    return tostring(root, encoding="unicode")


def _whole_addresses(_tag: str, name: str, value: str) -> str:
    # A jump inside the page stays one: there is nothing else that it could lead to.
    if name in _ADDRESSES and not value.startswith("#"):
        return absolute(value)
    return value
