"""Languages and the direction in which they are written."""

from typing import Final

# ISO 639 tags of languages written in Arabic, Hebrew, Thaana, N'Ko or Syriac script by default.
_RIGHT_TO_LEFT: Final = frozenset("ar arc ckb dv fa he ks nqo pnb ps sd syr ug ur yi".split())


def is_right_to_left(language: str) -> bool:
    """Whether a language tag such as `ar` or `fa-AF` names a language written right to left."""
    tag = language.lower().replace("_", "-")
    if "-latn" in tag:
        return False
    return tag.split("-")[0] in _RIGHT_TO_LEFT
