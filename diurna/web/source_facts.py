"""The facts of one source as readers see them: its title and what else is told of it."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from diurna.newsroom import citation_lines
from diurna.newsroom.language_names import language_name
from diurna.newsroom.models import Citation, Source
from diurna.web.moments import day_words

# A text fragment names a long passage by so many words at each end
# (https://wicg.github.io/scroll-to-text-fragment/).
_WORDS_OF_FRAGMENT: Final = 5


@dataclass(frozen=True)
class Fact:
    """One thing that is told of a source; `code` and `target` as in the canonical text.

    `address` may be a path of ours or an address elsewhere; empty for what leads nowhere.
    """

    text: str
    code: str = ""
    address: str = ""
    target: str = ""
    language: str = ""
    is_elsewhere: bool = False

    @property
    def html(self) -> SafeString:
        """The words, as a link where they lead somewhere, marked for the canonical text.

        Made here and not in a template, whose last line end would be a space before the next fact.
        """
        marks = {
            "href": self.address,
            "data-canonical-code": self.code,
            "data-canonical-target": "" if self.code else self.target,
            "rel": "noopener" if self.is_elsewhere else "",
        }
        tag = "a" if self.address or self.target else "span" if self.code else "bdi"
        named = "".join(f' {name}="{escape(value)}"' for name, value in marks.items() if value)
        html = f"<{tag}{named}>{escape(self.text)}</{tag}>"
        return mark_safe(html)  # noqa: S308  (names are ours, and values are escaped)


def address_of(source: Source) -> str:
    """Where readers find a source: its address, or our own file or story; empty for nowhere."""
    if source.address.startswith(("https://", "http://")):
        return source.address
    if source.document:
        return str(source.document.url)
    return source.article.address_path() if source.article and source.article.live else ""


def address_of_passage(address: str, passage: str) -> str:
    """The address with a text fragment, so that a browser shows the quoted passage."""
    words = passage.split()
    if not words:
        return address
    ends = [words] if len(words) <= 2 * _WORDS_OF_FRAGMENT else [
        words[:_WORDS_OF_FRAGMENT], words[-_WORDS_OF_FRAGMENT:]
    ]  # fmt: skip
    text = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return f"{address}{'' if '#' in address else '#'}:~:text={text}"


def partial_date(value: str) -> str:
    """`2026`, `2026-03` or `2026-03-14` as people write it, “14 March 2026”."""
    parts = value.split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1:
            return str(numbers[0])
        day = date(numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else 1)
    except ValueError:
        # The pattern lets 31 February through; it is shown as it was written.
        return value
    return unbroken(day_words(day) if len(parts) > 2 else date_format(day, "YEAR_MONTH_FORMAT"))


def title_of(citation: Citation) -> Fact:
    """The title, as a link to where the source is and, where it can be, to the quoted passage."""
    source = citation.source
    address = address_of(source)
    is_elsewhere = bool(address) and address == source.address
    if is_elsewhere and not source.paywalled:
        address = address_of_passage(address, citation.passage)
    return Fact(
        source.title,
        address=address,
        target=citation_lines.target_of(source),
        language=source.language,
        is_elsewhere=is_elsewhere,
    )


def facts_of(source: Source) -> list[Fact]:
    """What else is told of a source, in the order of its line in the canonical text."""
    facts = [Fact(source.kind_in_words(), code=source.kind), Fact(source.authors)]
    for named, key in ((source.person, "person"), (source.outlet, "outlet")):
        if named:
            facts.append(
                Fact(
                    named.name,
                    address=named.get_absolute_url(),
                    target=f"{key}:{named.uuid}",
                )
            )
    facts.append(Fact(source.publisher))
    if source.published:
        facts.append(Fact(partial_date(source.published), code=source.published))
    facts.append(Fact(source.place))
    if source.language:
        facts.append(Fact(language_name(source.language), code=source.language))
    facts += _catalogued(source)
    if source.paywalled:
        facts.append(Fact(_("Behind a pay-wall"), code=citation_lines.PAYWALLED))
    return [fact for fact in facts if fact.text]


def _catalogued(source: Source) -> list[Fact]:
    facts = []
    if source.doi:
        name = f"DOI {source.doi}"
        address = f"https://doi.org/{quote(source.doi, safe='/')}"
        facts.append(Fact(name, code=name, address=address, is_elsewhere=True))
    if source.isbn:
        facts.append(Fact(f"ISBN {source.isbn}"))
    return facts


def unbroken(words: str) -> str:
    """The words with spaces at which no line breaks."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
