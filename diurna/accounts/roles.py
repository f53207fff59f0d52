"""Roles, as groups of Wagtail's desk: who may do what.

Rights over pages are granted on a page and hold for everything below it. The rights are named here
by their words (`newsroom.change_topic`), because the newsroom's models live in a higher room.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from diurna.accounts.approval import SectionApproval
from diurna.accounts.models import User
from diurna.common.errors import Invalid


class Role(StrEnum):
    """What somebody is in the newsroom; one person may be several."""

    WRITER = "writer"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What a role may do: everywhere, in the library of pictures and files, and on all pages."""

    group: str
    models: tuple[str, ...] = ()
    library: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


DESK = "wagtailadmin.access_admin"
OWN_FILES = (
    "wagtailimages.add_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.choose_document",
)
ALL_FILES = (*OWN_FILES, "wagtailimages.change_image", "wagtaildocs.change_document")
CATALOGUE = tuple(
    f"newsroom.{verb}_{noun}"
    for noun in ("contributor", "series", "topic")
    for verb in ("add", "change", "view")
)
# Sources are made while a draft is written; where readers see them, the right to publish is asked.
SOURCES = tuple(f"newsroom.{verb}_source" for verb in ("add", "change", "view"))
OUTLETS = tuple(f"newsroom.{verb}_outlet" for verb in ("add", "change", "view"))
# Whether a type of work has points and comments: for publishers and, like all settings,
# administrators.
WORK_TYPES = tuple(f"newsroom.{verb}_worktyperule" for verb in ("add", "change", "delete", "view"))
# What the newsroom says of itself: for those who answer for it.
STANDARDS = ("newsroom.change_standard", "newsroom.view_standard")
# A newsroom may have nobody who moderates and does nothing else.
VOTES = ("points.view_burst", "points.change_burst")
COMMENTS = ("comments.view_comment", "comments.change_comment")
PICKS = ("comments.view_pick", "comments.add_pick", "comments.delete_pick")
# Not "delete": comments show them. What is to go is offered no longer.
GIFS = tuple(f"comments.{verb}_gif" for verb in ("add", "change", "view"))
# Reports, notices, appeals, measures; and what the rules go by.
MODERATION = (
    "moderation.view_report",
    "moderation.change_report",
    "moderation.view_notice",
    "moderation.change_notice",
    "moderation.view_appeal",
    "moderation.change_appeal",
    "moderation.view_measure",
    "moderation.add_measure",
    "moderation.change_measure",
    *(f"moderation.{verb}_word" for verb in ("add", "change", "delete", "view")),
    *(f"moderation.{verb}_houserule" for verb in ("add", "change", "view")),
    *(f"moderation.{verb}_spamtoken" for verb in ("change", "view")),
    # Of a comment; who may publish the story answers it.
    "newsroom.add_errorreport",
)
# The front is above all sections, so its page's own rights would be too much for an editor.
FRONT = ("newsroom.change_front",)
EDIT_PAGES = ("add", "change", "lock", "publish", "unlock")

RIGHTS: Final[dict[Role, Rights]] = {
    # "add" alone means: own pages only, as drafts; publication goes through approval.
    Role.WRITER: Rights(
        group="Writers", models=(DESK, *SOURCES), library=OWN_FILES, pages=("add",)
    ),
    # The pages of an editor are those of the sections given: see `grant_role`.
    Role.EDITOR: Rights(
        group="Editors",
        models=(DESK, *CATALOGUE, *SOURCES, *OUTLETS, *PICKS, *GIFS, *FRONT),
        library=ALL_FILES,
    ),
    Role.PUBLISHER: Rights(
        group="Publishers",
        models=(
            DESK,
            *CATALOGUE,
            *(f"newsroom.delete_{noun}" for noun in ("contributor", "series", "topic")),
            *SOURCES,
            *OUTLETS,
            "newsroom.delete_source",
            "newsroom.delete_outlet",
            *WORK_TYPES,
            *STANDARDS,
            *VOTES,
            *COMMENTS,
            *MODERATION,
            *PICKS,
            *GIFS,
            *FRONT,
        ),
        library=ALL_FILES,
        pages=(*EDIT_PAGES, "bulk_delete"),
    ),
    # Nothing else: `moderators_desk` closes what Wagtail opens to everybody at the desk.
    Role.MODERATOR: Rights(group="Moderators", models=(DESK, *VOTES, *COMMENTS, *MODERATION)),
    Role.ADMINISTRATOR: Rights(
        group="Administrators",
        models=(
            DESK,
            *(f"accounts.{verb}_user" for verb in ("add", "change", "view")),
            *(f"newsroom.{verb}_newsroomsettings" for verb in ("change", "view")),
            *(f"newsroom.{verb}_prepublishsettings" for verb in ("change", "view")),
            *WORK_TYPES,
            *STANDARDS,
            *(f"points.{verb}_pointssettings" for verb in ("change", "view")),
            *(f"comments.{verb}_commentsettings" for verb in ("change", "view")),
            *(f"moderation.{verb}_moderationsettings" for verb in ("change", "view")),
            *(f"wagtailredirects.{verb}_redirect" for verb in ("add", "change", "delete", "view")),
        ),
    ),
}

