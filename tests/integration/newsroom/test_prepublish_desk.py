"""The check at the desk: what is asked before a story is published, by which way, and the trail."""

from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry
from wagtail.test.utils.form_data import querydict_from_html

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.newsroom.citation_marks import marker
from diurna.newsroom.models import (
    Article,
    Contributor,
    ErrorReport,
    Level,
    Overruling,
    PrepublishSettings,
)
from diurna.newsroom.prepublish import let_stand, publish_all_the_same, unseen
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.removal import remove_article
from diurna.operations.schedule import publish_due
from tests.factories.accounts import enrol, make_person
from tests.factories.citing import make_citation, make_source, set_text
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_contributor, make_draft, make_section, make_topic

pytestmark = pytest.mark.django_db

SAID = "The mayor said that the crane was safe."


def whole(by: Contributor | None = None, text: str = "It turns.", **fields: Any) -> Article:
    """A stored draft in which nothing is to be found but what the text gives."""
    draft = make_draft(
        standfirst="It turns.",
        topics=[make_topic()],
        by={"writing": [by or make_contributor()]},
        body=[("text", f"<p>{text}</p>")],
        **fields,
    )
    draft.save_revision()
    return draft


def press_publish(client: Client, article: Article, **more: str) -> Any:
    """Press "Publish" in the editor; the answer."""
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    page = client.get(address).content.decode()
    form = querydict_from_html(page, form_id="page-edit-form").dict()
    return client.post(address, {**_body(form, article), "action-publish": "yes", **more})


def _body(form: dict[str, Any], article: Article) -> dict[str, Any]:
    # The body's fields are made by a script: one text block, as `whole` has it.
    block = article.body[0]
    raw = (
        '{"blocks": [{"key": "a", "text": "%s", "type": "unstyled", "depth": 0,'
        ' "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}'
    )
    words = block.value.source.removeprefix("<p>").removesuffix("</p>")
    return form | {
        "body-count": "1",
        "body-0-id": block.id,
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-value": raw % words,
    }


def check_page(article: Article) -> str:
    return reverse("diurna_check", args=[article.pk])


def is_live(article: Article) -> bool:
    return Article.objects.get(pk=article.pk).live


def bulk_publish(client: Client, *articles: Article, below: str = "off") -> Any:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    numbers = "&".join(f"id={article.pk}" for article in articles)
    return client.post(f"{address}?{numbers}", {"include_descendants": below})


class TestPressingPublish:
    def test_publishes_at_once_where_nothing_is_found(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole()
        assert "/check/" not in press_publish(client, draft).headers["Location"]
        assert is_live(draft)

    def test_shows_what_was_found_and_publishes_with_one_press(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=SAID)
        location = press_publish(client, draft).headers["Location"]
        assert location == check_page(draft)
        assert not is_live(draft)
        page = client.get(location).content.decode()
        assert SAID in page
        assert "1 hint" in page
        assert f"#:w:contentpath=body.{draft.body[0].id}" in page
        form = querydict_from_html(page, form_id="check-form")
        client.post(location, form)
        assert is_live(draft)
        assert not Overruling.objects.exists()

    def test_does_not_ask_twice_about_the_same(self) -> None:
        client, user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=SAID)
        publish_all_the_same(article=draft, actor=user, shown=_names(draft, user))
        draft.refresh_from_db()
        assert "/check/" not in press_publish(client, draft).headers["Location"]
        draft = set_text(draft, f"<p>{SAID}</p>", "<p>She said that it was new.</p>")
        draft.save_revision()
        assert [each.about for each in unseen(draft, user)] == ["She said that it was new."]

    def test_asks_again_about_what_was_gone_meanwhile(self) -> None:
        user = make_person(Role.PUBLISHER)
        draft = whole(text=SAID)
        publish_all_the_same(article=draft, actor=user, shown=_names(draft, user))
        draft = set_text(Article.objects.get(pk=draft.pk), "<p>It turns.</p>")
        draft.save_revision()
        publish_all_the_same(article=draft, actor=user, shown=[])
        draft = set_text(Article.objects.get(pk=draft.pk), f"<p>{SAID}</p>")
        assert len(unseen(draft, user)) == 1

    def test_of_what_changed_since_it_was_shown_asks_again(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=SAID)
        answer = client.post(check_page(draft), {"shown": ["0" * 16]})
        assert answer.status_code == 409
        assert "changed meanwhile" in answer.content.decode()
        assert not is_live(draft)

    def test_more_than_the_page_lists_can_be_published(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("diurna.newsroom.prepublish.page.MOST_LISTED", 2)
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=" ".join(f"She said that it cost {number}." for number in range(5)))
        page = client.get(check_page(draft)).content.decode()
        assert page.count("check-finding--hint") == 2
        assert "And 3 more" in page
        client.post(check_page(draft), querydict_from_html(page, form_id="check-form"))
        assert is_live(draft)

    def test_says_when_it_does_not_know_the_language(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=SAID, language="pt-br")
        page = client.get(check_page(draft)).content.decode()
        assert "(pt-br) is not one whose attributions can be looked for" in page

    def test_schedules_what_has_a_time(self) -> None:
        client, user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=SAID)
        with time_machine.travel("2026-11-02T09:00:00Z", tick=False):
            draft.go_live_at = "2026-11-02T10:00:00Z"
            draft.save_revision()
            answer = client.post(check_page(draft), {"shown": _names(draft, user)}, follow=True)
            assert "is scheduled for publishing" in answer.content.decode()
            assert not is_live(draft)
        with time_machine.travel("2026-11-02T10:01:00Z", tick=False):
            publish_due()
        assert is_live(draft)


