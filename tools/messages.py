"""The catalogs of the site's words: `bin/messages update | add LANGUAGE | compile | check`.

Each app has one catalog for each language, `diurna/<app>/locale/<language>/LC_MESSAGES/django.po`,
and `djangojs.po` beside it for the words of its scripts. What people edit is the .po; the .mo
beside it is what Django reads, compiled from it and committed with it: serving needs no tool.

- `update` takes the words out of the code and the templates and brings all catalogs up to date:
  new words come in empty, words that are gone leave, nothing that was translated is touched.
- `add LANGUAGE` makes empty catalogs for one more language, such as `pt-br`.
- `compile` writes the .mo files.
- `check` says what is missing or cannot be right, and ends with 1 if anything is.

The form is that of GNU gettext, written by Babel, so that no machine needs more than Python:
https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

import argparse
import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize
from script_words import script_words

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGE: Final = ROOT / "diurna"
# The language that the code itself is written in: it needs no catalog.
SOURCE: Final = "en"
PYTHON, SCRIPTS = "django", "djangojs"
# Django's functions, and which of their arguments are words ("c": the context of the words).
FUNCTIONS: Final[dict[str, Any]] = {
    "_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FOR_TRANSLATORS: Final = ["Translators:"]
# What would differ each time, and so would fill every change with noise, or says nothing.
NOISE: Final = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Project-Id-Version|Report-Msgid-Bugs-To'
    r"|Last-Translator|Language-Team).*\n",
    re.MULTILINE,
)
NO_DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)
LINE_WIDTH: Final = 100

PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{\w*\}|%%")
TAG: Final = re.compile(r"<[^<>]+>")

Words = tuple[str | tuple[str, str], str | None]
"""What is to be translated, with its plural if it has one, and its context."""


@dataclass(frozen=True)
class Place:
    """One catalog: whose words, of which kind, in which language."""

    app: str
    domain: str
    language: str

    @property
    def po(self) -> Path:
        """The file that people edit."""
        folder = PACKAGE / self.app / "locale" / to_locale(self.language) / "LC_MESSAGES"
        return folder / f"{self.domain}.po"

    @property
    def mo(self) -> Path:
        """The file that Django reads."""
        return self.po.with_suffix(".mo")

    def read(self) -> Catalog:
        """The catalog as it lies there; a `ValueError` where the file is not one."""
        with self.po.open("rb") as file:
            return read_po(file, domain=self.domain, abort_invalid=True)


def apps() -> list[str]:
    """The names of all apps, in the order of the alphabet."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/apps.py"))


def languages() -> list[str]:
    """The languages that there are catalogs for, as Django writes them: `ar`, `pt-br`."""
    found = {path.name for path in PACKAGE.glob("*/locale/*") if path.is_dir()}
    return sorted(name.replace("_", "-").lower() for name in found)


def template_of(app: str, domain: str) -> Catalog:
    """All words of one app, without translations, in the order of its files and their lines."""
    found = Catalog(domain=domain, charset="utf-8")
    for path in sorted((PACKAGE / app).rglob("*")):
        if "migrations" in path.parts or not path.is_file():
            continue
        taken = _taken_out(path, domain)
        if taken is None:
            continue
        for words, comments in _listed(taken):
            context = None
            if isinstance(words, tuple) and len(words) == 3:
                context, *rest = words
                words = rest[0] if rest[1] is None else tuple(rest)
            found.add(
                words,
                # Without lines, which move with every change.
                locations=[(str(path.relative_to(ROOT)), None)],
                auto_comments=comments,
                context=context,
            )
    return found


def _taken_out(path: Path, domain: str) -> Iterable[Any] | None:
    """What Babel finds in a file: line, function, words, comments; None for another's file."""
    if domain == SCRIPTS:
        if path.suffix != ".js":
            return None
        tagged = script_words(path.read_text(encoding="utf-8"))
        found = _found(extract_javascript, path.read_bytes())
        return [*((line, "_", words, []) for line, words in tagged), *found]
    if path.suffix == ".py":
        return _found(extract_python, path.read_bytes())
    if path.suffix in (".html", ".jinja", ".txt") and "templates" in path.parts:
        # Calls of gettext and nothing else, but indented as the template is.
        calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        lines = [line.lstrip() for line in calls.split("\n")]
        return _found(extract_python, "\n".join(lines).encode())
    return None


def _found(extract: Callable[..., Iterable[Any]], source: bytes) -> Iterator[Any]:
    options = {"encoding": "utf-8", "template_string": False}
    return iter(extract(io.BytesIO(source), FUNCTIONS, FOR_TRANSLATORS, options))


