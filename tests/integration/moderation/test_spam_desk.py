"""The spam filter at the desk: who gets in, what is told, what a text is taken for, forgetting."""

from http import HTTPStatus

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from diurna.accounts.roles import Role
from diurna.comments.deciding import decide
from diurna.comments.states import State
from diurna.moderation import akismet, spam, spam_filed, spam_knowledge
from diurna.moderation.bayes import Seen
from diurna.moderation.models import AkismetVerdict, SpamLesson, SpamToken
from diurna.moderation.spam_knowledge import Share
from tests.factories.accounts import enrol, make_person
from tests.factories.akismet_stub import KEY
from tests.factories.comments import A_WEEK_LATER, comment_on, moderator
from tests.factories.newsroom import make_article, make_front
from tests.factories.spam import HAM, LEARNED, SPAM, teach_filter

pytestmark = pytest.mark.django_db


def at_desk(role: Role = Role.MODERATOR) -> Client:
    make_front()
    user = make_person(role)
    enrol(user)
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, query: str = "") -> str:
    answer = client.get(reverse("diurna_spam") + query)
    assert answer.status_code == HTTPStatus.OK
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("role", "gets_in"),
    [
        (Role.MODERATOR, True),
        (Role.PUBLISHER, True),
        (Role.ADMINISTRATOR, False),
        (Role.EDITOR, False),
        (Role.WRITER, False),
    ],
)
def test_who_moderates_gets_in(role: Role, gets_in: bool) -> None:
    client = at_desk(role)
    for name in ("diurna_spam", "diurna_spam_reset"):
        assert (client.get(reverse(name)).status_code == HTTPStatus.OK) is gets_in


def test_a_filter_without_lessons_says_what_it_needs() -> None:
    client = at_desk()
    shown = page(client)
    assert "It says nothing yet: it needs 20 comments called spam" in shown
    assert "none yet." in shown
    answer = client.post(reverse("diurna_spam"), {"text": SPAM})
    assert "has not learned enough to say anything" in answer.content.decode()
    assert "not learned enough to be checked" in page(client, "?check=1")


def test_what_was_learned_can_be_read_and_searched() -> None:
    client = at_desk()
    teach_filter()
    shown = page(client)
    assert f"It has learned from {LEARNED} comments" in shown
    assert '<td dir="auto">casino</td> <td>30</td> <td>0</td> <td>99 %</td>' in shown
    assert '<td dir="auto">crane</td> <td>0</td> <td>30</td> <td>1 %</td>' in shown
    found = page(client, "?q=CRANE")
    assert '<td dir="auto">crane</td>' in found
    assert "casino" not in found
    assert "none yet." in page(client, "?q=unheard")


def test_words_of_one_or_two_comments_are_nobodys_to_read() -> None:
    client = at_desk()
    teach_filter(ham=[*[HAM] * LEARNED, "Hortensia Quill", "Hortensia Quill"])
    assert SpamToken.objects.filter(token="hortensia").exists()
    assert "hortensia" not in page(client)
    assert "none yet." in page(client, "?q=hortensia")