class TestErrors:
    @pytest.fixture(autouse=True)
    def _attributions_are_errors(self) -> None:
        PrepublishSettings.objects.create(attribution=Level.ERROR)

    def test_are_overruled_with_a_reason_that_is_kept(self) -> None:
        client, user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=SAID)
        page = client.get(check_page(draft)).content.decode()
        assert "1 error" in page
        form = {"shown": _names(draft, user), "reason": " The tape is  in the safe. "}
        client.post(check_page(draft), form)
        assert is_live(draft)
        row = Overruling.objects.get()
        assert (row.article_id, row.by, row.reason) == (draft.pk, user, "The tape is in the safe.")
        assert [each["about"] for each in row.findings] == [SAID]
        entry = PageLogEntry.objects.get(page=draft.pk, action="diurna.overrule")
        assert entry.data == {"reason": "The tape is in the safe.", "checks": ["attribution"]}
        assert "The tape is in the safe." in entry.message
        listed = client.get(reverse("diurna_overrulings")).content.decode()
        assert "The tape is in the safe." in listed
        assert "Ben Oduya" in listed
        assert SAID in listed

    def test_say_of_a_source_only_which_one_it_was(self) -> None:
        client, user = at_desk(Role.PUBLISHER)
        PrepublishSettings.objects.update(dead_source=Level.ERROR)
        source = make_source("The blog of Ann Kay", address="https://ann.example/", state="dead")
        row = make_citation("The crane turns.", source)
        draft = whole(text=f"The crane turns.{marker(row.uuid)}")
        form = {"shown": _names(draft, user), "reason": "There is a copy."}
        assert "ann.example" in client.get(check_page(draft)).content.decode()
        client.post(check_page(draft), form)
        (finding,) = Overruling.objects.get().findings
        assert (finding["check"], finding["source"]) == ("dead_source", str(source.uuid))
        assert not [name for name in ("Ann Kay", "ann.example") if name in str(finding)]
        listed = client.get(reverse("diurna_overrulings")).content.decode()
        assert f"/newsroom/sources/{source.uuid}/" in listed
        assert "Ann Kay" not in listed

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
    def test_stand_in_the_way_without_one(self, reason: str) -> None:
        client, user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=SAID)
        answer = client.post(check_page(draft), {"shown": _names(draft, user), "reason": reason})
        assert answer.status_code == 422
        assert not is_live(draft)
        assert not Overruling.objects.exists()

    def test_are_overruled_by_who_may_publish_the_story_alone(self) -> None:
        writer = make_person(Role.WRITER)
        draft = whole(text=SAID, owner=writer)
        with pytest.raises(Refused):
            let_stand(article=draft, actor=writer, shown=_names(draft, writer), reason="So.")
        editor = make_person(Role.EDITOR, sections=[make_section("Court")])
        with pytest.raises(Refused):
            let_stand(article=draft, actor=editor, shown=_names(draft, editor), reason="So.")

    def test_that_were_overruled_are_not_asked_about_again(self) -> None:
        user = make_person(Role.PUBLISHER)
        draft = whole(text=SAID)
        let_stand(article=draft, actor=user, shown=_names(draft, user), reason="So.")
        assert unseen(draft, user) == []
        assert let_stand(article=draft, actor=user, shown=[]) is None

    def test_go_with_a_story_that_is_removed_for_legal_reasons(self) -> None:
        user = make_person(Role.PUBLISHER)
        draft = whole(text=SAID)
        form = {"shown": _names(draft, user), "reason": "So."}
        publish_all_the_same(article=draft, actor=user, **form)
        article = Article.objects.get(pk=draft.pk)
        remove_article(article=article, actor=user, reason="A court order.")
        assert not Overruling.objects.exists()

    def test_rows_have_a_reason_in_the_database(self) -> None:
        draft = whole()
        with pytest.raises(IntegrityError), transaction.atomic():
            Overruling.objects.create(article=draft, findings=[], reason="")

    def test_of_a_draft_that_changed_are_not_overruled(self) -> None:
        user = make_person(Role.PUBLISHER)
        draft = whole(text=SAID)
        with pytest.raises(Conflicting):
            let_stand(article=draft, actor=user, shown=[], reason="So.")
        with pytest.raises(Invalid):
            let_stand(article=draft, actor=user, shown=_names(draft, user))


