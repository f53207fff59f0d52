"""The first reading of an export: what there is, before anything is written.

It keeps a few words of every item (some hundred bytes), never a text, so that a large export
needs little memory. Reading to the end first also means that a file which breaks off in the
middle is refused before a single page was made.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from diurna.common.errors import Invalid
from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.addresses import OldSite, normal_path, number_in, path_of
from diurna.importers.wordpress.attachments import Attachment, Attachments
from diurna.importers.wordpress.bylines import login_key
from diurna.importers.wordpress.credits import caption_and_credit
from diurna.importers.wordpress.fates import role_of
from diurna.importers.wordpress.records import Author, BrokenItem, Item, Record, Site, Term
from diurna.importers.wordpress.related import Related
from diurna.importers.wordpress.stubs import Stub, Stubs
from diurna.importers.wordpress.titles import slug_from
from diurna.importers.wordpress.upload_addresses import sizes_in

_ALT_META: Final = "_wp_attachment_image_alt"


@dataclass(slots=True)
class Survey:
    """What an export holds. Keys are source ids; a repeated id has `~2`, `~3` behind it."""

    site: Site
    authors: dict[str, Author] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    stubs: Stubs = field(default_factory=Stubs)
    attachments: Attachments = field(default_factory=Attachments)
    menu_items: list[Item] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    category_use: Counter[str] = field(default_factory=Counter)
    tag_use: Counter[str] = field(default_factory=Counter)
    total: int = 0
    repeats: dict[int, str] = field(default_factory=dict)
    same_as: dict[int, int] = field(default_factory=dict)
    related: Related = field(default_factory=Related)

    @property
    def old_site(self) -> OldSite:
        """The old site's address and which addresses are its own."""
        return OldSite(self.site.address)

    def key_of(self, item: Item) -> str:
        """Under which key this item is known: its source id, or that with `~2` for a repeat."""
        return self.repeats.get(item.ordinal, item.source_id)

    def source_hash(self, item: Item) -> str:
        """SHA-256 over what the export says of an item and of what is shown with it, as hex.

        Without entries of a list and corrections it is that of the item alone (`item_hash`).
        """
        digest = item_hash(item)
        parts = [*self.related.entries_of(item.source_id)]
        parts += self.related.corrections_of(item.source_id)
        if parts:
            digest = hashlib.sha256(b"".join([digest, *map(item_hash, parts)])).digest()
        return digest.hex()

    def target_of(self, url: str) -> str:
        """The source id of the post, page or attachment at an old address; empty for none."""
        if not self.old_site.owns(url):
            return ""
        number = number_in(url)
        if number and number in self.stubs:
            return number
        return self.stubs.at(normal_path(path_of(url)))


def survey(
    records: Iterable[Record],
    types: Mapping[str, str] | None = None,
    authors: Mapping[str, str] | None = None,
) -> Survey:
    """Read an export once, to its end. `Invalid` when it has no address to know its items by.

    `types` and `authors` are those of the map file: what items of a plug-in's type are written as,
    and the names that were chosen, by login.
    """
    named = authors or {}
    chosen = {**{login_key(login): name for login, name in named.items()}, **named}
    found: Survey | None = None
    early: list[Record] = []
    for record in records:
        if isinstance(record, Site):
            if not record.address:
                raise Invalid(
                    "This export does not say which site it comes from (wp:base_blog_url and link "
                    "are empty), so a second import could not recognise its items."
                )
            found = Survey(record, related=Related(types or {}))
            found.related.bylines.authors = found.authors
            found.related.bylines.chosen = chosen
            for waiting in early:
                _add(found, waiting)
        elif found is None:
            early.append(record)
        else:
            _add(found, record)
    if found is None:
        raise Invalid("This export holds nothing that can be read.")
    return found


def item_hash(item: Item) -> bytes:
    """SHA-256 over everything that the export says of an item, but not where it stands."""
    bare = replace(item, line=0, column=0, file="", ordinal=0, damage=(), is_whole=True)
    return hashlib.sha256(repr(bare).encode("utf-8", "surrogatepass")).digest()


def _add(survey_: Survey, record: Record) -> None:
    if isinstance(record, Author):
        survey_.authors.setdefault(login_key(record.login), _shown_as(record))
    elif isinstance(record, Term):
        _add_term(survey_, record)
    elif isinstance(record, BrokenItem):
        survey_.total += 1
        survey_.kinds[record.kind or "?"] += 1
    elif isinstance(record, Item):
        survey_.total += 1
        survey_.kinds[record.kind] += 1
        _add_item(survey_, record)


def _add_term(survey_: Survey, term: Term) -> None:
    """Take in a term with its name as people read it; one that has neither name nor slug is none.

    An entry that is damaged may have lost both, and a section cannot be without a name.
    """
    slug = term.slug or slug_from(term.name)
    name = plain_text(term.name) or term.name or slug
    if name:
        shown = replace(term, slug=slug, name=name, description=plain_text(term.description))
        survey_.terms.setdefault((term.taxonomy, slug), shown)


def _shown_as(author: Author) -> Author:
    """The author with names as people read them: WordPress keeps `&` in them as `&amp;`."""
    return replace(
        author,
        display_name=plain_text(author.display_name),
        first_name=plain_text(author.first_name),
        last_name=plain_text(author.last_name),
    )


def _add_item(survey_: Survey, item: Item) -> None:
    number, same = survey_.stubs.note(item.source_id, item.line, item_hash(item))
    if same:
        survey_.same_as[item.ordinal] = same
        return
    if number > 1:
        survey_.repeats[item.ordinal] = f"{item.source_id}~{number}"
    key = survey_.key_of(item)
    role = role_of(item, survey_.related.types)
    survey_.related.note(item)
    survey_.stubs.add(_stub(item, key, role))
    if role == "post":
        _count_terms(survey_, item)
    if item.kind == "nav_menu_item":
        survey_.menu_items.append(item)
        return
    if item.kind == "attachment":
        survey_.attachments.add(_attachment(item))
    if item.link and not number_in(item.link):
        survey_.stubs.lead(normal_path(path_of(item.link)), key)


def _stub(item: Item, key: str, role: str) -> Stub:
    is_text = bool(role)
    return Stub(
        key=key,
        source_id=item.source_id,
        kind=role or item.kind,
        line=item.line,
        status=item.status,
        protected=bool(item.password),
        title=item.title if is_text else "",
        slug=item.slug if is_text else "",
        parent=item.parent,
        categories=tuple(t.slug for t in item.terms if t.taxonomy == "category") if is_text else (),
        creator=login_key(item.creator) if is_text else "",
    )


def _attachment(item: Item) -> Attachment:
    caption, credit = caption_and_credit(" ".join(item.excerpt.split()), item.meta_by_key)
    return Attachment(
        source_id=item.source_id,
        url=item.attachment_url or item.guid,
        title=item.title,
        caption=caption,
        credit=credit,
        alt=item.meta_by_key.get(_ALT_META, "").strip(),
        parent=item.parent,
        menu_order=item.menu_order,
        sizes=sizes_in(item.meta_by_key.get("_wp_attachment_metadata", "")),
        line=item.line,
    )


def _count_terms(survey_: Survey, item: Item) -> None:
    for link in item.terms:
        if link.taxonomy == "category" and item.status == "publish":
            survey_.category_use[link.slug] += 1
        elif link.taxonomy == "post_tag":
            survey_.tag_use[link.slug] += 1
        # Old exports leave out the list of terms; then what items say of them must do.
        if link.taxonomy in {"category", "post_tag"}:
            _add_term(survey_, Term(link.taxonomy, link.slug, link.name, "", "", "", item.line))
