"""The language of an item, and its translations, as plug-ins for several languages say them.

Polylang: a term of the taxonomy `language` on the item; its description is a serialized array with
`locale` and `rtl`. A term of `post_translations` groups an item with its translations; its
description is a serialized array of language slug => post id. (Polylang, `PLL_Language` and
`PLL_Translated_Post`.) WPML keeps languages in tables of its own; only its “Export and Import”
writes `_wpml_import_language_code`, `_wpml_import_source_language_code` and
`_wpml_import_translation_group`. Bogo writes `_locale`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from diurna.importers.wordpress.records import Item, Term
from diurna.importers.wordpress.serialized import read_php_table
from diurna.newsroom.language import is_right_to_left

_LANGUAGE: Final = "language"
_GROUP: Final = "post_translations"
_WPML_CODE: Final = "_wpml_import_language_code"
_WPML_GROUP: Final = "_wpml_import_translation_group"
_BOGO: Final = "_locale"
MAX_TAG: Final = 12
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
# Languages whose regions differ in script or so much in words that the region is kept.
_WITH_REGION: Final = frozenset({"pt", "zh", "sr"})


@dataclass(frozen=True, slots=True)
class ItemLanguage:
    """A tag such as "pt-br", a direction ("ltr", "rtl"), and the translations by language."""

    tag: str = ""
    direction: str = ""
    group: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)


def item_language(item: Item, terms: Mapping[tuple[str, str], Term]) -> ItemLanguage:
    """What plug-ins say of an item's language; empty when they say nothing."""
    slugs = {link.taxonomy: link.slug for link in reversed(item.terms)}
    meta = item.meta_by_key
    tag, direction = "", ""
    if slug := slugs.get(_LANGUAGE, ""):
        term = terms.get((_LANGUAGE, slug))
        facts = read_php_table(term.description) if term is not None else {}
        tag = language_tag(str(facts.get("locale", ""))) or language_tag(slug)
        direction = "rtl" if str(facts.get("rtl", "")) in ("1", "True") else ""
    tag = tag or language_tag(meta.get(_WPML_CODE, "")) or language_tag(meta.get(_BOGO, ""))
    if tag and not direction:
        direction = "rtl" if is_right_to_left(tag) else "ltr"
    group, others = _translations(item, slugs.get(_GROUP, ""), terms)
    return ItemLanguage(tag, direction, group, others)


def language_tag(locale: str) -> str:
    """A locale such as `en_GB` as the tag of its language, "en"; empty when it is none."""
    tag = locale.strip().lower().replace("_", "-")
    # WordPress marks variants of politeness: de_DE_formal.
    tag = re.sub(r"-(?:formal|informal|valencia|ao90)$", "", tag)
    if not _TAG.fullmatch(tag):
        return ""
    primary = tag.split("-")[0]
    return tag[:MAX_TAG].rstrip("-") if primary in _WITH_REGION else primary


def _translations(
    item: Item, slug: str, terms: Mapping[tuple[str, str], Term]
) -> tuple[str, dict[str, str]]:
    term = terms.get((_GROUP, slug)) if slug else None
    if term is not None:
        others = {
            language: str(number)
            for language, number in read_php_table(term.description).items()
            if isinstance(number, int | str) and str(number).isdecimal()
        }
        return slug, {one: number for one, number in others.items() if number != item.source_id}
    return slug or item.meta_by_key.get(_WPML_GROUP, "").strip(), {}


def translation_note(language: ItemLanguage) -> str:
    """The sentence for the report; empty when the item has no translations."""
    if not language.group:
        return ""
    if not language.translations:
        return (
            f"It belongs to the group of translations “{language.group}”; that is kept with "
            "its import record."
        )
    listed = ", ".join(f"{one} (post {number})" for one, number in language.translations.items())
    return f"The old site linked it with translations: {listed}. That is kept with its record."
