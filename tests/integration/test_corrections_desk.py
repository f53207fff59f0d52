"""Writing a notice at the desk: the editor's menu, the form beside the differences, and its end."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html

from diurna.accounts.roles import Role
from diurna.newsroom.corrections import NoticeWords, correct
from diurna.newsroom.models import Article, ErrorOutcome, ErrorReport
from tests.factories.citing import cited, make_citation
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db

OLD = "<p>The crane came in May. It is 80 metres high. It is red.</p>"
NEW = "<p>The crane came in May. It is 60 metres high. It is red.</p>"
NOTICE = {"kind": "correction", "text": "We had misread the plan."}


def address(article: Article, purpose: str = "draft") -> str:
    return f"{reverse('diurna_correct', args=[article.pk])}?do={purpose}"


def with_draft(old: str = OLD, new: str = NEW) -> Article:
    article = make_article("A crane", body=[("text", old), ("text", "<p>More of it.</p>")])
    article = Article.objects.get(pk=article.pk)
    raw = [dict(block) for block in article.body.raw_data]
    raw[0]["value"] = new
    article.body = Article._meta.get_field("body").stream_block.to_python(raw)
    article.save_revision()
    return Article.objects.get(pk=article.pk)


def form_of(client: Client, article: Article, purpose: str = "draft") -> dict[str, Any]:
    answer = client.get(address(article, purpose))
    assert answer.status_code == 200
    return dict(answer.context["form"].initial) | {"draft": answer.context["form"]["draft"].value()}


def test_the_editor_offers_notices_for_a_live_story_only() -> None:
    client, _ = at_desk(Role.PUBLISHER)
    article = make_article()
    page = reverse("wagtailadmin_pages:edit", args=[article.pk])
    shown = client.get(page).content.decode()
    assert 'name="action-correct"' in shown
    assert address(article, "words") in shown
    assert address(article, "retract") in shown
    article.unpublish()
    assert 'name="action-correct"' not in client.get(page).content.decode()


def test_the_button_keeps_the_draft_and_goes_on_to_the_notice() -> None:
    client, _ = at_desk(Role.PUBLISHER)
    article = make_article(standfirst="Old")
    page = reverse("wagtailadmin_pages:edit", args=[article.pk])
    form = querydict_from_html(client.get(page).content.decode(), form_id="page-edit-form").dict()
    form |= {"body-count": "0", "standfirst": "New", "action-correct": "yes"}
    answer = client.post(page, form)
    assert answer.headers["Location"] == address(article)
    article = Article.objects.get(pk=article.pk)
    assert (article.standfirst, article.has_unpublished_changes) == ("Old", True)


def test_one_changed_passage_fills_the_form_with_its_sentences_and_its_place() -> None:
    client, _ = at_desk(Role.PUBLISHER)
    article = with_draft()
    initial = form_of(client, article)
    assert initial["wrong"] == "It is 80 metres high."
    assert initial["right"] == "It is 60 metres high."
    assert initial["block"] == article.body.raw_data[0]["id"]


def test_the_form_quotes_the_words_of_a_cited_sentence_without_codes() -> None:
    client, _ = at_desk(Role.PUBLISHER)
    row = make_citation("metres high.")
    old = cited("The crane came in May. It is 80 metres high.", row)[: -len("</p>")]
    article = with_draft(f"{old} It is red.</p>", f"{old} It is red.</p>".replace("80 m", "60 m"))
    initial = form_of(client, article)
    assert (initial["wrong"], initial["right"]) == (
        "It is 80 metres high.",
        "It is 60 metres high.",
    )
    shown = client.get(address(article)).content.decode()
    assert "[cite:" not in shown
    assert "high.[1]" in " ".join(re.sub(r"<[^>]+>", "", shown).split())


def test_two_changed_passages_are_left_to_the_editor() -> None:
    client, _ = at_desk(Role.PUBLISHER)
    article = with_draft()
    draft = article.get_latest_revision_as_object()
    draft.standfirst = "New"
    draft.save_revision()
    assert "wrong" not in form_of(client, Article.objects.get(pk=article.pk))


def test_publishing_answers_the_reports_that_were_ticked() -> None:
    client, editor = at_desk(Role.PUBLISHER)
    article = with_draft()
    first = ErrorReport.objects.create(article=article, explanation="It is 60 metres.")
    second = ErrorReport.objects.create(article=article, explanation="It is blue.")
    form = form_of(client, article)
    answer = client.post(address(article), {**form, **NOTICE, "reports": [first.pk]})
    assert answer.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[article.pk])
    row = article.corrections.get()
    assert (row.wrong, row.corrected_by) == ("It is 80 metres high.", editor)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, first.correction) == (ErrorOutcome.CORRECTED, row)
    assert second.outcome == ErrorOutcome.OPEN
    assert "60 metres" in client.get(article.address_path()).content.decode()


def test_a_refusal_keeps_what_was_typed() -> None:
    client, _ = at_desk(Role.PUBLISHER)
    article = with_draft()
    form = form_of(client, article)
    answer = client.post(address(article), {**form, **NOTICE, "text": "", "wrong": "Typed words"})
    assert answer.status_code == 422
    assert "Typed words" in answer.content.decode()
    assert not article.corrections.exists()


def test_a_draft_that_was_saved_again_is_shown_before_it_is_published() -> None:
    client, _ = at_desk(Role.PUBLISHER)
    article = with_draft()
    form = form_of(client, article)
    article.get_latest_revision_as_object().save_revision()
    answer = client.post(address(article), {**form, **NOTICE})
    assert answer.status_code == 422
    assert "saved again" in answer.content.decode()
    assert NOTICE["text"] in answer.content.decode()
    again = answer.context["form"]["draft"].value()
    assert client.post(address(article), {**form, **NOTICE, "draft": again}).status_code == 302


def test_a_draft_that_a_colleague_published_meanwhile_is_said_with_what_was_typed() -> None:
    client, editor = at_desk(Role.PUBLISHER)
    article = with_draft()
    form = form_of(client, article)
    article.get_latest_revision().publish(user=editor)
    answer = client.post(address(article), {**form, **NOTICE})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "published the draft meanwhile" in shown
    assert NOTICE["text"] in shown
    assert not article.corrections.exists()
    assert 'action="?do=words"' in shown
    assert client.post(address(article, "words"), {**form, **NOTICE}).status_code == 302


def test_a_retraction_is_the_only_kind_of_its_form_and_is_offered_once() -> None:
    client, _ = at_desk(Role.PUBLISHER)
    article = make_article()
    answer = client.post(address(article, "retract"), {"kind": "correction", "text": "Wrong."})
    assert answer.status_code == 422
    answer = client.post(address(article, "retract"), {"kind": "retraction", "text": "Wrong."})
    assert answer.status_code == 302
    article = Article.objects.get(pk=article.pk)
    assert article.retracted_at is not None
    page = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert address(article, "retract") not in client.get(page).content.decode()
    assert client.get(address(article, "retract")).context["purpose"] == "words"


def test_what_another_editor_did_meanwhile_is_said_in_the_form() -> None:
    client, editor = at_desk(Role.PUBLISHER)
    article = make_article()
    form = {"kind": "retraction", "text": "Wrong."}
    notice = NoticeWords(kind="retraction", text="Wrong first.")
    correct(article=article, actor=editor, notice=notice, publish_draft=False)
    answer = client.post(address(article, "retract"), form)
    assert answer.status_code == 422
    assert article.corrections.count() == 1


def test_the_preview_shows_the_notice_and_stores_nothing() -> None:
    client, _ = at_desk(Role.PUBLISHER)
    article = make_article()
    page = reverse("diurna_correct_preview", args=[article.pk])
    answer = client.post(page, {**NOTICE, "wrong": "<b>80</b>"})
    shown = answer.content.decode()
    assert NOTICE["text"] in shown
    assert "&lt;b&gt;80" in shown
    assert not article.corrections.exists()


@pytest.mark.parametrize("name", ["diurna_correct", "diurna_correct_preview"])
def test_it_takes_the_right_to_publish(name: str) -> None:
    client, writer = at_desk(Role.WRITER)
    article = make_article(owner=writer)
    answer = client.post(reverse(name, args=[article.pk]), NOTICE)
    assert answer.status_code == 302
    assert "corrections" not in answer.headers["Location"]
    assert not article.corrections.exists()
