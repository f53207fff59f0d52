"""The menus of the old site: which becomes the navigation, and where its entries lead.

An export does not say where a theme showed a menu. The map file decides; else the menu whose name
says that it is the main one, else the shortest that leads to categories. A menu of nothing but
pages (about, contact, terms) goes to the foot, so that the head keeps to the sections.
"""

from dataclasses import dataclass
from typing import Final

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.addresses import number_in, path_of
from diurna.importers.wordpress.map_file import ImportMap
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.survey import Survey

MAX_LABEL: Final = 80
MAX_ADDRESS: Final = 1_000
_OPENED: Final = ("https://", "http://", "mailto:", "/")
_UNUSED: Final = "It is part of the menu “{name}”, which was not chosen as navigation."
_MAIN_WORDS: Final = ("primary", "main", "header", "head", "top", "haupt", "principal")
_FOOT_WORDS: Final = ("footer", "foot")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One link. Exactly one of `item` (source id), `term` (taxonomy and slug), `url` is set."""

    key: str
    line: int
    menu: str
    label: str
    order: int
    is_nested: bool
    item: str = ""
    term: tuple[str, str] | None = None
    url: str = ""
    is_home: bool = False


@dataclass(frozen=True, slots=True)
class MenuPlan:
    """The slugs of the menus that are used, and every entry by its key."""

    head: str
    foot: str
    entries: dict[str, MenuEntry]
    names: dict[str, str]

    def place_of(self, entry: MenuEntry) -> str:
        """ "head", "foot" or empty for an entry of a menu that is not used."""
        if not entry.menu:
            return ""
        return "head" if entry.menu == self.head else "foot" if entry.menu == self.foot else ""

    def refusal(self, entry: MenuEntry) -> str:
        """Why an entry does not become navigation, whatever it leads to; empty when it may."""
        if not entry.menu:
            return "It belongs to no menu."
        if not self.place_of(entry):
            return _UNUSED.format(name=self.names.get(entry.menu, entry.menu))
        if entry.is_nested:
            return "It stands below another entry; the navigation has one level."
        if entry.item or entry.term is not None or not entry.url:
            return ""
        if entry.is_home:
            return "It leads to the front, to which the site's name leads already."
        if entry.url.startswith("#"):
            return "It leads nowhere; it only opened what stood below it."
        if not entry.url.startswith(_OPENED) or len(entry.url) > MAX_ADDRESS:
            return f"Its address leads to nothing that a reader can open: {entry.url[:200]}"
        return ""


def plan_menus(survey: Survey, chosen: ImportMap) -> MenuPlan:
    """Which menus become navigation, and all entries, in the order of their menus."""
    entries = {}
    names: dict[str, str] = {}
    for item in survey.menu_items:
        entry = _entry(item, survey)
        entries[entry.key] = entry
        for link in item.terms:
            if link.taxonomy == "nav_menu":
                names.setdefault(link.slug, plain_text(link.name) or link.slug)
    ordered = dict(sorted(entries.items(), key=lambda pair: (pair[1].order, pair[1].line)))
    usable = _usable(ordered)
    leading = [slug for slug, has_terms in usable.items() if has_terms]
    others = [slug for slug, has_terms in usable.items() if not has_terms]
    head = chosen.menus.get("head", "") or _by_words([*usable], names, _MAIN_WORDS)
    foot = chosen.menus.get("foot", "") or _by_words([*usable], names, _FOOT_WORDS)
    head = head or next((slug for slug in leading if slug != foot), "")
    foot = foot or next((slug for slug in others if slug != head), "")
    return MenuPlan(head, foot, ordered, names)


def _usable(entries: dict[str, MenuEntry]) -> dict[str, bool]:
    """Menus with two or more links into the site, the shortest first; whether terms are in it."""
    links: dict[str, list[MenuEntry]] = {}
    for entry in entries.values():
        if entry.menu and not entry.is_nested and (entry.item or entry.term):
            links.setdefault(entry.menu, []).append(entry)
    sizes = sorted((len(own), slug) for slug, own in links.items() if len(own) > 1)
    return {slug: any(entry.term for entry in links[slug]) for _, slug in sizes}


def _by_words(usable: list[str], names: dict[str, str], words: tuple[str, ...]) -> str:
    for word in words:
        for slug in usable:
            if word in f"{slug} {names.get(slug, '')}".lower():
                return slug
    return ""


def _entry(item: Item, survey: Survey) -> MenuEntry:
    meta = item.meta_by_key
    kind = meta.get("_menu_item_type", "")
    object_id = meta.get("_menu_item_object_id", "")
    menu = next((link.slug for link in item.terms if link.taxonomy == "nav_menu"), "")
    target, term, url = "", None, ""
    if kind == "post_type":
        target = object_id
    elif kind == "taxonomy":
        term = _term_by_id(survey, meta.get("_menu_item_object", ""), object_id)
    else:
        url = meta.get("_menu_item_url", "")
        target = survey.target_of(url) if url.startswith(("http", "/")) else ""
    return MenuEntry(
        key=survey.key_of(item),
        line=item.line,
        menu=menu,
        label=plain_text(item.title)[:MAX_LABEL],
        order=item.menu_order,
        is_nested=meta.get("_menu_item_menu_item_parent", "0") not in {"", "0"},
        item=target,
        term=term,
        url="" if target else url,
        is_home=not target and _is_home(url, survey),
    )


def _is_home(url: str, survey: Survey) -> bool:
    if not url.startswith(("http", "/")) or not survey.old_site.owns(url) or number_in(url):
        return False
    return path_of(url).rstrip("/") == survey.old_site.base_path.rstrip("/")


def _term_by_id(survey: Survey, taxonomy: str, number: str) -> tuple[str, str] | None:
    for key, term in survey.terms.items():
        if term.source_id == number and key[0] == taxonomy:
            return key
    return None
