"""What a citation cites is what readers read: the words of the public text, not those of a draft.

A note and the text beside it change together. So a citation that readers see takes other words at
once only if these stand before its marker in the public text; words that only the draft has become
a citation of their own, whose marker takes the place of the other one in the draft.
"""

from uuid import uuid4

from django.utils import timezone

from diurna.accounts.models import User
from diurna.newsroom.citation_marks import name_in_draft, texts_in
from diurna.newsroom.citation_problems import plain_words, words_before_markers
from diurna.newsroom.models import Article, Citation


def is_seen(citation: Citation) -> bool:
    """Whether readers see the note now."""
    if citation.pk is None or citation.position is None:
        return False
    return Article.objects.live().filter(citations=citation.pk).exists()


def words_seen(citation: Citation) -> str:
    """The public words up to the marker, ending with those cited; "" if they don't stand there."""
    article = Article.objects.get(citations=citation.pk)
    cited = plain_words(citation.exact)
    before = (
        words
        for text in texts_in(article.body.raw_data)
        for name, words in words_before_markers(text)
        if name == citation.uuid
    )
    return next((words for words in before if words.endswith(cited)), "")


def keep_with_draft(citation: Citation, *, actor: User) -> bool:
    """Make a row that holds new words, not stored yet, one of the draft; whether it had to be.

    To be called in the transaction that stores the row. The one that readers see stays as it is.
    """
    if not is_seen(citation) or words_seen(citation):
        return False
    stored = Citation.objects.only("exact").get(pk=citation.pk)
    if plain_words(stored.exact) == plain_words(citation.exact):
        return False
    name = name_in_draft(citation.uuid)
    # One that an earlier draft had and nobody published is forgotten.
    Citation.objects.filter(uuid=name, position=None).delete()
    citation.uuid = uuid4() if Citation.objects.filter(uuid=name).exists() else name
    citation.pk = citation.article = citation.position = None
    citation.copy = citation.passage_found = None
    citation.created_by, citation.created_at = actor, timezone.now()
    citation._state.adding = True
    return True