class TestOtherWays:
    def test_an_approval_shows_it_first(self) -> None:
        client, user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = _submitted(whole(text=SAID))
        state = draft.current_workflow_task_state
        answer = client.post(
            reverse("wagtailadmin_pages:workflow_action", args=[draft.pk, "approve", state.pk]),
            {"comment": "Well done."},
        )
        assert answer.headers["Location"] == (
            f"{check_page(draft)}?then=approve&comment=Well+done."
        )
        assert not is_live(draft)
        form = {"shown": _names(draft, user), "then": "approve", "comment": "Well done."}
        client.post(check_page(draft), form)
        assert is_live(draft)
        state.refresh_from_db()
        assert (state.status, state.comment, state.finished_by) == (
            "approved", "Well done.", user,
        )  # fmt: skip

    def test_an_approval_in_the_editor_shows_it_first(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = _submitted(whole(text=SAID))
        address = reverse("wagtailadmin_pages:edit", args=[draft.pk])
        form = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form")
        answer = client.post(
            address,
            _body(form.dict(), draft)
            | {"action-workflow-action": "true", "workflow-action-name": "approve"},
        )
        assert answer.headers["Location"] == f"{check_page(draft)}?then=approve"
        assert not is_live(draft)

    def test_an_approval_goes_on_where_nothing_is_found(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = _submitted(whole())
        state = draft.current_workflow_task_state
        address = reverse(
            "wagtailadmin_pages:workflow_action", args=[draft.pk, "approve", state.pk]
        )
        client.post(address, {"comment": ""})
        assert is_live(draft)

    def test_publishing_several_stops_at_one_with_something_new(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        fine, other = whole(), whole(text=SAID)
        answer = bulk_publish(client, fine, other)
        assert answer.headers["Location"] == check_page(other)
        assert not is_live(fine)
        assert not is_live(other)

    def test_publishing_several_publishes_where_nothing_is_found(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        fine = whole()
        bulk_publish(client, fine)
        assert is_live(fine)

    def test_publishing_a_section_with_its_drafts_stops_as_well(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=SAID)
        section = draft.get_parent()
        section.unpublish()
        bulk_publish(client, section, below="on")
        assert not is_live(draft)

    def test_actions_are_not_stopped(self) -> None:
        draft = whole(text=SAID)
        publish_article(article=draft, actor=None)
        assert is_live(draft)


class TestNameThatNamesNobody:
    def test_is_asked_about_before_it_is_published(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ada Pinto")
        draft = whole(by=make_contributor("admin"))
        location = press_publish(client, draft).headers["Location"]
        assert not is_live(draft)
        assert "“admin” tells readers nothing" in client.get(location).content.decode()

    def test_is_asked_about_when_it_is_the_account_that_would_be_named(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="webadmin")
        draft = whole()
        location = press_publish(client, draft).headers["Location"]
        assert "Published by webadmin" in client.get(location).content.decode()

    def test_is_not_asked_about_when_the_account_is_in_the_by_line(self) -> None:
        user = _named("webadmin")
        draft = whole(by=make_contributor("Ada Pinto", user=user))
        assert unseen(draft, user) == []

    def test_is_not_passed_over_by_publishing_several_at_once(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ada Pinto")
        draft = whole(by=make_contributor("admin"))
        bulk_publish(client, draft)
        assert not is_live(draft)


class TestWhoSeesIt:
    def test_a_writer_sees_the_findings_of_an_own_draft_and_no_button(self) -> None:
        client, user = at_desk(Role.WRITER, name="Ana Reis")
        draft = whole(text=SAID, owner=user)
        draft.save_revision(user=user)
        page = client.get(check_page(draft)).content.decode()
        assert SAID in page
        assert 'name="shown"' not in page
        client.post(check_page(draft), {"shown": _names(draft, user)})
        assert not is_live(draft)

    def test_others_do_not(self) -> None:
        client, _user = at_desk(Role.WRITER, name="Ana Reis")
        draft = whole(text=SAID)
        for address in (check_page(draft), f"{check_page(draft)}part/"):
            assert SAID not in client.get(address, follow=True).content.decode()

    def test_an_editor_lists_what_was_overruled_in_the_own_sections(self) -> None:
        harbour, court = make_section("Harbour"), make_section("Court")
        client = Client()
        editor = make_person(Role.EDITOR, sections=[harbour])
        enrol(editor)
        client.force_login(editor)
        for section in (harbour, court):
            draft = whole(section=section)
            Overruling.objects.create(
                article=draft, findings=[], reason=f"Because of {section.title}.", by=editor
            )
        page = client.get(reverse("diurna_overrulings")).content.decode()
        assert "Because of Harbour." in page
        assert "Because of Court." not in page

    def test_the_editor_has_a_tab_that_is_filled_from_the_draft(self) -> None:
        client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        draft = whole(text=SAID)
        page = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
        part = reverse("diurna_check_part", args=[draft.pk])
        assert f'data-check-part="{part}"' in page
        assert SAID in client.get(part).content.decode()


def _names(article: Article, user: User) -> list[str]:
    return [finding.name for finding in unseen(article.get_latest_revision_as_object(), user)]


def _named(name: str) -> User:
    user = make_person(Role.PUBLISHER)
    User.objects.filter(pk=user.pk).update(display_name=name)
    user.refresh_from_db()
    return user


def _submitted(draft: Article) -> Article:
    writer = make_person(Role.WRITER)
    draft.get_workflow().start(draft, writer)
    return Article.objects.get(pk=draft.pk)


class TestWithACorrection:
    def test_the_form_shows_hints_and_publishing_lets_them_stand(self) -> None:
        client, user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        article = _live_with_draft()
        page = client.get(f"{reverse('diurna_correct', args=[article.pk])}?do=draft")
        assert SAID in page.content.decode()
        form = querydict_from_html(page.content.decode(), form_index=0).dict()
        address = f"{reverse('diurna_correct', args=[article.pk])}?do=draft"
        client.post(address, {**form, "kind": "correction", "text": "We had misread the plan."})
        article = Article.objects.get(pk=article.pk)
        assert article.corrections.count() == 1
        assert unseen(article.get_latest_revision_as_object(), user) == []

    def test_errors_are_overruled_before_the_notice_is_written(self) -> None:
        PrepublishSettings.objects.create(attribution=Level.ERROR)
        client, user = at_desk(Role.PUBLISHER, name="Ben Oduya")
        article = _live_with_draft()
        notice = reverse("diurna_correct", args=[article.pk])
        location = client.get(f"{notice}?do=draft").headers["Location"]
        assert location == f"{check_page(article)}?then=correct"
        form = {"shown": _names(article, user), "then": "correct", "reason": "So."}
        assert client.post(check_page(article), form).headers["Location"] == notice
        assert Overruling.objects.count() == 1
        assert client.get(f"{notice}?do=draft").status_code == 200
        assert SAID not in Article.objects.get(pk=article.pk).body[0].value.source

    def test_the_error_report_that_it_answers_is_known_after_overruling(self) -> None:
        PrepublishSettings.objects.create(attribution=Level.ERROR)
        client, _user = at_desk(Role.PUBLISHER)
        article = _live_with_draft()
        report = ErrorReport.objects.create(article=article, explanation="It is 60 metres.")
        notice = f"{reverse('diurna_correct', args=[article.pk])}?report={report.uuid}"
        check = client.get(client.get(notice).headers["Location"])
        form = querydict_from_html(check.content.decode(), form_id="check-form").dict()
        answer = client.post(check_page(article), {**form, "reason": "So."}, follow=True)
        assert answer.redirect_chain == [(notice, 302)]
        assert answer.context["form"].initial["reports"] == [report.pk]


def _live_with_draft() -> Article:
    article = whole()
    publish_article(article=article, actor=None)
    set_text(article, f"<p>{SAID}</p>").save_revision()
    return Article.objects.get(pk=article.pk)
