"""Who may do what, asked from Wagtail's permission API and over the desk's own addresses."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.test.utils.form_data import querydict_from_html

from diurna.accounts.models import User
from diurna.accounts.roles import RIGHTS, Role, ensure_roles, grant_role, roles_of, section_group
from diurna.common.errors import Invalid
from diurna.newsroom.models import Article, Section
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_article, make_draft, make_front, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour() -> Section:
    return make_section("Harbour")


@pytest.fixture
def court() -> Section:
    return make_section("Court")


def rights(page: Page, user: object) -> set[str]:
    """The words of what somebody may do with a page."""
    tester = page.permissions_for_user(user)
    words = ("edit", "publish", "unpublish", "delete", "add_subpage", "lock")
    return {word for word in words if getattr(tester, f"can_{word}")()}


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at_desk(user: object) -> Client:
    enrol(user)
    return signed_in(user)


class TestWriter:
    def test_writes_in_every_section_and_publishes_in_none(self, harbour: Section) -> None:
        writer = make_person(Role.WRITER)
        own = make_draft("Own", section=harbour, owner=writer)
        assert rights(harbour, writer) == {"add_subpage"}
        assert rights(own, writer) == {"edit", "delete"}

    def test_does_not_touch_what_others_wrote(self, harbour: Section) -> None:
        writer = make_person(Role.WRITER)
        assert rights(make_draft("Foreign", section=harbour), writer) == set()
        assert rights(make_article("Live", section=harbour), writer) == set()

    def test_does_not_take_back_what_was_published(self, harbour: Section) -> None:
        writer = make_person(Role.WRITER)
        live = make_article("Live", section=harbour, owner=writer)
        assert rights(live, writer) == {"edit"}

    def test_submits_for_approval(self, harbour: Section) -> None:
        writer = make_person(Role.WRITER)
        own = make_draft("Own", section=harbour, owner=writer)
        assert own.permissions_for_user(writer).can_submit_for_moderation()

    def test_cannot_publish_by_sending_the_button_that_is_not_there(self, harbour: Section) -> None:
        writer = make_person(Role.WRITER)
        own = make_draft("Own", section=harbour, owner=writer)
        address = reverse("wagtailadmin_pages:edit", args=[own.pk])
        client = at_desk(writer)
        form = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form")
        client.post(address, form.dict() | {"body-count": "0", "action-publish": "yes"})
        own.refresh_from_db()
        assert not own.live

    @pytest.mark.parametrize("kind", ["section", "informationpage"])
    def test_makes_articles_only(self, harbour: Section, kind: str) -> None:
        parent = harbour if kind == "section" else make_front()
        address = reverse("wagtailadmin_pages:add", args=["newsroom", kind, parent.pk])
        response = at_desk(make_person(Role.WRITER)).get(address)
        assert response.status_code == 302


class TestEditor:
    def test_edits_and_publishes_in_the_sections_given(self, harbour: Section) -> None:
        editor = make_person(Role.EDITOR, sections=[harbour])
        live = make_article("Live", section=harbour)
        assert rights(live, editor) == {"edit", "publish", "unpublish", "delete", "lock"}
        assert "add_subpage" in rights(harbour, editor)

    def test_does_so_in_the_sections_below_too(self, harbour: Section) -> None:
        editor = make_person(Role.EDITOR, sections=[harbour])
        below = make_section("Fishing", parent=harbour)
        assert "publish" in rights(make_draft("Deep", section=below), editor)

    def test_has_nothing_to_say_in_other_sections(self, harbour: Section, court: Section) -> None:
        editor = make_person(Role.EDITOR, sections=[harbour])
        assert rights(court, editor) == set()
        assert rights(make_article("Live", section=court), editor) == set()
        assert rights(make_front(), editor) == set()

    def test_without_sections_has_all_that_are_there(
        self, harbour: Section, court: Section
    ) -> None:
        editor = make_person(Role.EDITOR)
        assert "publish" in rights(make_draft("One", section=harbour), editor)
        assert "publish" in rights(make_draft("Two", section=court), editor)
        assert rights(make_front(), editor) == set()

    def test_cannot_publish_elsewhere_over_the_desk(self, harbour: Section, court: Section) -> None:
        editor = make_person(Role.EDITOR, sections=[harbour])
        live = make_article("Live", section=court)
        response = at_desk(editor).post(reverse("wagtailadmin_pages:unpublish", args=[live.pk]))
        live.refresh_from_db()
        assert response.status_code == 302
        assert live.live

    def test_keeps_the_section_when_it_is_renamed(self, harbour: Section) -> None:
        group = section_group(harbour)
        harbour.title = "Port"
        harbour.save()
        assert section_group(harbour) == group

    def test_keeps_the_catalogue_of_contributors_and_topics(self, harbour: Section) -> None:
        editor = make_person(Role.EDITOR, sections=[harbour])
        assert editor.has_perm("newsroom.change_contributor")
        assert editor.has_perm("newsroom.add_topic")
        assert not editor.has_perm("newsroom.delete_topic")


class TestPublisher:
    def test_edits_and_publishes_everywhere(self, harbour: Section, court: Section) -> None:
        publisher = make_person(Role.PUBLISHER)
        for section in (harbour, court):
            assert "publish" in rights(make_draft(section=section), publisher)
        assert {"edit", "publish", "add_subpage"} <= rights(make_front(), publisher)

    def test_says_which_types_of_work_have_comments_and_points(self) -> None:
        for role in (Role.PUBLISHER, Role.ADMINISTRATOR):
            assert make_person(role).has_perm("newsroom.change_worktyperule")
        assert not make_person(Role.EDITOR).has_perm("newsroom.change_worktyperule")

    def test_manages_no_people_and_no_settings(self) -> None:
        publisher = make_person(Role.PUBLISHER)
        assert not publisher.has_perm("accounts.change_user")
        assert not publisher.has_perm("newsroom.change_newsroomsettings")


class TestModerator:
    def test_enters_the_desk_and_touches_no_page(self, harbour: Section) -> None:
        moderator = make_person(Role.MODERATOR)
        live = make_article("Live", section=harbour)
        client = at_desk(moderator)
        assert client.get(reverse("wagtailadmin_home")).status_code == 200
        assert client.get(reverse("wagtailadmin_pages:edit", args=[live.pk])).status_code == 302
        assert rights(live, moderator) == set()

    def test_approves_nothing(self, harbour: Section) -> None:
        writer, moderator = make_person(Role.WRITER), make_person(Role.MODERATOR)
        submitted = submit(make_draft("Own", section=harbour, owner=writer), writer)
        assert submitted.current_workflow_task.specific.get_actions(submitted, moderator) == []
        assert not TaskState.objects.reviewable_by(moderator)


class TestAdministrator:
    def test_manages_people_and_settings_and_no_pages(self, harbour: Section) -> None:
        administrator = make_person(Role.ADMINISTRATOR)
        live = make_article("Live", section=harbour)
        assert administrator.has_perm("accounts.change_user")
        assert administrator.has_perm("newsroom.change_newsroomsettings")
        assert rights(live, administrator) == set()

    def test_never_becomes_superuser(self) -> None:
        administrator = make_person(Role.ADMINISTRATOR)
        address = reverse("wagtailusers_users:edit", args=[administrator.pk])
        groups = [group.pk for group in administrator.groups.all()]
        at_desk(administrator).post(
            address,
            {
                "email": administrator.email,
                "display_name": "A",
                "groups": groups,
                "is_superuser": "on",
            },
        )
        administrator.refresh_from_db()
        assert administrator.display_name == "A"
        assert not administrator.is_superuser

    def test_cannot_take_over_a_superuser(self) -> None:
        owner = make_person(email="owner@news.example")
        owner.is_superuser = True
        owner.save()
        address = reverse("wagtailusers_users:edit", args=[owner.pk])
        at_desk(make_person(Role.ADMINISTRATOR)).post(
            address, {"email": "mine@news.example", "display_name": "A"}
        )
        owner.refresh_from_db()
        assert owner.email == "owner@news.example"

    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMINISTRATOR])
    def test_is_the_only_one_with_people(self, role: Role) -> None:
        response = at_desk(make_person(role)).get(reverse("wagtailusers_users:index"))
        assert response.status_code == 302

    def test_invites_with_a_link_and_no_password(self) -> None:
        ensure_roles()
        client = at_desk(make_person(Role.ADMINISTRATOR))
        writers = Group.objects.get(name=RIGHTS[Role.WRITER].group)
        response = client.post(
            reverse("wagtailusers_users:add"),
            {"email": "New@News.example", "display_name": "New", "groups": [writers.pk]},
            follow=True,
        )
        assert "/account/welcome/" in response.content.decode()
        person = User.objects.get(email="new@news.example")
        assert roles_of(person) == {Role.WRITER}
        assert not person.has_usable_password()
        assert person.is_staff


class TestApproval:
    def test_the_sections_editor_approves_and_thereby_publishes(self, harbour: Section) -> None:
        writer = make_person(Role.WRITER)
        editor = make_person(Role.EDITOR, sections=[harbour])
        submitted = submit(make_draft("Own", section=harbour, owner=writer), writer)
        assert list(TaskState.objects.reviewable_by(editor))
        submitted.current_workflow_state.current_task_state.approve(user=editor)
        submitted.refresh_from_db()
        assert submitted.live

    def test_an_editor_of_another_section_does_not(self, harbour: Section, court: Section) -> None:
        writer = make_person(Role.WRITER)
        stranger = make_person(Role.EDITOR, sections=[court])
        submitted = submit(make_draft("Own", section=harbour, owner=writer), writer)
        task = submitted.current_workflow_task.specific
        assert task.get_actions(submitted, stranger) == []
        assert not TaskState.objects.reviewable_by(stranger)
        assert rights(submitted, stranger) == set()

    def test_the_writer_waits_meanwhile(self, harbour: Section) -> None:
        writer = make_person(Role.WRITER)
        submitted = submit(make_draft("Own", section=harbour, owner=writer), writer)
        assert submitted.permissions_for_user(writer).page_locked()


class TestGranting:
    def test_takes_back_what_wagtails_first_migration_gave(self) -> None:
        make_front()
        ensure_roles()
        for name in ("Editors", "Moderators"):
            assert not Group.objects.get(name=name).page_permissions.exists()

    def test_is_repeatable(self) -> None:
        make_front()
        ensure_roles()
        before = {g.name: set(g.permissions.all()) for g in Group.objects.all()}
        ensure_roles()
        assert {g.name: set(g.permissions.all()) for g in Group.objects.all()} == before

    def test_names_the_roles_there_are(self) -> None:
        with pytest.raises(Invalid, match="writer, editor, publisher, moderator, administrator"):
            grant_role(user=make_person(), role="king")

    def test_refuses_sections_for_a_role_without_any(self, harbour: Section) -> None:
        with pytest.raises(Invalid, match="Only an editor has sections"):
            grant_role(user=make_person(), role=Role.PUBLISHER, sections=[harbour])

    @pytest.mark.parametrize("role", list(Role))
    def test_finds_every_right_it_names(self, role: Role) -> None:
        """A right that does not exist would be left out in silence."""
        ensure_roles()
        group = Group.objects.get(name=RIGHTS[role].group)
        found = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        assert found == set(RIGHTS[role].models)
        assert group.collection_permissions.count() == len(RIGHTS[role].library)


def submit(article: Article, writer: object) -> Article:
    """Send a draft to approval, as the desk does."""
    article.save_revision(user=writer)
    article.get_workflow().start(article, writer)
    assert WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS).exists()
    return Article.objects.get(pk=article.pk)