WORKFLOW_NAME = "Publication"
TASK_NAME = "Approval by an editor"
SECTION_GROUP_PREFIX = "Editors of "
GROUP_NAME_MAX_LENGTH = 150


def ensure_roles() -> None:
    """Bring every role's group to exactly the rights named here, and set the way to publication.

    Idempotent; to be called after the newsroom is founded and after every migration, since a new
    model brings new rights. Wagtail's first migration gives groups named "Editors" and "Moderators"
    rights over all pages: those are taken back.
    """
    with transaction.atomic():
        front = _front()
        for rights in RIGHTS.values():
            group, _created = Group.objects.get_or_create(name=rights.group)
            group.permissions.set(_permissions(rights.models))
            _set_library_rights(group, rights.library)
            group.page_permissions.all().delete()  # type: ignore[attr-defined]  # Wagtail adds it
            _add_page_rights(group, front, rights.pages)
        _ensure_workflow(front)


def grant_role(*, user: User, role: Role | str, sections: Iterable[Page] = ()) -> None:
    """Give somebody a role. `sections` are an editor's; without any, all that are there now.

    Raises Invalid for an unknown role, and for sections with a role that has none.
    """
    role = parse_role(role)
    sections = list(sections)
    if sections and role is not Role.EDITOR:
        raise Invalid(f"Only an editor has sections; {role} holds for the whole newsroom.")
    with transaction.atomic():
        groups = [Group.objects.get_or_create(name=RIGHTS[role].group)[0]]
        if role is Role.EDITOR:
            groups += [section_group(page) for page in sections or _all_sections()]
        user.groups.add(*groups)
        if not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])


def parse_role(word: str) -> Role:
    """The role of that name; raises Invalid, naming those there are."""
    try:
        return Role(word)
    except ValueError:
        known = ", ".join(Role)
        raise Invalid(f"There is no role “{word}”; please choose one of: {known}.") from None


def roles_of(user: User) -> set[Role]:
    """The roles somebody has."""
    names = set(user.groups.values_list("name", flat=True))
    return {role for role, rights in RIGHTS.items() if rights.group in names}


def section_group(section: Page) -> Group:
    """The group of those who edit and publish in this section and below; made when first needed.

    It is found by its right on the page, so a section that is renamed or moved keeps its editors.
    """
    found = Group.objects.filter(
        name__startswith=SECTION_GROUP_PREFIX, page_permissions__page_id=section.pk
    ).first()
    if found is not None:
        return found
    label = f"{SECTION_GROUP_PREFIX}{section.title}"[: GROUP_NAME_MAX_LENGTH - 20]
    group = Group.objects.create(name=f"{label} ({section.pk})")
    _add_page_rights(group, section, EDIT_PAGES)
    return group


def _front() -> Page:
    """The site's front; the root of the tree until a newsroom is founded."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return site.root_page if site else Page.get_first_root_node()


def _all_sections() -> list[Page]:
    is_section = Q(content_type__app_label="newsroom", content_type__model="section")
    return list(_front().get_children().filter(is_section))


def _permissions(names: Iterable[str]) -> list[Permission]:
    """The rights of these names, `app.codename`; those of models not there yet are left out."""
    wanted = Q(pk__in=())
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def _set_library_rights(group: Group, names: Iterable[str]) -> None:
    group.collection_permissions.all().delete()  # type: ignore[attr-defined]  # Wagtail adds it
    root = Collection.get_first_root_node()
    for permission in _permissions(names):
        GroupCollectionPermission.objects.create(
            group=group, collection=root, permission=permission
        )


def _add_page_rights(group: Group, page: Page, verbs: Iterable[str]) -> None:
    for verb in verbs:
        GroupPagePermission.objects.create(group=group, page=page, permission_type=verb)


def _ensure_workflow(front: Page) -> None:
    """One way to publication, whose only step asks whoever may publish the page."""
    task = SectionApproval.objects.filter(name=TASK_NAME).first()
    task = task or SectionApproval.objects.create(name=TASK_NAME)
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW_NAME)
    WorkflowTask.objects.get_or_create(workflow=workflow, task_id=task.pk)
    WorkflowPage.objects.update_or_create(page=front, defaults={"workflow": workflow})
    # Wagtail's own first step lets the group "Moderators" approve everything.
    stock = Workflow.objects.filter(name="Moderators approval")
    Task.objects.filter(workflow_tasks__workflow__in=stock).update(active=False)
    stock.update(active=False)
