"""Lists of words: what they do to a comment, and how they are changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diurna.accounts.roles import Role
from diurna.comments.authors import Author
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentState, Transition
from diurna.common.errors import Invalid, Refused
from diurna.moderation import words
from diurna.moderation.models import ModerationSettings, Word
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import comment_on, let_newcomers_in, moderator
from tests.factories.newsroom import make_article
from tests.factories.votes import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    words.change_lists(
        banned=["scoundrel", "kill yourself"], suspect=["Swindle*"], moderator=moderator()
    )
    return make_article()


def rule_of(comment: Comment) -> str:
    return Transition.objects.get(comment=comment).rule


def test_a_banned_word_removes_a_comment_at_once(article: Article) -> None:
    comment = comment_on(article, "What a SC0UNDREL he is.")
    assert (comment.state, rule_of(comment)) == (CommentState.REMOVED, "banned_words")


def test_a_suspect_word_waits_for_a_moderator(article: Article) -> None:
    comment = comment_on(article, "They are swindlers.")
    assert (comment.state, rule_of(comment)) == (CommentState.HELD, "suspect_words")


def test_a_comment_without_them_is_published(article: Article) -> None:
    assert comment_on(article, "A fine harbour.").state == CommentState.PUBLISHED


@pytest.mark.parametrize(
    "body", ["See https://scoundrel.example/", "See [here](https://a.example/scoundrel-1)."]
)
def test_addresses_of_links_are_looked_at(article: Article, body: str) -> None:
    assert comment_on(article, body).state == CommentState.REMOVED


def test_the_name_is_looked_at(article: Article) -> None:
    assert comment_on(article, "Hello.", visitor="Old Scoundrel").state == CommentState.REMOVED


def test_words_of_name_and_text_are_no_row(article: Article) -> None:
    comment = comment_on(article, "Yourself.", visitor="Kill")
    assert comment.state == CommentState.PUBLISHED


def test_an_edit_is_looked_at_again(article: Article) -> None:
    comment = comment_on(article, "A fine harbour.")
    edit_comment(comment=comment, by=Author(comment=comment.pk), body="A scoundrel’s harbour.")
    comment.refresh_from_db()
    assert comment.state == CommentState.REMOVED


def test_staff_need_not_wait_and_print_no_banned_words_either(article: Article) -> None:
    someone = member(make_person(Role.EDITOR))
    assert comment_on(article, "A swindle.", visitor=someone).state == CommentState.PUBLISHED
    assert comment_on(article, "A scoundrel.", visitor=someone).state == CommentState.REMOVED


def test_the_desk_is_told_which_words_and_where_they_stand(article: Article) -> None:
    comment = comment_on(article, "A swindler, a scoundrel.")
    assert words.said_of(comment) == words.Found(banned=("scoundrel",), suspect=("Swindle*",))


def test_the_author_is_told_no_word(article: Article) -> None:
    comment = comment_on(article, "A scoundrel.")
    move = Transition.objects.get(comment=comment)
    assert "scoundrel" not in f"{move.rule} {move.reason}"


def test_a_change_holds_for_the_next_comment(article: Article) -> None:
    assert words.find("a rogue, a scoundrel") == words.Found(banned=("scoundrel",))
    came, went = words.change_lists(
        banned=["rogue", "kill yourself"], suspect=["Swindle*"], moderator=moderator()
    )
    assert (came, went) == (1, 1)
    assert words.find("a rogue, a scoundrel") == words.Found(banned=("rogue",))


def test_unchanged_lists_cost_one_small_query(article: Article) -> None:
    words.find("once")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        words.find("twice")
    assert len(asked) == 1
    assert "words_version" in asked[0]["sql"]


def test_without_lists_nothing_is_found() -> None:
    assert words.find("scoundrel") == words.Found()
    assert not ModerationSettings.objects.exists()


def test_who_may_not_changes_nothing(article: Article) -> None:
    with pytest.raises(Refused):
        words.change_lists(banned=[], suspect=[], moderator=make_person(Role.EDITOR))
    assert Word.objects.count() == 3


def test_one_entry_that_cannot_be_used_changes_nothing(article: Article) -> None:
    with pytest.raises(Invalid):
        words.change_lists(banned=["fine", "x"], suspect=[], moderator=moderator())
    assert Word.objects.count() == 3


def test_a_list_is_read_line_by_line_and_problems_name_theirs() -> None:
    read = words.read_entries("one\n\n  two   words \nONE\nx\na*\n" + "y" * 81)
    assert list(read.patterns) == ["one", "two words"]
    assert [problem.line for problem in read.problems] == [5, 6, 7]
    assert all(problem.sentence.endswith(".") for problem in read.problems)


def test_ten_thousand_words_are_taken_and_found(article: Article) -> None:
    many = [f"w{number:05}ord" for number in range(10_000)]
    assert words.change_lists(banned=many, suspect=[], moderator=moderator()) == (10_000, 3)
    assert words.find("and w09999ord here") == words.Found(banned=("w09999ord",))