def test_it_says_of_a_text_what_it_is_taken_for_and_by_which_words() -> None:
    client = at_desk()
    teach_filter()
    for text, fate, word in (
        (SPAM, "It would be filed as spam.", "link:pills.example"),
        (HAM, "The filter would have nothing against it.", "harbour"),
        ("casino bonus pills", "It would wait for a moderator.", "casino"),
    ):
        shown = client.post(reverse("diurna_spam"), {"text": text}).content.decode()
        assert fate in shown
        assert f'<td dir="auto">{word}</td>' in shown
    answer = client.post(reverse("diurna_spam"), {"text": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in answer.content.decode()


def test_it_is_checked_against_its_own_lessons_each_left_out() -> None:
    make_front()
    article = make_article()
    teach_filter(spam=[SPAM] * 19, ham=[HAM] * 19)
    for body, to in ((SPAM, State.SPAM), (HAM, State.PUBLISHED)):
        decide(comment=comment_on(article, body), to=to, moderator=moderator(), rule="spam")
    check = spam_knowledge.check()
    assert check == spam_knowledge.Check(spam=Share(1, 1, 0), ham=Share(1, 0, 0))
    # A lesson of its own words alone would be right about nothing: left out, they are unknown.
    odd = decide(
        comment=comment_on(article, "Zyx wvu tsr qpo nml"),
        to=State.SPAM,
        moderator=moderator(),
        rule="spam",
        at=A_WEEK_LATER,
    )
    assert SpamLesson.objects.filter(comment=odd.comment).exists()
    again = spam_knowledge.check()
    assert again is not None
    assert (again.spam.judged, again.spam.filed) == (2, 1)
    assert "Of 2 that moderators called spam it would file 1" in page(at_desk(), "?check=1")


def test_forgetting_asks_once_more() -> None:
    client = at_desk()
    teach_filter()
    assert "There is no way back." in client.get(reverse("diurna_spam_reset")).content.decode()
    assert spam.lessons() == Seen(LEARNED, LEARNED)
    answer = client.post(reverse("diurna_spam_reset"), follow=True)
    assert "has forgotten everything" in answer.content.decode()
    assert spam.lessons() == Seen()


def test_akismet_is_named_with_a_key_only(settings: LazySettings) -> None:
    client = at_desk()
    assert "Akismet" not in page(client)
    settings.DIURNA_AKISMET_KEY = KEY
    assert "Akismet was not asked yet." in page(client)


def test_the_limits_link_to_the_settings_for_who_may_change_them() -> None:
    client = at_desk()
    assert "An administrator sets these limits." in page(client)
    Group.objects.get(name="Moderators").permissions.add(
        Permission.objects.get(codename="change_moderationsettings")
    )
    assert "settings/moderation/moderationsettings/" in page(client)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR, Role.EDITOR])
def test_that_akismet_fails_is_said_where_the_desk_begins(
    settings: LazySettings, role: Role
) -> None:
    client = at_desk(role)
    settings.DIURNA_AKISMET_KEY = KEY
    akismet.note(AkismetVerdict.OVER_QUOTA)
    akismet.breaker.reset()
    shown = client.get("/newsroom/").content.decode()
    assert ("Akismet does not answer as it should" in shown) is (role != Role.EDITOR)
    assert ("over its quota" in shown) is (role != Role.EDITOR)
    assert KEY not in shown
    akismet.note(AkismetVerdict.WORKS)
    assert "Akismet" not in client.get("/newsroom/").content.decode()


def test_what_was_filed_can_be_looked_through_and_published() -> None:
    make_front()
    article = make_article()
    teach_filter()
    comments = [comment_on(article, f"{SPAM} {n} <b>") for n in range(3)]
    assert {comment.state for comment in comments} == {State.SPAM}
    client = at_desk()
    assert reverse("diurna_spam_filed") in page(client)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spam_filed, "COMMENTS_A_PAGE", 2)
        shown = client.get(reverse("diurna_spam_filed")).content.decode()
        older = client.get(f"{reverse('diurna_spam_filed')}?before={comments[1].pk}")
    assert shown.count("The spam filter</td>") == 2
    assert f"?before={comments[1].pk}" in shown
    assert "pills.example/buy 0 &lt;b&gt;" in older.content.decode()
    publish = reverse("diurna_spam_publish", args=[comments[0].uuid])
    assert client.get(publish).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    said = client.post(publish, follow=True).content.decode()
    assert "The spam filter has learned from it." in said
    comments[0].refresh_from_db()
    assert comments[0].state == State.PUBLISHED
    assert not SpamLesson.objects.get().is_spam
    # Once more, from a page that is old: it says so and changes nothing.
    assert "can’t become" in client.post(publish, follow=True).content.decode()


def test_only_who_decides_about_comments_looks_through_what_was_filed() -> None:
    client = at_desk(Role.EDITOR)
    assert client.get(reverse("diurna_spam_filed")).status_code != HTTPStatus.OK
    comment = comment_on(make_article(), "Held.")
    client.post(reverse("diurna_spam_publish", args=[comment.uuid]))
    comment.refresh_from_db()
    assert comment.state == State.HELD
