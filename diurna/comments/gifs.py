"""GIFs in comments: the newsroom's library, what the form offers, and what a comment shows.

A GIF of the library is two files of this site; one of GIPHY is its id and words, and nothing of it
is asked for before a reader presses play.
"""

import secrets
from dataclasses import dataclass
from functools import partial
from typing import IO, Final

from django.db import transaction
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments import giphy
from diurna.comments.draft import ChosenGif
from diurna.comments.gif_files import MovingPicture, moving_picture_from
from diurna.comments.models import Comment, Gif, GifSource
from diurna.common.characters import tidy
from diurna.common.errors import Invalid
from diurna.delivery.surrogate import touch

# More than a reader looks through; the desk keeps the library small, or takes some out of it.
MOST_OFFERED: Final = 200
# What the library's pages and the forms with it are kept under.
LIBRARY_KEY: Final = "gifs"
# The name says nothing, and a new file has a new one, so that files can be kept for ever.
_NAME_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class GifField:
    """What `components/gif_field.html` needs to offer GIFs in a form.

    `offered` is the library, empty where the page leaves it to be fetched. The form sends
    `gif_source`, `gif_id` and `gif_alt`, as `draft.ChosenGif` has them; `source`, `chosen` and
    `alt` are what it sent before.
    """

    has_library: bool
    offered: tuple[Gif, ...]
    giphy: giphy.GiphySearch | None
    source: str = GifSource.LIBRARY
    chosen: str = ""
    alt: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether the form itself lists the library, and so works without scripts."""
        return bool(self.offered)


@dataclass(frozen=True, slots=True)
class ShownGif:
    """What `components/gif.html` needs to show the GIF of a comment.

    `still` and `moving` are addresses; `still` is empty for GIPHY. `page` is where the GIF is at
    home, for its credit, and for browsers without scripts.
    """

    source: str
    alt: str
    credit: str
    still: str
    moving: str
    page: str
    width: int
    height: int


def add_gif(
    *, by: User, title: str, alt: str, file: IO[bytes], credit: str = "", is_offered: bool = True
) -> Gif:
    """Put a moving picture into the library. Raises Invalid for words or a file of no use."""
    gif = Gif(title=_demanded(title, _("Please give the GIF a title.")), credit=credit.strip())
    gif.alt = _demanded(alt, _("Please say what the GIF shows, for readers who do not see it."))
    gif.is_offered = is_offered
    store_files(gif, moving_picture_from(file))
    return save_gif(gif, by=by)


def save_gif(gif: Gif, *, by: User) -> Gif:
    """Store the library's row as it is now; `by` is for the desk's own history."""
    with transaction.atomic():
        gif.save()
        touch_library()
    return gif


def touch_library() -> None:
    """Say that the library has changed: comments show its words, forms show it to choose from."""
    touch(LIBRARY_KEY, "navigation")


def store_files(gif: Gif, picture: MovingPicture) -> None:
    """Write both files and name them in the row, which is not stored yet.

    Those it had before are deleted once the transaction commits.
    """
    forget_files(gif)
    name = secrets.token_hex(_NAME_BYTES)
    gif.moving.save(f"{name}.webp", picture.moving, save=False)
    gif.still.save(f"{name}-still.webp", picture.still, save=False)
    gif.width, gif.height = picture.width, picture.height


def forget_files(gif: Gif) -> None:
    """Delete both files, if it has any, once the transaction commits."""
    for field in (gif.moving, gif.still):
        if field:
            transaction.on_commit(partial(field.storage.delete, str(field.name)), robust=True)


def is_shown(gif: Gif) -> bool:
    """Whether any comment has it, whatever its state: then it has to stay."""
    return Comment.objects.filter(gif=gif).exists()


def offered() -> list[Gif]:
    """What readers may choose from, by title."""
    return list(Gif.objects.filter(is_offered=True)[:MOST_OFFERED])


def gif_field(
    *,
    with_library: bool,
    chosen: ChosenGif | None = None,
    any_there: bool | None = None,
) -> GifField | None:
    """What a form offers; None where there is nothing: no library, and no GIPHY that works.

    `any_there` says whether the library has something to choose from, where that was read already.

    `with_library` lists the library in the form itself, which works without scripts; without it a
    script asks for `/comments/gifs/` once the reader has pressed. `chosen` was sent before.
    """
    search = giphy.search()
    library = tuple(offered()) if with_library else ()
    has_library = bool(library)
    if not with_library:
        has_library = any_offered() if any_there is None else any_there
    if not has_library and search is None:
        return None
    before = chosen or ChosenGif(source=GifSource.LIBRARY, id="")
    return GifField(has_library, library, search, before.source, before.id, before.alt)


def any_offered() -> bool:
    """Whether the library has anything to choose from."""
    return Gif.objects.filter(is_offered=True).exists()


def shown_gif(comment: Comment) -> ShownGif | None:
    """What the comment shows; None for none. Reads `comment.gif`, so fetch it with the comments."""
    if comment.gif_source == GifSource.LIBRARY and comment.gif is not None:
        gif = comment.gif
        return ShownGif(
            source=GifSource.LIBRARY,
            alt=comment.gif_alt or gif.alt,
            credit=gif.credit,
            still=gif.still.url,
            moving=gif.moving.url,
            page=gif.moving.url,
            width=gif.width,
            height=gif.height,
        )
    if comment.gif_source == GifSource.GIPHY and giphy.is_id(comment.giphy_id):
        return ShownGif(
            source=GifSource.GIPHY,
            # What a stranger typed, where the library's words are the newsroom's.
            alt=tidy(comment.gif_alt) or _("A GIF"),
            credit="GIPHY",
            still="",
            moving=giphy.moving_address(comment.giphy_id),
            page=giphy.page_of(comment.giphy_id),
            width=0,
            height=0,
        )
    return None


def _demanded(words: str, sentence: str) -> str:
    if not words.strip():
        raise Invalid(sentence)
    return words.strip()
