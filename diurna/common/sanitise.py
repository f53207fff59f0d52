"""HTML from outside, reduced to what may stand in an article.

The rules are an allow list, applied by nh3 (ammonia), which parses as browsers do. What comes out
has no script, no style, no class, no identifier, no event handler, no form and nothing that is
loaded from elsewhere: pictures, frames and media become blocks of their own before they get here.
"""

from typing import Final

import nh3

_BLOCK_TAGS: Final = frozenset(
    "address aside blockquote br caption col colgroup dd details div dl dt figcaption figure "
    "h2 h3 h4 h5 h6 hr li ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_INLINE_TAGS: Final = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong "
    "sub sup time u var wbr".split()
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "dfn": {"title"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}
# Their content is no text for readers, so it goes with the element.
_SILENT_TAGS: Final = {
    "applet", "embed", "iframe", "math", "noembed", "noframes", "noscript", "object", "script",
    "select", "style", "svg", "template", "textarea", "title",
}  # fmt: skip
_VALUES: Final = {"dir": frozenset({"ltr", "rtl", "auto"})}


def sanitise_html(html: str) -> str:
    """The same text as HTML that is safe in an article, well formed; empty for only white space.

    Addresses keep to http, https, mailto and tel, or are relative to the site.
    """
    return nh3.clean(
        html,
        tags=set(_BLOCK_TAGS | _INLINE_TAGS),
        clean_content_tags=_SILENT_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    ).strip()


def plain_text(html: str) -> str:
    """The words of a piece of HTML on one line: no tags, entities resolved, white space folded."""
    spaced = html.replace("<br", " <br").replace("</p>", " </p>").replace("</li>", " </li>")
    bare = nh3.clean(spaced, tags=set(), clean_content_tags=_SILENT_TAGS, strip_comments=True)
    return " ".join(_unescape(bare).split())


def _keep_attribute(_tag: str, name: str, value: str) -> str | None:
    allowed = _VALUES.get(name)
    if allowed is None:
        return value
    return value.lower() if value.lower() in allowed else None


def _unescape(text: str) -> str:
    # What nh3 writes is text with these entities and no others.
    for entity, character in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&nbsp;", "\u00a0"),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, character)
    return text
