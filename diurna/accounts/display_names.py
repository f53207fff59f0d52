"""Names that people type beside a comment without an account.

Stricter than `reserved_names.clean_name`, which this ends with: nobody has confirmed anything yet,
and the name stands beside text that everybody reads.
"""

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.accounts.reserved_names import clean_name
from diurna.common.characters import tidy
from diurna.common.errors import Invalid

# The longest names people bear have some forty letters; beyond this it is a text.
LONGEST_DISPLAY_NAME: Final = 50
# What is far longer is not looked at: nobody's name needs so many marks and joiners.
_LONGEST_TYPED: Final = 1_000

# Letters drawn as signs of mathematics, in circles, squares or full width: read out letter by
# letter, if at all, and used to slip past comparisons.
_DRAWN: Final = re.compile(
    "[\uff01-\uff5e\u249c-\u24e9\U0001d400-\U0001d7ff\U0001f110-\U0001f189\u210a-\u2115\u2119-\u211d\u2124-\u2138]"
)
_DRAWN_AS_BLOCK: Final = re.compile("[\U0001f150-\U0001f189]")
_MAIL: Final = re.compile(r"\S@\S+\.\S")
_WEB: Final = re.compile(r"://|\bwww\.", re.IGNORECASE)
# A host by its end; "J.Smith" and "St.John" are names. Endings that fill comments with
# advertisements, and those of nearly all other sites.
_ENDINGS: Final = (
    "com|net|org|info|biz|edu|gov|int|mil|io|ai|app|dev|co|me|tv|cc|xyz|top|site|online|shop|store"
    "|club|live|pro|vip|win|bet|casino|link|click|news|blog|tech|space|website|world|icu|ru|su|ua"
    "|cn|de|fr|uk|us|eu|nl|it|es|pl|br|in|jp|tk|ml|ga|cf|gq|ly|gl|be"
)
_HOST: Final = re.compile(rf"\w[\w-]*\s?\.(?:{_ENDINGS})(?![\w.])", re.IGNORECASE)


def clean_display_name(text: str, *, of: User | None = None) -> str:
    """The name in one spelling: composed, single spaces, nothing invisible, no drawn letters.

    1 to 50 characters. Raises Invalid, with what to do, for a name that is empty, too long, an
    address, or one of the newsroom's; `of` is whose name it is to be, where that is known.
    """
    if len(text) > _LONGEST_TYPED:
        raise _too_long()
    name = tidy(_DRAWN.sub(_undrawn, text))
    if _is_address(name):
        raise Invalid(_("An address cannot be a name; please write what people call you."))
    name = clean_name(name, of=of)
    if len(name) > LONGEST_DISPLAY_NAME:
        raise _too_long()
    return name


def _too_long() -> Invalid:
    return Invalid(
        _("This name is too long; please write at most %(limit)d characters.")
        % {"limit": LONGEST_DISPLAY_NAME}
    )


def _undrawn(match: re.Match[str]) -> str:
    sign = match[0]
    if _DRAWN_AS_BLOCK.match(sign):
        # White on black they have no decomposition; their Unicode names end with the letter.
        return unicodedata.name(sign, sign).rsplit(" ", 1)[-1]
    return unicodedata.normalize("NFKC", sign)


def _is_address(name: str) -> bool:
    # Dots and at signs of other widths and scripts count as what they look like.
    plain = unicodedata.normalize("NFKC", name).replace("。", ".").replace("․", ".")
    return bool(_MAIL.search(plain) or _WEB.search(plain) or _HOST.search(plain))
