"""Languages and the direction in which they are written."""

from typing import Final

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info

# ISO 639 tags of languages written in Arabic, Hebrew, Thaana, N'Ko or Syriac script by default.
_RIGHT_TO_LEFT: Final = frozenset("ar arc ckb dv fa he ks nqo pnb ps sd syr ug ur yi".split())


def is_right_to_left(language: str) -> bool:
    """Whether a language tag such as `ar` or `fa-AF` names a language written right to left."""
    tag = language.lower().replace("_", "-")
    if "-latn" in tag:
        return False
    return tag.split("-")[0] in _RIGHT_TO_LEFT


def language_name(code: str) -> str:
    """The name of a language in that of the page; the code itself for one that is not known."""
    base = code.lower().partition("-")[0]
    known = next((name for name in (code.lower(), base) if name in LANG_INFO), "")
    return str(get_language_info(known)["name_translated"]) if known else code
