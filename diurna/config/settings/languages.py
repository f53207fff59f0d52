"""Which languages the site can speak: those for which there are catalogs of words.

Pure, so that a new language is its catalogs and no setting: `docs/how-to/translate.md`.
"""

from pathlib import Path

from django.conf.locale import LANG_INFO

SOURCE = "en"


def languages_in(package: Path) -> list[tuple[str, str]]:
    """Code and own name of each language, such as `("pt-br", "Português Brasileiro")`.

    English first, in which the code is written; the others in the order of their codes.
    """
    catalogs = (package / "web" / "locale").glob("*/LC_MESSAGES/django.mo")
    found = sorted(path.parents[1].name.replace("_", "-").lower() for path in catalogs)
    return [(code, own_name(code)) for code in (SOURCE, *found)]


def own_name(code: str) -> str:
    """How speakers call the language; its code where Django does not know it."""
    known = LANG_INFO.get(code, {})
    # Some of Django's entries only point to another one.
    name = known.get("name_local") or own_name(known["fallback"][0]) if known else code
    return name[:1].upper() + name[1:]
