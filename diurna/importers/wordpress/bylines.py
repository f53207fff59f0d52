"""Who an article is by, when plug-ins say more than WordPress's one author of a post.

Known from the sources of the plug-ins:

- Co-Authors Plus: terms of the taxonomy `author` on the post, in the order of the by-line (it
  registers the taxonomy with `orderby => term_order`, which an export follows); slug
  `cap-<nicename>`, name the login. People without an account are posts of the type `guest-author`
  with meta `cap-display_name`, `cap-user_login`, `cap-linked_account` (a login), ...
- PublishPress Authors: the same taxonomy, slug without `cap-`, name as shown.
- Molongui Authorship: meta `_molongui_author`, once for each, as `user-3` or `guest-12`;
  people without an account are posts of the type `guest_author` or `molongui_guestauthor`.
- Newspack: meta `_newspack_byline_active` and `_newspack_byline`, a text such as
  `By [Author id=5]Jane Doe[/Author] and Eric Doe`, which goes before all others.

A by-line's key is the login of an account, else `guest:<slug>`, else `name:<name>`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.records import Author, Item, TermLink

GUEST_KINDS: Final = frozenset({"guest-author", "guest_author", "molongui_guestauthor"})
_TAXONOMY: Final = "author"
_PREFIX: Final = "cap-"
_MOLONGUI: Final = "_molongui_author"
_MOLONGUI_MAIN: Final = "_molongui_main_author"
_BYLINE: Final = "_newspack_byline"
_ACTIVE: Final = "_newspack_byline_active"
_MAX_NAME: Final = 200
# A by-line is a line; more than this is no work for a search by patterns.
_MAX_BYLINE: Final = 2_000
# Newspack writes `[Author id=5]`; its editor once put the number into quotation marks.
_TAG: Final = re.compile(r"\[Author\s+id=\"?(\d{1,18})\"?\s*\](.*?)\[/Author\]", re.DOTALL | re.I)
_LEAD_IN: Final = re.compile(r"^\s*(?:written\s+)?by\b[\s:]*", re.I)
_JOINT: Final = re.compile(r"\s+(?:and|&|with)\s+", re.I)


def login_key(login: str) -> str:
    """A login without what WordPress does not allow in one, in lower case."""
    return "".join(c for c in login.strip() if c.isalnum() or c in " _.-@").strip().lower()


Said = tuple[TermLink | str, ...]
"""What a plug-in says of authors: its kind ("terms", "newspack", ...), then terms or texts."""


@dataclass(frozen=True, slots=True)
class GuestAuthor:
    """Somebody in by-lines without an account of their own; `account` is that of another name."""

    source_id: str
    slug: str
    name: str
    biography: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class ItemBylines:
    """The keys of an item's by-lines in their order, and what a person should know of them."""

    keys: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Bylines:
    """Everybody who can be in a by-line. `authors` is the survey's, by `login_key`.

    `chosen` are the names that a map file gives, by login, by the slug of a guest, or by name.
    """

    authors: Mapping[str, Author] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    guests: dict[str, GuestAuthor] = field(default_factory=dict)
    _said: dict[tuple[Said, str], None] = field(default_factory=dict)
    _by_number: dict[str, str] = field(default_factory=dict)
    _guest_by_number: dict[str, GuestAuthor] = field(default_factory=dict)
    _guest_by_account: dict[str, GuestAuthor] = field(default_factory=dict)
    _resolved: dict[TermLink, str] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)

    def note(self, item: Item, *, is_text: bool) -> None:
        """Take in what an item says of people; to be done for all items before `of` is asked."""
        if item.kind in GUEST_KINDS:
            self._add_guest(item)
        elif is_text:
            self._said.setdefault((_said_of(item), login_key(item.creator)))

    def everybody(self) -> tuple[str, ...]:
        """The key of each by-line of all posts and pages, once, in the order of the export."""
        keys = [key for said, login in self._said for key in self._found(said, login).keys]
        return tuple(dict.fromkeys(keys))

    def of(self, item: Item) -> ItemBylines:
        """Whose work an item is, by what says it best: Newspack, Molongui, terms, the account."""
        return self._found(_said_of(item), login_key(item.creator))

    def name_of(self, key: str) -> str:
        """The name in the by-line: as the map file says, else the profile, account or by-line."""
        for word in (key, key.partition(":")[2]):
            if word in self.chosen:
                return self.chosen[word][:_MAX_NAME]
        guest = self._guest(key)
        if guest is not None:
            return guest.name
        kind, _, rest = key.partition(":")
        if kind in {"guest", "name"} and rest:
            return (self._shown.get(key) or rest)[:_MAX_NAME]
        author = self.authors.get(key)
        if author is None:
            return key[:_MAX_NAME]
        full = f"{author.first_name} {author.last_name}"
        shown = " ".join(author.display_name.split()) or " ".join(full.split())
        return (shown or key)[:_MAX_NAME]

    def biography_of(self, key: str) -> str:
        """What the profile says of somebody, as plain text; empty for nothing."""
        guest = self._guest(key)
        return guest.biography if guest is not None else ""

    def key_of_profile(self, item: Item) -> str:
        """The key of the person whose profile this item is."""
        guest = self._guest_by_number.get(item.source_id)
        return self._key_of_guest(guest) if guest is not None else ""

    def _guest(self, key: str) -> GuestAuthor | None:
        kind, _, rest = key.partition(":")
        return self.guests.get(rest) if kind == "guest" else self._guest_by_account.get(key)

    def _add_guest(self, item: Item) -> None:
        guest = _guest_of(item)
        for name in (guest.slug, login_key(item.meta_by_key.get("cap-user_login", ""))):
            if name:
                self.guests.setdefault(name, guest)
        self._guest_by_number.setdefault(guest.source_id, guest)
        if guest.account:
            self._guest_by_account.setdefault(guest.account, guest)

    def _found(self, said: Said, login: str) -> ItemBylines:
        """The by-line, or the account where what is said names nobody that is known."""
        found = self._keys(said)
        return found if found.keys or not login else ItemBylines((login,), found.notes)

    def _keys(self, said: Said) -> ItemBylines:
        kind, *rest = said
        terms = [self._term_key(one) for one in rest if isinstance(one, TermLink)]
        words = [one for one in rest if isinstance(one, str)]
        if kind == "terms":
            return ItemBylines(tuple(dict.fromkeys(key for key in terms if key)))
        if kind == "newspack":
            return self._newspack(words[0])
        return ItemBylines(self._molongui(words) if kind == "molongui" else ())

    def _term_key(self, term: TermLink) -> str:
        key = self._resolved.get(term)
        if key is None:
            key = self._resolved[term] = self._resolve(term)
        return key

    def _resolve(self, term: TermLink) -> str:
        slug = term.slug.strip().lower().removeprefix(_PREFIX)
        guest = self.guests.get(slug)
        if guest is not None:
            return self._key_of_guest(guest)
        for word in (term.name, slug):
            if login_key(word) in self.authors:
                return login_key(word)
        name = plain_text(term.name)
        for login, author in self.authors.items() if name else ():
            if author.display_name == name:
                return login
        if not slug and not name:
            return ""
        key = f"guest:{slug or login_key(name)}"
        self._shown.setdefault(key, name or slug)
        return key

    def _key_of_guest(self, guest: GuestAuthor) -> str:
        return guest.account if guest.account in self.authors else f"guest:{guest.slug}"

    def _molongui(self, references: Iterable[str]) -> tuple[str, ...]:
        keys = []
        for reference in references:
            kind, _, number = reference.strip().partition("-")
            if kind == "user":
                keys.append(self._account(number))
            elif kind == "guest" and number in self._guest_by_number:
                keys.append(self._key_of_guest(self._guest_by_number[number]))
        return tuple(dict.fromkeys(key for key in keys if key))

    def _account(self, number: str) -> str:
        if len(self._by_number) != len(self.authors):
            self._by_number = {one.source_id: key for key, one in self.authors.items()}
        return self._by_number.get(number, "")

    def _newspack(self, text: str) -> ItemBylines:
        keys: list[str] = []
        is_whole, end = True, 0
        for match in _TAG.finditer(text):
            names, clean = _loose_names(text[end : match.start()], after=end > 0, before=True)
            keys += map(_name_key, names)
            name = plain_text(match[2])
            keys += filter(None, [self._account(match[1]) or (_name_key(name) if name else "")])
            is_whole, end = is_whole and clean, match.end()
        names, clean = _loose_names(text[end:], after=end > 0, before=False)
        keys += map(_name_key, names)
        if is_whole and clean:
            return ItemBylines(tuple(dict.fromkeys(keys)))
        whole = plain_text(_TAG.sub(r"\2", text))
        note = f"Its by-line read “{whole}”; only the names of it are in ours."
        return ItemBylines(tuple(dict.fromkeys(keys)), (note,))


