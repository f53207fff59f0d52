"""What languages are called."""

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info


def language_name(code: str) -> str:
    """The name of a language in that of the page; the code itself for one that is not known."""
    base = code.lower().partition("-")[0]
    known = next((name for name in (code.lower(), base) if name in LANG_INFO), "")
    return str(get_language_info(known)["name_translated"]) if known else code
