"""What readers and moderators do with comments and votes."""

from datetime import timedelta

from diurna.comments import away, closing
from diurna.comments.as_error_reports import hand_on
from diurna.comments.authors import Author
from diurna.comments.claiming import claim_comment
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentSettings
from diurna.comments.picking import pick, unpick
from diurna.comments.states import State
from diurna.comments.undoing import undo
from diurna.importers.models import ImportRecord
from diurna.importers.old_points import show_old_points
from diurna.ledger import settler
from diurna.moderation import appeals, statements
from diurna.moderation.measures import impose, lift
from diurna.moderation.models import Measure, MeasureKind, MeasureOn, NoticeOutcome
from diurna.moderation.notices import decide_notice
from diurna.newsroom.corrections import NoticeWords, correct
from diurna.points.actions import cast_vote
from diurna.points.models import Reason, Vote
from diurna.points.rulings import rule_votes, set_reasons
from diurna.points.targets import comment_target
from tests.factories.accounts import make_person
from tests.factories.comments import comment_on, moderator, published_comment
from tests.factories.kept_site import NOW, Site
from tests.factories.reports import given_notice, reported
from tests.factories.votes import guest, settle_votes, vote


def a_comment(site: Site) -> None:
    published_comment(site.crane, at=NOW)


def the_first_comment(site: Site) -> None:
    published_comment(site.ferry, at=NOW)


def an_answer(site: Site) -> None:
    published_comment(site.crane, answers=site.answer, at=NOW)


def a_comment_is_held_and_let_through(site: Site) -> None:
    CommentSettings.objects.update(hold_newcomers=True)
    comment = comment_on(site.crane, at=NOW)
    decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="read", at=NOW)


def a_comment_is_edited(site: Site) -> None:
    by = Author(site.comment.pk)
    edit_comment(comment=site.comment, by=by, body="It swings no more.", at=NOW)


def a_comment_is_deleted(site: Site) -> None:
    delete_comment(comment=site.members_comment, by=_author(site), at=NOW)


def a_comment_is_removed(site: Site) -> None:
    _remove(site.comment)


def a_comment_is_hidden(site: Site) -> None:
    decide(comment=site.answer, to=State.HIDDEN, moderator=moderator(), rule="insult", at=NOW)


def a_removal_is_undone(site: Site) -> None:
    _remove(site.comment)
    undo(decision=site.comment.transitions.latest("pk"), moderator=moderator(), at=NOW)


def an_appeal_is_right(site: Site) -> None:
    _remove(site.members_comment)
    statement = statements.of_comment(Comment.objects.get(pk=site.members_comment.pk))
    assert statement is not None
    made = appeals.appeal(statement=statement, by=_author(site), words="I did.", at=NOW)
    other = make_person("moderator", email="other@news.example")
    appeals.answer(appeal=made, moderator=other, reinstate=True, at=NOW)


def a_pick(site: Site) -> None:
    pick(comment=site.comment, editor=site.publisher, reason="Well seen.", at=NOW)


def no_pick(site: Site) -> None:
    unpick(comment=site.members_comment, editor=site.publisher)


def a_comment_becomes_a_members(site: Site) -> None:
    claim_comment(comment=site.comment, by=Author(site.comment.pk), user=site.reader)


def a_comment_changes_the_story(site: Site) -> None:
    report = hand_on(comment=site.comment, moderator=moderator(), at=NOW)
    notice = NoticeWords(kind="correction", text="A reader saw it.")
    correct(
        article=site.crane,
        actor=site.publisher,
        notice=notice,
        reports=[report],
        publish_draft=False,
        at=NOW,
    )


def a_report(site: Site) -> None:
    reported(site.comment, at=NOW)


def a_notice(site: Site) -> None:
    given_notice(at=NOW)


def a_notice_is_decided(site: Site) -> None:
    path = f"/harbour/crane/comments/{site.comment.uuid}/"
    notice = given_notice(f"http://localhost:8000{path}", at=NOW)
    decide_notice(
        notice=notice,
        moderator=moderator(),
        outcome=NoticeOutcome.REMOVED,
        reason="Forged.",
        at=NOW,
    )


def a_reader_is_suspended(site: Site) -> None:
    _suspend(site)


def a_suspension_is_lifted(site: Site) -> None:
    lift(measure=_suspend(site), moderator=moderator(), because="It was another.", at=NOW)


def nobody_moderates(site: Site) -> None:
    CommentSettings.objects.update(hold_newcomers=True, away_after_hours=1)
    comment_on(site.nets, at=NOW - timedelta(hours=5))
    assert away.look(NOW)


def comments_close_by_age(site: Site) -> None:
    CommentSettings.objects.update(close_after_days=3)
    closing.touch_closed(NOW, within=timedelta(days=30))


def a_vote(site: Site) -> None:
    vote(site.crane, "somebody", at=NOW)
    settler.settle(NOW)


def votes_that_enter_the_log(site: Site) -> None:
    vote(site.crane, "somebody", at=NOW)
    settle_votes()


def a_vote_on_a_comment(site: Site) -> None:
    target = comment_target(site.comment.uuid)
    cast_vote(visitor=guest("somebody"), target=target, value=1, at=NOW)
    settle_votes()


def a_vote_is_taken_out(site: Site) -> None:
    votes = list(Vote.objects.filter(tally__uuid=site.crane.uuid).values_list("pk", flat=True))
    rule_votes(votes=votes[:1], counts=False, reason="same_hand", actor=None, at=NOW)


def votes_wait_for_a_decision(site: Site) -> None:
    found = Vote.objects.filter(tally__uuid=site.crane.uuid).first()
    assert found is not None
    set_reasons(reasons={found.pk: Reason.BURST}, reason="burst", actor=None, at=NOW)
    settle_votes()


def points_come_from_the_old_site(site: Site) -> None:
    record = ImportRecord(points_up=5, points_down=1, points_score=4)
    show_old_points(record, site.nets)


def _author(site: Site) -> Author:
    return Author(site.members_comment.pk, site.reader)


def _remove(comment: Comment) -> None:
    decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult", at=NOW)


def _suspend(site: Site) -> Measure:
    return impose(
        kind=MeasureKind.SUSPENSION,
        on=MeasureOn.ACCOUNT,
        moderator=moderator(),
        rule="insult",
        reason="Again and again.",
        days=7,
        user=site.reader,
        at=NOW,
    )