def _said_of(item: Item) -> Said:
    """What an item says of its authors, by the plug-in that says most."""
    meta = item.meta_by_key
    text = meta.get(_BYLINE, "").strip()[:_MAX_BYLINE]
    if text and meta.get(_ACTIVE, "") not in {"", "0"} and plain_text(text):
        return ("newspack", text)
    named = [value for key, value in item.meta if key == _MOLONGUI]
    if named:
        return ("molongui", *filter(None, [meta.get(_MOLONGUI_MAIN, "")]), *named)
    terms = [term for term in item.terms if term.taxonomy == _TAXONOMY]
    return ("terms", *terms) if terms else ("account",)


def _name_key(name: str) -> str:
    return f"name:{name}"[:_MAX_NAME]


def _loose_names(text: str, *, after: bool, before: bool) -> tuple[list[str], bool]:
    """Names between tags, and whether that is all that stands there.

    A name stands alone or behind “and”; what follows a comma or a name without “and” is as often a
    newspaper or a place. `after` and `before`: there is a tag on that side.
    """
    words = plain_text(text)
    pieces = _JOINT.split(f" {words if after else _LEAD_IN.sub('', words)} ")
    beside = [pieces.pop(0)] if after else []
    beside += [pieces.pop()] if before and pieces else []
    names = []
    for piece in pieces:
        name, _, more = piece.partition(",")
        beside.append(more)
        names += [" ".join(name.split())] if name.strip() else []
    return names, not any(piece.strip(" ,.;:") for piece in beside)


def _guest_of(item: Item) -> GuestAuthor:
    meta = item.meta_by_key
    full = f"{meta.get('cap-first_name', '')} {meta.get('cap-last_name', '')}"
    shown = plain_text(meta.get("cap-display_name", "")) or plain_text(item.title)
    slug = item.slug.strip().lower().removeprefix(_PREFIX)
    slug = slug or login_key(meta.get("cap-user_login", "")) or f"author-{item.source_id}"
    biography = meta.get("cap-description", "") or item.content
    return GuestAuthor(
        source_id=item.source_id,
        slug=slug,
        name=(shown or " ".join(full.split()) or slug)[:_MAX_NAME],
        biography=plain_text(biography),
        account=login_key(meta.get("cap-linked_account", "")),
    )
