"""The words of our scripts in another language than English: `/words-ar.json`.

Scripts are the same files in every language. What they say is looked up in the catalogs `djangojs`
(`static/js/words.js`, `tools/messages.py`), which a page names for those that need one.
"""

import gettext
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import to_locale
from django.views.decorators.http import require_safe

from diurna.delivery import surrogate

_LOCALE: Final = Path(__file__).parent / "locale"


@require_safe
def serve_words(request: HttpRequest, language: str) -> HttpResponse:
    """English sentence to its translation, or to a list of its plural forms."""
    words = _words(language)
    if not words:
        raise Http404("There are no words in this language.")
    return surrogate.tag(JsonResponse(words), "navigation")  # type: ignore[return-value]


def script_words_address(language: str) -> str:
    """Where they are; empty for English and where nobody translated them."""
    tag = _known(language)
    return reverse("script-words", args=[tag]) if tag else ""


def script_words_as_script(language: str) -> str:
    """A line of script that knows them, for a page that stands alone; empty for English."""
    tag = _known(language)
    # Within a script element, only this could end it.
    words = json.dumps(_words(tag), ensure_ascii=False).replace("</", "<\\/")
    return f"know({words}, {json.dumps(tag)});" if tag else ""


def _known(language: str) -> str:
    """The language itself, or the one without its region, if there are words in it."""
    tag = language.lower()
    return next((one for one in (tag, tag.partition("-")[0]) if _words(one)), "")


@cache
def _words(language: str) -> dict[str, Any]:
    path = _LOCALE / to_locale(language) / "LC_MESSAGES" / "djangojs.mo"
    if not language.replace("-", "").isalnum() or not path.is_file():
        return {}
    with path.open("rb") as file:
        catalog: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    words: dict[str, Any] = {}
    for name, translated in catalog.items():
        if isinstance(name, tuple):
            words.setdefault(name[0], []).append(translated)
        elif name:
            words[name] = translated
    return words
