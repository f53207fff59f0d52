"""Which plug-ins the old site had, by what they left in the export."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from diurna.importers.wordpress.records import Item

# The beginnings of meta keys, by the plug-in that writes them.
_META: Final = {
    "_yoast_wpseo_": "yoast",
    "rank_math_": "rank_math",
    "_aioseo": "aioseo",
    "_seopress_": "seopress",
    "_snax_fake_vote_count": "snax_fake",
    "_snax_": "snax",
    "_bimber_": "bimber",
    "_cace_": "commentace",
    "cace_": "commentace",
    "commentace": "commentace",
    "_elementor_": "elementor",
    "_wpml_": "wpml",
    "_icl_": "wpml",
    "_redirect_rule_": "redirects",
    "_newspack_": "newspack",
    "newspack_": "newspack",
    "_wpdiscuz_": "wpdiscuz",
    "wpdiscuz_": "wpdiscuz",
    "_subscribe_reloaded": "subscribers",
    "_stcr@": "subscribers",
    "_disqus": "disqus",
    "dsq_": "disqus",
    "_post_views": "views",
    "post_views_count": "views",
    "views": "views",
    "_jetpack_": "jetpack",
    "jetpack_": "jetpack",
    "_wc_": "shop",
    "_price": "shop",
    "_mepr_": "membership",
    "_pmpro": "membership",
    "_wp_mycred": "points",
    "mycred_": "points",
    "_thumbs_rating": "likes",
    "_liked": "likes",
    "ratings_": "postratings",
}
_KINDS: Final = {
    "redirect_rule": "redirects",
    "wpcf7_contact_form": "forms",
    "wpforms": "forms",
    "nf_sub": "forms",
    "ngg_gallery": "nextgen",
    "ngg_pictures": "nextgen",
    "tablepress_table": "tablepress",
    "poll": "polls",
    "snax_poll": "snax_polls",
    "snax_quiz": "snax_polls",
    "snax_item": "snax",
    "newsletter": "newsletter",
    "mailpoet_page": "newsletter",
    "newspack_nl_cpt": "newsletter",
    "shop_order": "shop",
    "product": "shop",
    "elementor_library": "elementor",
    "adace-ad": "bimber",
    "guest-author": "coauthors",
}
_TAXONOMIES: Final = {
    "snax_format": "snax",
    "language": "polylang",
    "post_translations": "polylang",
    "author": "coauthors",
    "reaction": "reactions",
}
_SHORTCODES: Final = {
    "ngg": "nextgen",
    "nggallery": "nextgen",
    "singlepic": "nextgen",
    "imagebrowser": "nextgen",
    "poll": "polls",
    "yop_poll": "polls",
    "totalpoll": "polls",
    "crowdsignal": "polls",
    "contact-form-7": "forms",
    "gravityform": "forms",
    "wpforms": "forms",
    "ninja_form": "forms",
    "table": "tablepress",
    "mailpoet_form": "newsletter",
    "newsletter_form": "newsletter",
    "mc4wp_form": "newsletter",
    "snax_content": "snax",
    "rev_slider": "sliders",
    "smartslider3": "sliders",
}
_SHORTCODE: Final = re.compile(
    r"\[(" + "|".join(sorted(map(re.escape, _SHORTCODES), key=len, reverse=True)) + r")[\s\]/]"
)


@dataclass(slots=True)
class Traces:
    """How many items hold a trace of each plug-in."""

    counts: Counter[str] = field(default_factory=Counter)

    def note(self, item: Item) -> None:
        """Count the plug-ins that left something in an item."""
        found = {_by_meta(key) for key, _value in item.meta}
        found |= {_TAXONOMIES.get(term.taxonomy, "") for term in item.terms}
        found.add(_KINDS.get(item.kind, ""))
        if "[" in item.content:
            found |= {_SHORTCODES[name] for name in _SHORTCODE.findall(item.content)}
        for comment in item.comments:
            found |= {_by_meta(key) for key, _value in comment.meta}
        found.discard("")
        self.counts.update(found)


@lru_cache(maxsize=4096)
def _by_meta(key: str) -> str:
    longest = max((start for start in _META if key.startswith(start)), key=len, default="")
    return _META.get(longest, "")
