"""Names that no reader may take: those of the newsroom's people, and of its offices.

Two names are the same here when they look the same: case, accents, spaces, punctuation and
invisible characters do not count, and letters of other scripts count as the Latin ones they look
like (in the manner of the skeletons of Unicode Technical Standard 39, section 4, with a table of
our own: `lookalikes`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from diurna.accounts.letters import newsroom_name
from diurna.accounts.models import DISPLAY_NAME_MAX_LENGTH, User
from diurna.common.errors import Invalid
from diurna.common.lookalikes import CAPITALS, SEQUENCES, SMALL

# Who speaks for the newsroom or its machines, in English and the languages around it.
OFFICES: Final = frozenset(
    """
    admin admins administrator administrators administration administrador administrateur
    webadmin webmaster webeditor sysadmin sysop root superuser system daemon operator
    editor editors coeditor subeditor editorial editorialteam editoria redaktion redakteur
    redaktor redacteur redaction redaccion redazione redakcja
    moderator moderators moderation moderateur moderador mod mods
    newsroom newsdesk publisher publishers journalist reporter
    official staff team support help helpdesk service security abuse contact press
    postmaster hostmaster info noreply mailerdaemon bot
    diurna anonymous deleted guest member nobody null undefined
    """.split()
)
# "The admin", "Editor in chief", "Official site admin": an office with these around it is one too.
_AROUND: Final = frozenset(
    "the a an of in for and chief deputy senior head site web our your this official real"
    " team desk staff news room account".split()
)
# Categories of characters that show nothing.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Letters and a symbol by their category, and empty all the same: fillers of Hangul, a Braille
# pattern.
_EMPTY: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")

# Joiners belong into words of Persian and Indian scripts; the skeleton drops them.
_JOINERS: Final = "\u200c\u200d"

# Not every sign: "@dmin" is one word.
_BETWEEN_WORDS: Final = re.compile(r"""[\s_.,;:/\\()\[\]{}<>"'‘’“”«»*#~+&–—-]+""")

# Those of everybody in the newsroom are wanted for each comment of a guest.
_MOST_SHAPES: Final = 8192

_sources: list[Callable[[], Iterable[str]]] = []


def reserve(source: Callable[[], Iterable[str]]) -> None:
    """Reserve what `source` returns whenever a name is checked; for rooms above, in `ready()`."""
    if source not in _sources:
        _sources.append(source)


def clean_name(name: str, *, of: User | None = None) -> str:
    """A reader's display name in one spelling: composed (NFC), single spaces, nothing invisible.

    `of` is whose name it is to be; people of the newsroom may bear what is reserved, since it is
    theirs. Raises Invalid, with what to do, for a name that is empty, too long or reserved.
    """
    visible = "".join(" " if char.isspace() else char for char in name if _is_visible(char))
    cleaned = unicodedata.normalize("NFC", " ".join(visible.split()))
    if not skeleton(cleaned):
        raise Invalid(_("A name needs a letter or a digit; please write one."))
    if len(cleaned) > DISPLAY_NAME_MAX_LENGTH:
        raise Invalid(
            _("This name is too long; please write at most %(limit)d characters.")
            % {"limit": DISPLAY_NAME_MAX_LENGTH}
        )
    if not (of is not None and of.is_staff) and is_reserved(cleaned, besides=of):
        raise Invalid(
            _(
                "This name is kept for the people and offices of this newsroom, or looks like one"
                " that is. Please choose another."
            )
        )
    return cleaned


def is_reserved(name: str, *, besides: User | None = None) -> bool:
    """Whether the name looks like one of the newsroom; `besides` leaves out this account's own."""
    return _is_office(name) or bool(_shapes(name) & _people(besides))


@lru_cache(maxsize=_MOST_SHAPES)
def skeleton(name: str) -> str:
    """What the name looks like: small letters and digits, nothing else.

    Names that look the same have the same skeleton; it is for comparing, not for showing.
    """
    decomposed = unicodedata.normalize("NFKD", name)
    capitals = "".join(CAPITALS.get(char, char) for char in decomposed)
    # Again NFKD: folding brings out marks, such as the dot of the Turkish capital I.
    folded = unicodedata.normalize("NFKD", capitals.casefold())
    shapes = "".join(SMALL.get(char, char) for char in folded)
    plain = "".join(char for char in shapes if _is_letter(char))
    for sequence, shape in SEQUENCES:
        plain = plain.replace(sequence, shape)
    # Once more: the table itself may lead to a letter that has another shape, as "і" to "i".
    return "".join(SMALL.get(char, char) for char in plain)


def _is_letter(char: str) -> bool:
    """Whether the character makes a word another word: not so accents, joiners and fillers."""
    if char in _EMPTY:
        return False
    if unicodedata.category(char).startswith("M"):
        # The vowel signs of Indian scripts and the like do; marks that go with any letter do not.
        name = unicodedata.name(char, "COMBINING")
        return not any(word in name for word in ("COMBINING", "VARIATION SELECTOR"))
    return char.isalnum()


def _is_visible(char: str) -> bool:
    if char in _JOINERS:
        return True
    return char.isspace() or (unicodedata.category(char) not in _INVISIBLE and char not in _EMPTY)


def _shapes(word: str) -> set[str]:
    """The word's skeleton, and that of the word without the digits around it ("Editor2")."""
    return {skeleton(word), skeleton(word.strip("0123456789 "))} - {""}


def _is_office(name: str) -> bool:
    if _shapes(name) & _OFFICE_SHAPES:
        return True
    seen = "".join(char for char in unicodedata.normalize("NFKC", name) if _is_visible(char))
    words = [_shapes(word) for word in _BETWEEN_WORDS.split(seen) if skeleton(word)]
    return any(word & _OFFICE_SHAPES for word in words) and all(
        word & (_OFFICE_SHAPES | _AROUND_SHAPES) for word in words
    )


def _people(besides: User | None) -> set[str]:
    """The skeletons of everybody's name in the newsroom, and of the newsroom's own."""
    staff = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True)).exclude(display_name="")
    if besides is not None:
        staff = staff.exclude(pk=besides.pk)
    names = [newsroom_name(), *staff.values_list("display_name", flat=True)]
    for source in _sources:
        names.extend(source())
    return {skeleton(name) for name in names} - {""}


_OFFICE_SHAPES: Final = frozenset(skeleton(word) for word in OFFICES)
_AROUND_SHAPES: Final = frozenset(skeleton(word) for word in _AROUND)
