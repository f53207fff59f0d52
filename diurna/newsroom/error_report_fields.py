"""What somebody types into an error report, as it is stored; each refuses what can't be used."""

from typing import ClassVar

from django.utils.translation import gettext as _

from diurna.accounts.addresses import typed_address
from diurna.common.errors import Invalid
from diurna.newsroom.models.error_report import (
    LONGEST_EVIDENCE,
    LONGEST_EXPLANATION,
    LONGEST_WORDS,
)


class InvalidReport(Invalid):
    """A field of the report can't be used; `field` names it, as the form does."""

    code: ClassVar[str] = "error_report"

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def words(typed: str) -> str:
    """The passage that is wrong; may be empty. Raises InvalidReport."""
    return _short("words", typed, LONGEST_WORDS)


def explanation(typed: str) -> str:
    """What is wrong with it. Raises InvalidReport."""
    said = _short("explanation", typed, LONGEST_EXPLANATION)
    if not said:
        raise InvalidReport("explanation", _("Please say what is wrong, and what would be right."))
    return said


def evidence(typed: str) -> str:
    """Where one can see that, in one line; may be empty. Raises InvalidReport."""
    return _short("evidence", " ".join(typed.split()), LONGEST_EVIDENCE)


def _short(field: str, typed: str, limit: int) -> str:
    said = typed.strip()
    if len(said) > limit:
        raise InvalidReport(
            field, _("Please say it in %(limit)s characters at most.") % {"limit": f"{limit:,}"}
        )
    return said


def email(typed: str) -> str:
    """An e-mail address, in lower case; may be empty. Raises InvalidReport."""
    if not typed.strip():
        return ""
    address = typed_address(typed)
    if address is None:
        raise InvalidReport(
            "email",
            _("Please give an e-mail address like name@example.org, or leave the field empty."),
        )
    return address
