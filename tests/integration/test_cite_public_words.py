"""Citations that readers see: their words are those of the public text, and are cited once."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.newsroom import cite_desk, citing
from diurna.newsroom.citation_marks import renamed
from diurna.newsroom.models import Article, Citation, Source
from diurna.newsroom.publishing import publish_article
from tests.factories.citing import cited, make_citation, set_text
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_draft

pytestmark = pytest.mark.django_db

CITE = "/newsroom/sources/cite/"
OLD = "The crane weighs 40 tons"
NEW = "The crane weighs 41 tons"
NEW_SOURCE = {
    "source-kind": "document",
    "source-title": "Crane register",
    "source-anonymity": "named",
    "citation-exact": "40 tons",
    "citation-claim": "figure",
    "citation-bearing": "supports",
}


@pytest.fixture
def editor() -> tuple[Client, User]:
    return at_desk(Role.PUBLISHER)


@pytest.fixture
def row(editor: tuple[Client, User]) -> Citation:
    """A citation of "40 tons" that readers see, in a story whose draft says something else."""
    article = make_draft(owner=editor[1])
    row = make_citation("40 tons", created_by=editor[1], prefix="The crane weighs ")
    set_text(article, cited(OLD, row)).save_revision()
    publish_article(article=article, actor=None)
    article = Article.objects.get(pk=article.pk)
    set_text(article, cited(NEW, row)).save_revision()
    row.refresh_from_db()
    assert row.position == 1
    return row


def sent(client: Client, row: Citation, words: str, before: str) -> str:
    fields = {
        "chosen": str(row.source.uuid),
        "citation-exact": words,
        "citation-before": before,
        "citation-after": ", they say.",
        "citation-claim": "figure",
        "citation-bearing": "supports",
    }
    answer = client.post(f"{CITE}{row.uuid}/?page={row.article_id}", fields)
    found: dict[str, Any] = json.loads(answer.content)
    return str(found["name"])


def test_words_of_the_draft_are_cited_by_the_draft(
    editor: tuple[Client, User], row: Citation
) -> None:
    article = Article.objects.get(citations=row)
    versions = article.public_revisions.count()
    name = sent(editor[0], row, "41 tons", NEW)
    assert name != str(row.uuid)
    row.refresh_from_db()
    assert (row.exact, row.prefix, row.position) == ("40 tons", "The crane weighs ", 1)
    assert article.public_revisions.count() == versions
    # What the window does with the name: the marker in the draft takes it over.
    new = Citation.objects.get(uuid=name)
    assert (new.exact, new.article, new.position) == ("41 tons", None, None)
    text = renamed(cited(NEW, row), {row.uuid: new.uuid})
    draft = set_text(article.get_latest_revision_as_object(), text)
    draft.save_revision()
    assert citing.problems(draft) == []
    publish_article(article=draft, actor=None)
    row.refresh_from_db()
    new.refresh_from_db()
    assert (row.position, new.position, new.article_id) == (None, 1, article.pk)


def test_words_of_the_draft_can_be_chosen_again(editor: tuple[Client, User], row: Citation) -> None:
    first = sent(editor[0], row, "41 tons", NEW)
    assert sent(editor[0], row, "weighs 41 tons", NEW) == first
    assert Citation.objects.get(uuid=first).exact == "weighs 41 tons"


def test_public_words_are_cited_at_once_with_the_public_words_around_them(
    editor: tuple[Client, User], row: Citation
) -> None:
    assert sent(editor[0], row, "tons", NEW) == str(row.uuid)
    row.refresh_from_db()
    assert (row.exact, row.prefix) == ("tons", "The crane weighs 40 ")


@pytest.mark.parametrize("at_once", [False, True])
def test_pressed_twice_a_source_is_cited_once(
    editor: tuple[Client, User], monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    client, _user = editor
    if at_once:
        # Neither finds the row of the other when it begins; the second one fails to store its own.
        answers = [lambda citation: None, lambda citation: None, cite_desk._kept]
        monkeypatch.setattr(cite_desk, "_kept", lambda citation: answers.pop(0)(citation))
    found = re.search(r'name="window" value="([^"]+)"', client.get(CITE).json()["html"])
    assert found is not None
    form = {"window": found[1], **NEW_SOURCE}
    names = {client.post(CITE, form).json()["name"] for _press in range(2)}
    assert names == {str(Citation.objects.get().uuid)}
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"source-title": "\u200b\u202e"}, "Nothing of this title can be seen"),
        (
            {"source-published": "2026-03-14", "source-accessed_on": "2026-03-13"},
            "It was read before it was published",
        ),
    ],
)
def test_a_title_nobody_can_see_and_a_source_read_too_early_are_refused(
    editor: tuple[Client, User], fields: dict[str, str], said: str
) -> None:
    assert said in editor[0].post(CITE, {**NEW_SOURCE, **fields}).json()["html"]
    assert not Source.objects.exists()
