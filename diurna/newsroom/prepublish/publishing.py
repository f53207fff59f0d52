"""Publishing after the look: what is let stand, what is overruled, and the trail of it."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import TaskState

from diurna.accounts.models import User
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.newsroom.models import Article, Overruling, SeenFindings
from diurna.newsroom.models.prepublish import LONGEST_REASON
from diurna.newsroom.prepublish.finding import Finding
from diurna.newsroom.prepublish.looking import findings, names_seen

LOG_ACTION = "diurna.overrule"


def let_stand(
    *,
    article: Article,
    actor: User,
    shown: Collection[str],
    reason: str = "",
) -> Overruling | None:
    """Let all findings of the latest draft stand, which `actor` was shown; the row if errors were.

    `shown` are the names of the findings on the page that was pressed. Raises Refused without the
    right to publish the story, Conflicting where the draft has findings by now that were not
    shown, Invalid where errors are let stand without a reason. One transaction.
    """
    if not article.permissions_for_user(actor).can_publish():
        raise Refused(_("You may not publish this story; submit it to an editor."))
    with transaction.atomic():
        draft = article.get_latest_revision_as_object()
        found = findings(draft, actor)
        seen = names_seen(article)
        new = [finding for finding in found if finding.name not in seen]
        if {finding.name for finding in new} - set(shown):
            raise Conflicting(
                _("The draft has changed meanwhile; please look at what was found now.")
            )
        row = _overrule(article, actor, [each for each in new if each.is_error], reason)
        SeenFindings.objects.update_or_create(
            article_id=article.pk,
            defaults={
                "names": sorted({finding.name for finding in found}),
                "at": timezone.now(),
            },
        )
    return row


def publish_all_the_same(
    *, article: Article, actor: User, shown: Collection[str], reason: str = ""
) -> Overruling | None:
    """Let the findings of the latest draft stand and publish it, or schedule it if it has a time.

    Raises what `let_stand` raises, and Refused while somebody else has locked the story. One
    transaction.
    """
    lock = article.get_lock()
    if lock is not None and lock.for_user(actor):
        raise Refused(_("This story is locked; it can't be published before it is unlocked."))
    with transaction.atomic():
        row = let_stand(article=article, actor=actor, shown=shown, reason=reason)
        article.get_latest_revision().publish(user=actor)
    return row


def approve_all_the_same(
    *, article: Article, actor: User, shown: Collection[str], reason: str = "", comment: str = ""
) -> Overruling | None:
    """Let the findings stand and approve what was submitted, which publishes it.

    Raises what `let_stand` raises, and Conflicting when nothing waits for approval. One
    transaction.
    """
    with transaction.atomic():
        row = let_stand(article=article, actor=actor, shown=shown, reason=reason)
        state: TaskState | None = article.current_workflow_task_state
        if state is None or state.status != TaskState.STATUS_IN_PROGRESS:
            raise Conflicting(_("This story no longer waits for approval; open it again."))
        task = state.task.specific
        if "approve" not in {name for name, *_rest in task.get_actions(article, actor)}:
            raise Refused(_("You may not approve this story."))
        task.on_action(state.specific, actor, "approve", comment=comment)
    return row


def _overrule(
    article: Article, actor: User, errors: Sequence[Finding], reason: str
) -> Overruling | None:
    if not errors:
        return None
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Please say why it is published all the same; the reason is kept."))
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            _("Please say it in %(longest)d characters at most.") % {"longest": LONGEST_REASON}
        )
    row = Overruling.objects.create(
        article_id=article.pk,
        by=actor,
        reason=reason,
        findings=[
            {
                "name": error.name,
                "check": error.check.value,
                # A source may be named today and not tomorrow, so the row only says which one.
                "about": "" if error.source else error.about,
                "source": error.source,
                "why": error.why,
                "place": error.place,
            }
            for error in errors
        ],
    )
    checks = sorted({error.check.value for error in errors})
    log(article, LOG_ACTION, user=actor, data={"reason": reason, "checks": checks})
    return row