def _listed(found: Iterable[Any]) -> Iterator[tuple[Any, list[str]]]:
    """Babel's findings with words as one text, (text, plural) or (context, text, plural)."""
    for _line, function, given, comments in found:
        arguments = given if isinstance(given, tuple) else (given,)
        at = FUNCTIONS[function]
        if at is None:
            words: Any = arguments[0]
        elif at[0] == 1:
            words = tuple(arguments[:2])
        else:
            wanted = [arguments[one - 1] for one in at[1:]]
            words = (arguments[0], wanted[0], wanted[1] if len(wanted) == 2 else None)
        # What is put together while the program runs is no word of ours: a library's, or a name
        # that is thrown away (`for _, one in ...`). Formatted text is found by `ruff` (INT).
        if all(words[:2] if isinstance(words, tuple) else [words]):
            yield words, comments


def header_of(language: str, domain: str) -> Catalog:
    """An empty catalog with the plural forms that Django itself uses for the language."""
    django_own = Path(django.__file__).parent / "conf" / "locale" / to_locale(language)
    file = django_own / "LC_MESSAGES" / "django.po"
    if not file.exists():
        raise SystemExit(f"Django knows no language {language!r}; its names are like ar or pt-br.")
    stated = re.search(r'"Plural-Forms: ((?:[^"]|"\n")*?)\\n"', file.read_text(encoding="utf-8"))
    assert stated is not None
    forms = stated[1].replace('"\n"', "")
    lines = (f"Language: {to_locale(language)}", f"Plural-Forms: {forms}")
    head = ['msgid ""', 'msgstr ""', r'"Content-Type: text/plain; charset=utf-8\n"']
    head += [rf'"{line}\n"' for line in lines]
    return read_po(io.BytesIO("\n".join(head).encode()), domain=domain)


def po_bytes(catalog: Catalog) -> bytes:
    """The catalog as its file; the same words give the same bytes."""
    written = io.BytesIO()
    catalog.header_comment = ""
    catalog.fuzzy = False
    write_po(written, catalog, width=LINE_WIDTH, ignore_obsolete=True)
    return NOISE.sub("", written.getvalue().decode()).lstrip("\n").encode()


def mo_bytes(catalog: Catalog) -> bytes:
    """The compiled catalog; the same words give the same bytes."""
    catalog.creation_date = catalog.revision_date = NO_DATE
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def brought_up_to_date(place: Place, template: Catalog) -> Catalog:
    """The catalog of a place with the words of the template, translated as far as it was."""
    catalog = place.read() if place.po.exists() else header_of(place.language, place.domain)
    # A guess would have to be read as carefully as it takes to write the sentence.
    catalog.update(template, no_fuzzy_matching=True)
    return catalog


def update(chosen: list[str]) -> None:
    """Bring the catalogs of these languages up to date."""
    for app in apps():
        for domain in (PYTHON, SCRIPTS):
            template = template_of(app, domain)
            for language in chosen:
                place = Place(app, domain, language)
                if not len(template):
                    place.po.unlink(missing_ok=True)
                    place.mo.unlink(missing_ok=True)
                    continue
                place.po.parent.mkdir(parents=True, exist_ok=True)
                place.po.write_bytes(po_bytes(brought_up_to_date(place, template)))


def places(chosen: list[str]) -> list[Place]:
    """Where there is a catalog, for these languages."""
    every = (Place(*one) for one in _all_names(chosen))
    return [place for place in every if place.po.exists()]


def _all_names(chosen: list[str]) -> Iterator[tuple[str, str, str]]:
    for language in chosen:
        for app in apps():
            for domain in (PYTHON, SCRIPTS):
                yield app, domain, language


def compile_all(chosen: list[str]) -> None:
    """Write what Django reads."""
    for place in places(chosen):
        place.mo.write_bytes(mo_bytes(place.read()))


