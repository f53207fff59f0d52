"""Titles and descriptions for search engines, and the primary category, of the usual plug-ins.

Meta keys from the plug-ins' sources: Yoast SEO (`_yoast_wpseo_title`, `_yoast_wpseo_metadesc`,
`_yoast_wpseo_canonical`, `_yoast_wpseo_primary_category`), Rank Math (`rank_math_title`,
`rank_math_description`, `rank_math_canonical_url`, `rank_math_primary_category`), All in One SEO
(`_aioseo_title`, `_aioseo_description`; before version 4 `_aioseop_`), SEOPress
(`_seopress_titles_title`, `_seopress_titles_desc`, `_seopress_robots_canonical`,
`_seopress_robots_primary_cat`). Their texts may hold variables: `%%title%%` (Yoast, SEOPress),
`%title%` (Rank Math), `#post_title` (All in One SEO).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.titles import shorten

MAX_TITLE: Final = 255
MAX_DESCRIPTION: Final = 1_000
MAX_ADDRESS: Final = 1_000
_TITLES: Final = (
    "_yoast_wpseo_title",
    "rank_math_title",
    "_aioseo_title",
    "_aioseop_title",
    "_seopress_titles_title",
)
_DESCRIPTIONS: Final = (
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_aioseo_description",
    "_aioseop_description",
    "_seopress_titles_desc",
)
_CANONICALS: Final = (
    "_yoast_wpseo_canonical",
    "rank_math_canonical_url",
    "_aioseop_custom_link",
    "_seopress_robots_canonical",
)
_PRIMARIES: Final = (
    "_yoast_wpseo_primary_category",
    "rank_math_primary_category",
    "_seopress_robots_primary_cat",
)
# No narrower than what a page takes as an address: one that it refuses would cost the article.
_ADDRESS: Final = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,10}[a-z]{2,63}(?::[0-9]{2,5})?"
    r"(?:[/?#][^\s<>\"\\^`{|}]*)?",
    re.IGNORECASE,
)
_VARIABLE: Final = re.compile(r"%%(\w+)%%|%(\w+(?:\([^)%]*\))?)%|#(\w+)\b(?=\s|$|[^\w])")
_SEPARATOR: Final = "–"
# What a variable means, by any of its names.
_MEANS: Final = {
    "title": "title",
    "post_title": "title",
    "sitename": "site",
    "site_title": "site",
    "sitetitle": "site",
    "blog_title": "site",
    "sep": "separator",
    "separator_sa": "separator",
    "separator": "separator",
    "excerpt": "excerpt",
    "excerpt_only": "excerpt",
    "post_excerpt": "excerpt",
    "post_excerpt_only": "excerpt",
    "primary_category": "category",
    "category": "category",
    "post_category": "category",
    "_category_title": "category",
    # Which page of a long list this is: nothing, on the first.
    "page": "nothing",
    "pagenumber": "nothing",
    "page_number": "nothing",
    "current_pagination": "nothing",
}
# `#1` is no variable; those of All in One SEO are known by name.
_HASH: Final = frozenset(name for name in _MEANS if "_" in name)


@dataclass(frozen=True, slots=True)
class SearchWords:
    """What search engines were to show; empty where the plug-in said nothing of its own."""

    title: str = ""
    description: str = ""
    canonical: str = ""
    notes: tuple[str, ...] = ()


def search_words(meta: Mapping[str, str], facts: Mapping[str, str]) -> SearchWords:
    """Title, description and canonical address of a post, its variables resolved.

    `facts` are "title", "site", "excerpt" and "category" of the post as plain text. A text with
    another variable is left out, with a note.
    """
    notes: list[str] = []
    title = _resolved(_first(meta, _TITLES), facts, notes)
    if facts["site"]:
        # Every page of Diurna ends its title with the newsroom's name.
        title = re.sub(rf"\s*[-–—|·•»:]?\s*{re.escape(facts['site'])}$", "", title)
    title = "" if title == facts["title"] else title
    description = _resolved(_first(meta, _DESCRIPTIONS), facts, notes)
    description = "" if description == facts["excerpt"] else description
    canonical = _first(meta, _CANONICALS)
    if canonical and not (len(canonical) <= MAX_ADDRESS and _ADDRESS.fullmatch(canonical)):
        notes.append("Its canonical address was no address, and is left out.")
        canonical = ""
    return SearchWords(
        shorten(title, MAX_TITLE), shorten(description, MAX_DESCRIPTION), canonical, tuple(notes)
    )


def primary_category(meta: Mapping[str, str]) -> str:
    """The term id of the category that an editor chose as the main one; empty for none."""
    number = _first(meta, _PRIMARIES)
    return number if number.isdecimal() and number != "0" else ""


def _first(meta: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((meta[key].strip() for key in keys if meta.get(key, "").strip()), "")


def _resolved(text: str, facts: Mapping[str, str], notes: list[str]) -> str:
    if not text:
        return ""
    unknown: list[str] = []

    def value(match: re.Match[str]) -> str:
        name = (match[1] or match[2] or match[3]).lower()
        if match[3] and name not in _HASH:
            return match[0]
        means = _MEANS.get(name, "")
        if match[2] and not means and match[2].isdecimal():
            return match[0]
        if not means:
            unknown.append(match[0])
        if means == "separator":
            return _SEPARATOR
        return facts.get(means, "")

    words = _VARIABLE.sub(value, plain_text(text))
    if unknown:
        notes.append(
            f"Its words for search engines are left out, since they hold {unknown[0]}, "
            "which only the old plug-in can fill."
        )
        return ""
    words = " ".join(words.split())
    doubled = re.sub(rf"(?:{_SEPARATOR}\s*){{2,}}", f"{_SEPARATOR} ", words)
    return doubled.strip(f" {_SEPARATOR}-|")
