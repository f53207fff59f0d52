"""What the newsroom says of itself that has all the words of a query; shown below the stories."""

from typing import Final

from diurna.newsroom.models import InformationPage, Standard
from diurna.newsroom.search import asking, markers, text
from diurna.newsroom.search.expression import All, Phrase
from diurna.newsroom.search.words import words
from diurna.web.search.highlight import marked, passage
from diurna.web.search.named import Named
from diurna.web.search.query import Query

_SHOWN: Final = 5
# More than any newsroom has; their texts are read.
_LOOKED_AT: Final = 30


def pages_about(query: Query) -> list[Named]:
    """Information pages and published answers of the newsroom, at most five.

    Those with most of the words in their names stand first; `about` is the passage with most.
    """
    wanted = All((query.all_words(), Phrase((markers.PAGE,))))
    keys = asking.keys(InformationPage, wanted, limit=_LOOKED_AT)
    found = [
        (page.title, page.address_path(), text.page_words(page))
        for page in InformationPage.objects.live().filter(pk__in=keys)
    ]
    keys = asking.keys(Standard, wanted, limit=_LOOKED_AT)
    answers = Standard.objects.filter(pk__in=keys, public_number__isnull=False)
    found += [(str(one), one.get_absolute_url(), text.standard_words(one)) for one in answers]
    found.sort(key=lambda page: (-_in_name(page[0], query), page[0]))
    return [_named(name, address, said, query) for name, address, said in found[:_SHOWN]]


def _in_name(name: str, query: Query) -> int:
    return len({word.stem for word in words(name, query.language)} & set(query.stems))


def _named(name: str, address: str, said: str, query: Query) -> Named:
    # Its first line is the name, which stands above.
    about = passage(said.partition("\n")[2], query.stems, query.language)
    return Named(marked(name, query.stems, query.language), address, about)
