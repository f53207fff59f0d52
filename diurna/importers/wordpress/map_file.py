"""The `--map` file: what a newsroom decides instead of the automatic choice.

TOML; every part may be left out:

    default_section = "News"            # for posts that belong to no section

    [categories]                        # by the slug of the category
    politics = "section"                # a section of its own
    goals = { section = "Sport" }       # goes into the section of this name
    misc = "topic"
    uncategorized = "drop"

    [authors]                           # by login
    webadmin = "The editors"

    [menus]
    head = "main-menu"                  # the slugs of the menus that become head and foot
    foot = "footer"

    [types]                             # types of plug-ins and themes
    review = "article"
    event = "page"
    acme_coupon = "drop"
    page_with_comments = "article"      # pages under which readers wrote, and no others
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from diurna.common.errors import Invalid, Missing

_KEYS: Final = frozenset({"default_section", "categories", "authors", "menus", "types"})
_ROLES: Final = frozenset({"article", "page", "drop"})
# These are brought in as what they are; the rest of the import counts on it.
_FIXED_TYPES: Final = frozenset({"attachment", "nav_menu_item"})
_FATES: Final = frozenset({"section", "topic", "drop"})


@dataclass(frozen=True, slots=True)
class CategoryFate:
    """What becomes of a category: "section", "topic" or "drop"; `name` joins a section by name."""

    fate: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ImportMap:
    """The decisions of a map file; empty where nothing was decided."""

    default_section: str = ""
    categories: Mapping[str, CategoryFate] = field(default_factory=dict)
    authors: Mapping[str, str] = field(default_factory=dict)
    menus: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)


def read_map(path: Path) -> ImportMap:
    """The decisions in this file; `Missing` or `Invalid` with the place of what is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Missing(f"There is no map file at {path}; leave out --map or write one.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} is not TOML: {error}.") from error
    except OSError as error:
        raise Invalid(f"{path} can't be read ({error.strerror}).") from error
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise Invalid(
            f"{path} has “{unknown[0]}”, which means nothing; write one of {_listed(_KEYS)}."
        )
    return ImportMap(
        default_section=_text(path, raw, "default_section"),
        categories={
            slug: _fate(path, slug, value)
            for slug, value in _table(path, raw, "categories").items()
        },
        authors=_texts(path, raw, "authors"),
        menus=_texts(path, raw, "menus"),
        types=_types(path, raw),
    )


def _types(path: Path, raw: Mapping[str, Any]) -> dict[str, str]:
    types = _texts(path, raw, "types")
    for name, role in types.items():
        if name in _FIXED_TYPES:
            raise Invalid(f"{path}: items of the type “{name}” can't be mapped; leave it out.")
        if role not in _ROLES:
            raise Invalid(
                f"{path} says something unknown of the type “{name}”; write {_listed(_ROLES)}."
            )
    return types


def _fate(path: Path, slug: str, value: Any) -> CategoryFate:
    if isinstance(value, str) and value in _FATES:
        return CategoryFate(value)
    if isinstance(value, dict) and set(value) == {"section"} and isinstance(value["section"], str):
        return CategoryFate("section", value["section"])
    raise Invalid(
        f"{path} says something unknown of the category “{slug}”; write {_listed(_FATES)} "
        'or { section = "Name" }.'
    )


def _table(path: Path, raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise Invalid(f"{path}: “{key}” must be a table, written as [{key}].")
    return value


def _texts(path: Path, raw: Mapping[str, Any], key: str) -> dict[str, str]:
    table = _table(path, raw, key)
    for name, value in table.items():
        if not isinstance(value, str):
            raise Invalid(f"{path}: “{name}” in [{key}] must be a text in quotation marks.")
    return table


def _text(path: Path, raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise Invalid(f"{path}: “{key}” must be a text in quotation marks.")
    return value


def _listed(words: frozenset[str]) -> str:
    return ", ".join(f"“{word}”" for word in sorted(words))
