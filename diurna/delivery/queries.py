"""Which queries of an address are pages of their own, and which say nothing to us.

A page is kept for each address and query, so only keys that some public view reads may be in it:
else anybody could fill the room with one page under a million names.
"""

from typing import Final

# Read by public views: lists, threads, the log, comparisons.
KEPT_KEYS: Final = frozenset(
    {
        "action",
        "after",
        "automated",
        "before",
        "cursor",
        "fragment",
        "from",
        "order",
        "page",
        "rule",
        "to",
    }
)
# Put behind addresses by those who send letters and count clicks; no view of ours reads them.
IGNORED_KEYS: Final = frozenset(
    {
        "dclid",
        "fbclid",
        "gclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "msclkid",
        "ref_src",
        "twclid",
        "utm_campaign",
        "utm_content",
        "utm_id",
        "utm_medium",
        "utm_source",
        "utm_term",
        "yclid",
    }
)
# A cursor is the longest that our own pages write.
LONGEST_QUERY: Final = 512


def kept_query(query: str) -> str | None:
    """The query without what is ignored; None where it has a key that no page is kept for.

    What stands there is not decoded: a key that is written with escapes is no known one.
    """
    if not query:
        return ""
    if len(query) > LONGEST_QUERY:
        return None
    kept = []
    for part in query.split("&"):
        key = part.partition("=")[0]
        if key in IGNORED_KEYS:
            continue
        if key not in KEPT_KEYS:
            return None
        kept.append(part)
    return "&".join(kept)
