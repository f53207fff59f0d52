"""The step between a writer's "submit" and publication."""

from typing import TYPE_CHECKING, Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page, Task, TaskState

if TYPE_CHECKING:
    from diurna.accounts.models import User


# A Wagtail hook of ours, `(page, user, comment) -> address or None`: where to look first, before an
# approval publishes the page. The newsroom's check is in a higher room.
BEFORE_APPROVAL: Final = "before_approve_page"


class SectionApproval(Task):
    """Whoever may publish a page may approve it, and nobody else.

    Wagtail's own step asks for membership in a group; an editor of one section could then publish
    in all of them.
    """

    class Meta:
        verbose_name = _("approval by the section's editors")
        verbose_name_plural = _("approvals by the section's editors")

    def user_can_access_editor(self, obj: Page, user: "User") -> bool:
        """An editor of the section may open what was submitted to it."""
        return _may_publish(obj, user)

    def locked_for_user(self, obj: Page, user: "User") -> bool:
        """The writer waits while an editor reads."""
        return not _may_publish(obj, user)

    def user_can_lock(self, obj: Page, user: "User") -> bool:
        """An editor may keep others out while working on it."""
        return _may_publish(obj, user)

    def get_actions(self, obj: Page, user: "User") -> list[tuple[str, Any, bool]]:
        """What the person can do with it: (name, label, whether a remark is asked for)."""
        if not _may_publish(obj, user):
            return []
        return [
            ("reject", _("Request changes"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with comment"), True),
        ]

    def on_action(
        self, task_state: TaskState, user: "User", action_name: str, **kwargs: Any
    ) -> str | None:
        """Do it; where something has to be looked at before an approval, only say where."""
        if action_name == "approve":
            page = task_state.workflow_state.content_object
            for look in hooks.get_hooks(BEFORE_APPROVAL):
                if address := look(page, user, str(kwargs.get("comment") or "")):
                    return str(address)
        address = super().on_action(task_state, user, action_name, **kwargs)
        return str(address) if address else None

    def get_task_states_user_can_moderate(self, user: "User", **kwargs: Any) -> QuerySet[TaskState]:
        """What waits for this person, for the dashboard."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        mine = [
            state.pk
            for state in waiting.select_related("revision")
            if _may_publish(state.revision.content_object, user)
        ]
        found: QuerySet[TaskState] = waiting.filter(pk__in=mine)
        return found

    @classmethod
    def get_description(cls) -> str:
        """The line under the step's name in the desk."""
        return str(_("Anyone who may publish the page can approve it."))


def _may_publish(page: Page, user: "User") -> bool:
    return bool(page.permissions_for_user(user).can_publish())
