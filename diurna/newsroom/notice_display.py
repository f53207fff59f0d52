"""A notice of a correction as people see it: on its story, in lists, and at the desk beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.correction_lines import paragraphs
from diurna.newsroom.models import Article, Correction, CorrectionKind

# What the line under the headline, and the title of a feed's item, say of the last notice.
DONE: Final[Mapping[str, str | Promise]] = {
    CorrectionKind.CORRECTION: _("Corrected"),
    CorrectionKind.CLARIFICATION: _("Clarified"),
    CorrectionKind.UPDATE: pgettext_lazy("of a story", "Updated"),
    CorrectionKind.RETRACTION: _("Retracted"),
}


@dataclass(frozen=True)
class Notice:
    """One notice as readers see it; `text`, `wrong` and `right` are paragraphs.

    `address` is that of its story, empty where it has none yet; `history` that of its version in
    the story's public history, empty where it came with none; `comment` that of the comment that
    led to it.
    """

    row: Correction
    address: str
    label: str
    done: str
    text: list[str]
    wrong: list[str]
    right: list[str]
    severity: str
    found_by: str
    history: str
    comment: str

    @property
    def anchor(self) -> str:
        """Its name within the page of its story."""
        return anchor_of(self.row.number)

    @property
    def at(self) -> datetime:
        """When it was published (aware)."""
        return self.row.at

    @property
    def is_retraction(self) -> bool:
        """Whether it stands before everything else."""
        return self.row.kind == CorrectionKind.RETRACTION


def notice_of(row: Correction, *, address: str, shows_comment: bool = False) -> Notice:
    """One notice; `address` is that of its story's page.

    `shows_comment` says that readers see the comment that led to it.
    """
    return Notice(
        row=row,
        address=address,
        label=str(CorrectionKind(row.kind).label),
        done=str(DONE[row.kind]),
        text=paragraphs(row.text),
        wrong=paragraphs(row.wrong),
        right=paragraphs(row.right),
        severity=str(row.get_severity_display()),
        found_by=str(row.get_found_by_display()),
        history=f"{address}changes/#version-{row.after}" if address and row.after else "",
        comment=f"{address}comments/{row.comment_uuid}/" if address and shows_comment else "",
    )


def headline_of(article: Article, headline: str = "") -> str:
    """A headline as it stands away from its story: that it is retracted comes first.

    `headline` is another one than the story's own.
    """
    words = headline or article.title
    if article.retracted_at is None:
        return words
    return gettext("Retracted: %(headline)s") % {"headline": words}


def anchor_of(number: int) -> str:
    """The name of the notice of this number within the page of its story."""
    return f"correction-{number}"