def faults(message: Message, forms: int) -> list[str]:
    """What can't be right in a translation, one sentence each; `forms` is how many plurals have."""
    texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    wanted = forms if message.pluralizable else 1
    if len(texts) != wanted or not all(texts):
        return ["is not translated" if not any(texts) else f"needs all of its {wanted} forms"]
    found = []
    if message.fuzzy:
        found.append("is marked as a guess (fuzzy)")
    originals = message.id if message.pluralizable else (message.id,)
    placeholders = [_placeholders(text) for text in originals]
    tags = [_tags(text) for text in originals]
    for text in texts:
        # One, two or none may be said without the figure: "one comment".
        fits = _placeholders(text) in placeholders or (
            message.pluralizable and _only_number_missing(_placeholders(text), placeholders[-1])
        )
        if not fits:
            found.append(f"has other placeholders: {text}")
        if _tags(text) not in tags:
            found.append(f"has other tags: {text}")
        if text[:1].isspace() != originals[-1][:1].isspace() or (
            text[-1:].isspace() != originals[-1][-1:].isspace()
        ):
            found.append(f"has spaces or lines at its ends where the original has none: {text}")
    return found


def _placeholders(text: str) -> Counter[str]:
    return Counter(found[0] for found in PLACEHOLDER.finditer(text))


def _only_number_missing(found: Counter[str], whole: Counter[str]) -> bool:
    missing = whole - found
    # A value that is given by its place, and not by a name, has to be used.
    named = all(place.startswith(("%(", "{")) for place in missing)
    return not found - whole and missing.total() == 1 and named


def _tags(text: str) -> Counter[str]:
    return Counter(TAG.findall(text))


def all_faults(chosen: list[str]) -> Iterator[tuple[Place, Message, str]]:
    """Every fault of every catalog of these languages, and every word that is not in one."""
    for place in places(chosen):
        catalog = place.read()
        for message in catalog:
            if message.id:
                for fault in faults(message, catalog.num_plurals):
                    yield place, message, fault


def two_ways(chosen: list[str]) -> Iterator[str]:
    """Sentences about words that two apps translate differently: Django keeps one of them.

    Words that mean two things need a context each (`pgettext`, `{% translate … context … %}`).
    """
    said: dict[tuple[str, Words], dict[str, str]] = {}
    for place in places(chosen):
        for message in place.read() if place.domain == PYTHON else ():
            if message.id and message.string:
                words = (place.language, (message.id, message.context))
                said.setdefault(words, {})[str(message.string)] = place.app
    for (language, words), ways in said.items():
        if len(ways) > 1:
            yield f"{language}: {words[0]!r} is said in different ways: {', '.join(ways)}"


def not_current(chosen: list[str]) -> Iterator[str]:
    """Sentences about catalogs with other words than the code, and about old compiled ones."""
    for app, domain in ((app, domain) for app in apps() for domain in (PYTHON, SCRIPTS)):
        wanted = names_of(template_of(app, domain))
        for language in chosen:
            place = Place(app, domain, language)
            catalog = place.read() if place.po.exists() else Catalog()
            where = place.po.relative_to(ROOT)
            for words in sorted(wanted - names_of(catalog), key=str):
                yield f"{where} has not yet: {words[0]!r}"
            for words in sorted(names_of(catalog) - wanted, key=str):
                yield f"{where} still has: {words[0]!r}"
            if len(catalog) and (
                not place.mo.exists() or place.mo.read_bytes() != mo_bytes(catalog)
            ):
                yield f"{place.mo.relative_to(ROOT)} is not compiled from what lies beside it."


def names_of(catalog: Catalog) -> set[Words]:
    """The words of a catalog, by which they are found."""
    return {(message.id, message.context) for message in catalog if message.id}


def check(chosen: list[str]) -> None:
    """Say everything that is wrong; ends with 1 if anything is."""
    count = 0
    for sentence in [*not_current(chosen), *two_ways(chosen)]:
        sys.stdout.write(f"{sentence}\n")
        count += 1
    for place, message, fault in all_faults(chosen):
        sys.stdout.write(f"{place.app} {place.language}: {message.id!r} {fault}\n")
        count += 1
    for place in places(chosen):
        catalog = place.read()
        words = [message for message in catalog if message.id]
        done = sum(not faults(message, catalog.num_plurals) for message in words)
        name = f"{place.app:<12}{place.domain:<10}{place.language:<7}"
        sys.stdout.write(f"{name}{done} of {len(words)}\n")
    if count:
        raise SystemExit(1)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bin/messages", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    deeds: dict[str, Callable[[list[str]], None]] = {
        "update": update,
        "compile": compile_all,
        "check": check,
    }
    for name in deeds:
        commands.add_parser(name).add_argument("language", nargs="*", default=languages())
    commands.add_parser("add").add_argument("language")
    given = parser.parse_args()
    if given.command == "add":
        update([given.language])
        compile_all([given.language])
    else:
        deeds[given.command](list(given.language))


if __name__ == "__main__":
    main()
