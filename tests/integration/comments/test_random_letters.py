"""Readers, moderators and the post in any order: who gets a letter was to get it, once."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diurna.comments import sending
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.models import Comment, CommentSettings, Frequency, Subscription
from diurna.comments.states import Actor, State, is_allowed
from diurna.comments.subscriptions import follow, set_frequency, stop_all, subscribe_author
from diurna.newsroom.models import Article
from tests.factories.comments import A_WEEK_LATER, comment_on, moderator
from tests.factories.letters import named_member, say_yes
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, member

GUESTS: Final = ("ann", "ben")
MEMBERS: Final = ("cleo", "dan")
READERS: Final = GUESTS + MEMBERS

_picks = st.integers(0, 20)
ACTIONS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.sampled_from(READERS), _picks),
        st.tuples(
            st.just("decide"),
            st.sampled_from([State.PUBLISHED, State.HIDDEN, State.REMOVED, State.SPAM]),
            _picks,
        ),
        st.tuples(st.just("delete"), st.just(""), _picks),
        st.tuples(
            st.just("follow"), st.sampled_from(READERS), st.sampled_from(["at_once", "daily"])
        ),
        st.tuples(st.just("say yes"), st.sampled_from(GUESTS), st.just(0)),
        st.tuples(st.just("end one"), st.just(""), _picks),
        st.tuples(st.just("end all"), st.sampled_from(READERS), st.just(0)),
        st.tuples(st.just("wait"), st.just(""), st.sampled_from([0, 0, 1, 30])),
        st.tuples(st.just("post"), st.sampled_from(READERS), _picks),
        st.tuples(st.just("wait"), st.just(""), st.sampled_from([0, 0, 1, 30])),
    ),
    min_size=8,
    max_size=20,
)


class Town:
    """One story, four readers, a moderator, and what the post has brought."""

    def __init__(self) -> None:
        self.article: Article = make_article()
        self.at = A_WEEK_LATER
        self.members = {name: named_member(f"{name.title()} Reader") for name in MEMBERS}
        self.emails = {name: f"{name}@guests.example" for name in GUESTS} | {
            name: user.email for name, user in self.members.items()
        }
        self.moderator = moderator()
        self.has_said_yes: set[str] = set()
        self.got: Counter[tuple[str, str]] = Counter()
        for name in ("ann", "cleo"):
            self.follow(name, "at_once")
        self.say_yes("ann", 0)

    def do(self, action: tuple[str, str, object]) -> None:
        verb, who, what = action
        deeds: dict[str, Callable[[str, object], None]] = {
            "post": self.post,
            "decide": self.decide,
            "delete": self.delete,
            "follow": self.follow,
            "say yes": self.say_yes,
            "end one": self.end_one,
            "end all": self.end_all,
            "wait": self.wait,
        }
        deeds[verb](who, what)
        self.at += timedelta(seconds=20)

    def visitor(self, who: str):  # type: ignore[no-untyped-def]  # as the factory says
        return guest(who) if who in GUESTS else member(self.members[who])

    def post(self, who: str, what: object) -> None:
        public = list(Comment.objects.published().order_by("pk"))
        answers = public[int(str(what)) % len(public)] if public and int(str(what)) % 3 else None
        # With so many links a moderator looks first.
        links = " https://a.example https://b.example https://c.example" * (int(str(what)) % 4 == 0)
        comment = comment_on(
            self.article,
            f"At {self.at:%d %H:%M:%S} @Cleo Reader said so.{links}",
            visitor=self.visitor(who),
            answers=answers,
            email=self.emails[who],
            at=self.at,
        )
        if int(str(what)) % 2:
            subscribe_author(comment=comment, at=self.at)

    def decide(self, to: str, what: object) -> None:
        comment = self.one_of(Comment.objects.all(), what)
        if comment and is_allowed(State(comment.state), State(to), Actor.MODERATOR):
            decide(comment=comment, to=State(to), moderator=self.moderator, rule="r", at=self.at)

    def delete(self, _who: str, what: object) -> None:
        if comment := self.one_of(Comment.objects.all(), what):
            delete_comment(comment=comment, by=Author(comment.pk, comment.user), at=self.at)

    def follow(self, who: str, what: object) -> None:
        follow(
            visitor=self.visitor(who),
            article=self.article,
            email=self.emails[who],
            frequency=Frequency(str(what)),
            at=self.at,
        )

    def say_yes(self, who: str, _what: object) -> None:
        if Subscription.objects.filter(address__email=self.emails[who]).exists():
            say_yes(self.emails[who], self.at)
            self.has_said_yes.add(self.emails[who])

    def end_one(self, _who: str, what: object) -> None:
        if row := self.one_of(Subscription.objects.all(), what):
            set_frequency(subscription=row, frequency=Frequency.OFF)

    def end_all(self, who: str, _what: object) -> None:
        recipient = self.members.get(who)
        if recipient is None:
            row = Subscription.objects.filter(address__email=self.emails[who]).first()
            if row is None or row.address is None:
                return
            stop_all(recipient=row.address, at=self.at)
        else:
            stop_all(recipient=recipient, at=self.at)

    def wait(self, _who: str, hours: object) -> None:
        """Let time pass and the post come; look at each letter."""
        self.at += timedelta(hours=int(str(hours)))
        wants = {
            each.user.email if each.user else each.address.email if each.address else ""
            for each in Subscription.objects.active().select_related("user", "address")
        }
        before = len(mail.outbox)
        sending.send_due(self.at)
        for letter in mail.outbox[before:]:
            [email] = letter.to
            if "please confirm" in letter.subject:
                self.got[email, f"question of {self.at}"] += 1
                continue
            assert email in wants, "a letter to somebody who has ended all, or never said yes"
            assert email not in self.emails.values() or (
                email in self.has_said_yes or email.endswith("@members.example")
            )
            if not letter.subject.startswith("Your comment"):
                self.look_at_news(email, str(letter.body))

    def look_at_news(self, email: str, body: str) -> None:
        named = [each for each in Comment.objects.all() if f"/comments/{each.uuid}/" in body]
        assert named
        for comment in named:
            assert comment.is_public, "a letter about a comment that is not public"
            assert self.emails_of(comment) != email, "a letter about one's own comment"
            self.got[email, str(comment.uuid)] += 1

    def emails_of(self, comment: Comment) -> str:
        if comment.user is not None:
            return comment.user.email
        return next(
            self.emails[name]
            for name in GUESTS
            if comment.guest is not None and comment.guest.uuid == guest(name).guest
        )

    def one_of(self, rows, what: object):  # type: ignore[no-untyped-def]  # whichever model it is
        found = list(rows.order_by("pk"))
        return found[int(str(what)) % len(found)] if found else None


@pytest.mark.django_db
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions=ACTIONS)
def test_no_letter_is_early_double_or_unwanted(
    db: None, actions: list[tuple[str, str, object]]
) -> None:
    with transaction.atomic():
        CommentSettings.objects.update_or_create(pk=1, defaults={"hold_newcomers": False})
        town = Town()
        for action in [*actions, ("wait", "", 0), ("wait", "", 30)]:
            town.do(action)
        mail.outbox.clear()
        assert set(town.got.values()) <= {1}, "the same letter twice"
        transaction.set_rollback(True)
