"""HTML of any age as a tree, and questions about it.

nh3 parses first, as browsers do, and drops what is never kept (scripts, styles, events); its
well-formed output then makes an lxml tree that the block builders walk. No text is too deep: tags
beyond what the builders can follow are dropped before, and their words stay.
"""

import re
from collections import Counter
from html import escape
from typing import Final

import nh3
from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

_TAGS: Final = frozenset(
    "a abbr acronym address amp-anim amp-audio amp-dailymotion amp-facebook amp-gist amp-iframe "
    "amp-img amp-instagram amp-pinterest amp-reddit amp-soundcloud amp-tiktok amp-twitter "
    "amp-video amp-vimeo amp-youtube "
    "article aside audio b bdi bdo big blockquote br button caption "
    "center cite code col colgroup dd del details dfn div dl dt em embed fieldset figcaption "
    "figure font footer form h1 h2 h3 h4 h5 h6 header hr i iframe img ins kbd label legend li "
    "main mark nav object ol p param pre q rp rt ruby s samp section small source span strike "
    "strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video".split()
)
_DATA: Final = frozenset(
    "data-bluesky-uri data-embed-url data-gistid data-href data-id data-instgrm-permalink "
    "data-media-id data-playlistid data-shortcode data-slug-hash data-src data-text-post-permalink "
    "data-trackid data-tweetid data-url data-user data-video-id data-videoid".split()
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"aria-hidden", "class", "data-marker", "dir", "lang", "title", *_DATA},
    "a": {"data-pin-do", "href"},
    "audio": {"src"},
    "blockquote": {"cite"},
    "embed": {"src"},
    "iframe": {"src"},
    "img": {
        "alt", "src", "data-full-url", "data-orig-file", "data-large-file", "data-lazy-src",
        "height", "width",
    },
    "object": {"data"},
    "ol": {"reversed", "start"},
    "param": {"name", "value"},
    "source": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"src"},
    **{f"amp-{name}": {"alt", "src"} for name in ("audio", "anim", "iframe", "img", "video")},
    "amp-gist": {"data-gistid"},
}  # fmt: skip
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS),
    attributes=_ATTRIBUTES,
    clean_content_tags={"script", "style", "noscript", "svg", "template", "select", "datalist"},
    link_rel=None,
    strip_comments=True,
    url_schemes={"http", "https", "mailto", "tel"},
)
# lxml locks it while it reads, and forgets the errors of one text with the next.
_PARSER: Final = lxml_html.HTMLParser()
# Elements that AMP or an older HTML has its own names for.
_RENAMED: Final = {
    "acronym": "abbr",
    "amp-anim": "img",
    "amp-audio": "audio",
    "amp-iframe": "iframe",
    "amp-img": "img",
    "amp-video": "video",
}
INLINE: Final = frozenset(
    "a abbr b bdi bdo big br cite code del dfn em font i ins kbd mark q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var".split()
)
_FLOWING: Final = INLINE | {"img"}
# These say something that no mark can say; a paragraph with one is kept as HTML.
_MEANINGFUL: Final = ("abbr", "bdi", "bdo", "ruby")
# lxml stops at 256 levels, Python at 1,000 calls in each other; real pages have 40 levels.
MAX_DEPTH: Final = 120
# Browsers open these again in every paragraph after one that was left open.
MAX_MARKS: Final = 8
_REOPENED: Final = frozenset(
    "a b big code em font i nobr s small strike strong tt u".split()
)  # fmt: skip
# Their end may be left out, so that only what is around them says how deep they are.
_SELF_ENDING: Final = frozenset("dd dt li option p tbody td tfoot th thead tr".split())
_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
# Below this many tags even the deepest text is parsed in milliseconds.
_MANY_TAGS: Final = 2_000
_WILD_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^>]*(?:>|$)")
_CLEAN_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9-]*)(?: [^\s=\"<>]+=\"[^\"]*\")*>")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def tame_text(text: str) -> str:
    """The text without control characters; surrogates in pairs made one, lone ones replaced."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", text)


def parse(html: str) -> HtmlElement:
    """The fragment as the children of one `<div>`. It must be tame (`tame_text`)."""
    if html.count("<") > _MANY_TAGS:
        html = _flattened(html, _WILD_TAG, _VOID | _SELF_ENDING)
    clean = _CLEANER.clean(html)
    if "&#" in html:
        clean = _CONTROL.sub("", clean)
    if clean.count("<") > MAX_DEPTH:
        clean = _flattened(clean, _CLEAN_TAG, _VOID)
    root = etree.fromstring(f"<div>{clean}</div>", _PARSER)
    body = root[0]
    tree = body[0] if len(body) == 1 and not body.text else body
    assert isinstance(tree, HtmlElement)
    tree.tag = "div"
    for element in tree.iter(*_RENAMED):
        element.tag = _RENAMED[element.tag]
    return tree


def _flattened(html: str, tag: re.Pattern[str], uncounted: frozenset[str]) -> str:
    """The same words and tags, but for those that would open too many elements in each other."""
    open_now: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    depth = marks = position = 0
    pieces: list[str] = []
    for match in tag.finditer(html):
        name = match[2].lower()
        if name in uncounted:
            continue
        is_mark = name in _REOPENED
        if not match[1]:
            if depth < MAX_DEPTH and not (is_mark and marks >= MAX_MARKS):
                open_now[name] += 1
                depth += 1
                marks += is_mark
                continue
            dropped[name] += 1
        elif not dropped[name]:
            if open_now[name]:
                open_now[name] -= 1
                depth -= 1
                marks -= is_mark
            continue
        else:
            dropped[name] -= 1
        pieces.append(html[position : match.start()])
        position = match.end()
    return "".join(pieces) + html[position:] if pieces else html


def outer_html(element: HtmlElement) -> str:
    """The element as HTML, without the text that follows it."""
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def inner_html(element: HtmlElement) -> str:
    """What is inside an element, as HTML."""
    return escape(element.text or "", quote=False) + "".join(
        str(etree.tostring(child, encoding="unicode", method="html")) for child in element
    )


def words(element: HtmlElement) -> str:
    """The text of an element on one line; where a line would end there is a space."""
    if not len(element):
        return " ".join((element.text or "").split())
    pieces: list[str] = []
    _collect(element, pieces, " ")
    return " ".join("".join(pieces).split())


def lines_of(element: HtmlElement) -> str:
    """The text of an element as it stands, with a line feed for each line break."""
    if next(element.iter("br", "div", "p"), None) is None:
        return "".join(element.itertext())
    pieces: list[str] = []
    _collect(element, pieces, "\n")
    return "".join(pieces)


def _collect(element: HtmlElement, pieces: list[str], line_end: str) -> None:
    ends_line = element.tag == "br" or element.tag not in _FLOWING
    if element.text:
        pieces.append(element.text)
    for child in element:
        if isinstance(child.tag, str):
            if child.tag not in _FLOWING and pieces:
                pieces.append(line_end)
            _collect(child, pieces, line_end)
        if child.tail:
            pieces.append(child.tail)
    if ends_line:
        pieces.append(line_end)


def break_lines(element: HtmlElement) -> None:
    """Turn line feeds in the text of an element into line breaks, as `wpautop` does."""
    first, *others = (element.text or "").strip().split("\n")
    element.text = first
    for place, line in enumerate(others):
        line_break = lxml_html.Element("br")
        line_break.tail = line
        element.insert(place, line_break)


def is_inline(element: HtmlElement) -> bool:
    """Whether this element flows in a line, and so does all that is inside."""
    return all(node.tag in INLINE for node in element.iter(etree.Element))


def is_inline_or_picture(element: HtmlElement) -> bool:
    """Whether this flows in a line: words, marks, links, pictures."""
    if element.tag not in _FLOWING:
        return False
    return not len(element) or all(node.tag in _FLOWING for node in element.iter(etree.Element))


def has_blocks(element: HtmlElement) -> bool:
    """Whether an element holds anything that does not flow in a line."""
    return any(node.tag not in _FLOWING for node in element.iterdescendants(etree.Element))


def is_meaningful(element: HtmlElement) -> bool:
    """Whether something inside can't be said with rich text's marks."""
    return any(node.tag != "abbr" or node.get("title") for node in element.iter(*_MEANINGFUL))


def take_attribution(quote: HtmlElement) -> str:
    """The words of the `<cite>` or `<footer>` that ends a quotation, which is taken out of it."""
    for source in (*quote.iterchildren("cite", "footer"), *quote.iterdescendants("cite")):
        parent = source.getparent()
        following = (source.tail or "").strip() or any(words(e) for e in source.itersiblings())
        if source.tag == "footer" or not following:
            text = words(source)
            source.drop_tree()
            if parent is not None and parent is not quote and not words(parent):
                parent.drop_tree()
            return text.lstrip("—–- ")
    return ""
