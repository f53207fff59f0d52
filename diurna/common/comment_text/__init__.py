"""The text of comments: what readers write in Markdown, and what imports bring in HTML, as HTML.

`render` and `from_imported_html` are for any input of any length: what comes out holds only the
elements of the allow-list below, loads nothing, and takes time in proportion to what went in, up
to where it is cut. No Django. The list for articles is another one (`diurna.common.sanitise`):
editors wrote those.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import nh3

from diurna.common.characters import tidy
from diurna.common.comment_text.imported import read_html
from diurna.common.comment_text.markdown import read_markdown, read_plain
from diurna.common.comment_text.writer import LINK_REL, Writer

# Characters a reader may write; whoever takes the comment checks it before it is rendered.
LONGEST_COMMENT: Final = 5_000
# What is longer is cut here. No comment is: WordPress stores at most so many bytes. nh3 takes the
# square of the time for a text of "&" alone (0.05 s for this many, 7 s for fifteen times as many).
LONGEST_SHOWN: Final = 65_536
# HTML for each character at most; with deep quotes and short addresses it could be thirty. What
# would grow further is shown without marks. So `html` of what a reader may write has at most
# 60,000 characters.
MOST_GROWTH: Final = 12

_BLOCKS: Final = {"blockquote", "li", "ol", "p", "pre", "ul"}
_TAGS: Final = _BLOCKS | {"a", "br", "code", "em", "s", "span", "strong"}
_SANITISER: Final = nh3.Cleaner(
    tags=_TAGS,
    # Without "*" nh3 would let `lang` and `title` through everywhere.
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    tag_attribute_values={
        **{tag: {"dir": {"auto"}} for tag in _BLOCKS},
        "a": {"rel": {LINK_REL}},
        "span": {"dir": {"ltr"}},
    },
    allowed_classes={"span": {"link-host"}},
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel=None,
    strip_comments=True,
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A comment's text: `html` for pages, `plain` for letters, search and rules, and its links.

    `html` is empty when there is nothing to see. `plain` has paragraphs apart by an empty line,
    list items by "- ", and of links their words, with the host where the page shows it. `links` are
    the addresses on other hosts, in the order of the text, each once.
    """

    html: str
    plain: str
    links: tuple[str, ...]


def render(markdown: str, *, own_hosts: frozenset[str]) -> Rendered:
    """The Markdown of a reader as HTML.

    `own_hosts` are this site's hosts as in addresses ("example.org", "localhost:8000"); links to
    them show no host and are not in `links`.
    """
    return _rendered(markdown, read_markdown, own_hosts)


def from_imported_html(html: str, *, own_hosts: frozenset[str]) -> Rendered:
    """The same for the text of a comment as WordPress keeps it: some HTML, line ends as breaks."""
    return _rendered(html, read_html, own_hosts)


def _rendered(
    source: str, read: Callable[[str, Writer, frozenset[str]], None], own_hosts: frozenset[str]
) -> Rendered:
    source = tidy(_cut(source))
    writer = Writer(own_hosts=own_hosts)
    read(source, writer, own_hosts)
    written = writer.html()
    if len(written) > MOST_GROWTH * max(len(source), LONGEST_COMMENT):
        writer = Writer(own_hosts=own_hosts)
        read_plain(source, writer, find_addresses=False)
        written = writer.html()
    plain = writer.plain()
    # The writer writes nothing else; nh3 holds that, whatever mistake is made there one day.
    return Rendered(_SANITISER.clean(written) if plain else "", plain, writer.links())


def _cut(source: str) -> str:
    return source if len(source) <= LONGEST_SHOWN else f"{source[:LONGEST_SHOWN]}…"
