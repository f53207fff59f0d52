"""What the check finds in a draft, and what the newsroom's settings make of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from diurna.newsroom.models import (
    Anonymity,
    Article,
    Claim,
    Level,
    NewsroomSettings,
    PrepublishSettings,
    SourceState,
)
from diurna.newsroom.prepublish import Check, Finding, findings
from tests.factories.citing import cited, make_citation, make_source, set_text
from tests.factories.newsroom import (
    make_contributor,
    make_draft,
    make_photograph,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db


def whole(**fields: Any) -> Article:
    """A draft in which nothing is to be found."""
    given: dict[str, Any] = {
        "standfirst": "It turns.",
        "topics": [make_topic()],
        "by": {"writing": [make_contributor()]},
    }
    return make_draft(**{**given, **fields})


def text_of(*paragraphs: str, **fields: Any) -> Article:
    return set_text(whole(**fields), *paragraphs)


def found(article: Article) -> list[Finding]:
    return findings(article, None)


def checks(article: Article) -> list[Check]:
    return [finding.check for finding in found(article)]


def about(article: Article, check: Check) -> list[str]:
    return [finding.about for finding in found(article) if finding.check is check]


SAID = "The mayor said that the crane was safe."


class TestAttributions:
    def test_of_a_whole_draft_finds_nothing(self) -> None:
        assert found(whole()) == []

    def test_gives_the_sentence_its_place_and_why(self) -> None:
        article = text_of("<p>It is tall.</p>", f"<p>It is red. {SAID} It turns.</p>")
        (finding,) = found(article)
        assert finding.check is Check.ATTRIBUTION
        assert finding.about == SAID
        assert finding.path == f"body.{article.body[1].id}"
        assert "part 2" in finding.place
        assert "“said”" in finding.why

    @pytest.mark.parametrize("words", [SAID, SAID.rstrip("."), f"It is red. {SAID}"])
    def test_counts_a_sentence_as_cited_when_a_marker_stands_in_it(self, words: str) -> None:
        assert checks(text_of(cited(words, make_citation(words)))) == []

    def test_does_not_count_the_marker_of_another_sentence(self) -> None:
        row = make_citation("It is red.")
        article = text_of(cited("It is red.", row).replace("</p>", f" {SAID}</p>"))
        assert about(article, Check.ATTRIBUTION) == [SAID]

    def test_marks_each_sentence_once(self) -> None:
        assert (
            len(found(text_of(f"<p>{SAID[:-1]}, and told the council that it was new.</p>"))) == 1
        )

    def test_reads_lists_and_boxes(self) -> None:
        items = {"style": "plain", "items": [{"heading": "One", "text": f"<p>{SAID}</p>"}]}
        box = {"heading": "Facts", "text": f"<p>{SAID}</p>"}
        article = whole()
        article.body = article.body.stream_block.to_python(
            [{"type": "list", "value": items}, {"type": "fact_box", "value": box}]
        )
        assert about(article, Check.ATTRIBUTION) == [SAID, SAID]

    def test_asks_where_a_quotation_block_stands(self) -> None:
        words = {"text": "<p>It is red.</p>", "attribution": "The mayor", "address": ""}
        bare, sourced = whole(), whole()
        block = bare.body.stream_block
        bare.body = block.to_python([{"type": "quote", "value": words}])
        sourced.body = block.to_python(
            [{"type": "quote", "value": {**words, "address": "https://mayor.example/speech"}}]
        )
        assert about(bare, Check.ATTRIBUTION) == ["It is red."]
        assert found(sourced) == []

    def test_leaves_what_is_in_another_language(self) -> None:
        assert found(text_of(f"<p>{SAID}</p>", language="ar")) == []

    def test_leaves_it_in_a_newsroom_of_another_language(self) -> None:
        article = text_of(f"<p>{SAID}</p>")
        NewsroomSettings.objects.update(language="pt-br")
        assert found(article) == []


class TestCitations:
    def test_a_quotation_is_to_be_checked_against_its_passage(self) -> None:
        day = date(2026, 11, 1)
        rows = [
            make_citation("a", claim=Claim.QUOTE, passage="a", checked_on=day),
            make_citation("b", claim=Claim.QUOTE, passage="b"),
            make_citation("c", claim=Claim.QUOTE, checked_on=day),
            make_citation("d"),
        ]
        article = text_of(*(cited(row.exact, row) for row in rows))
        assert about(article, Check.QUOTATION) == ["b", "c"]

    def test_an_unnamed_source_is_to_be_approved(self) -> None:
        unnamed = {"anonymity": Anonymity.UNNAMED, "anonymity_reason": "Fears for the job."}
        approved = make_source("A clerk", **unnamed, approved_at=datetime(2026, 11, 1, tzinfo=UTC))
        waiting = make_source("A docker", **unnamed)
        rows = [make_citation("a", source=approved), make_citation("b", source=waiting)]
        article = text_of(*(cited(row.exact, row) for row in rows))
        (finding,) = found(article)
        assert (finding.check, finding.about) == (Check.ANONYMOUS, "A docker")
        assert finding.is_error

    def test_a_marker_needs_its_citation(self) -> None:
        row = make_citation("red")
        article = text_of(cited("red", row))
        row.delete()
        (finding,) = found(article)
        assert finding.check is Check.MARKER
        assert finding.is_error
        assert finding.path == f"body.{article.body[0].id}"

    def test_the_cited_words_are_to_stand_before_the_marker(self) -> None:
        row = make_citation("blue")
        assert about(text_of(cited("red", row)), Check.WORDS_GONE) == ["blue"]

    def test_a_cited_page_is_to_be_there(self) -> None:
        gone = make_source("Plan", address="https://plan.example/", state=SourceState.DEAD)
        row = make_citation("red", source=gone)
        assert about(text_of(cited("red", row)), Check.DEAD_SOURCE) == [
            "Plan https://plan.example/"
        ]


class TestPictures:
    def test_of_the_lead_need_description_credit_and_licence(self) -> None:
        article = whole(lead_image=make_photograph("A crane"))
        assert checks(article) == [Check.ALT_TEXT, Check.CREDIT, Check.LICENCE]

    def test_with_all_of_it_are_fine(self) -> None:
        picture = make_photograph("A crane", credit="Ana Reis", licence="CC BY 4.0")
        assert found(whole(lead_image=picture, lead_image_alt="A crane.")) == []
        assert found(whole(lead_image=picture, lead_image_decorative=True)) == []

    def test_in_the_text_and_in_galleries_have_their_own_places(self) -> None:
        picture = make_photograph("A crane", credit="Ana Reis", licence="CC BY 4.0")
        value = {"image": picture.pk, "alt": "", "decorative": False, "caption": ""}
        article = whole()
        article.body = article.body.stream_block.to_python(
            [
                {"type": "image", "value": value},
                {"type": "gallery", "value": {"title": "", "columns": "3", "pictures": [value]}},
            ]
        )
        first, second = found(article)
        assert first.path == f"body.{article.body[0].id}"
        assert second.path.startswith(f"body.{article.body[1].id}.pictures.")
        assert {first.check, second.check} == {Check.ALT_TEXT}

    def test_that_are_gone_are_told(self) -> None:
        value = {"image": 404, "alt": "A crane", "decorative": False}
        article = whole()
        article.body = article.body.stream_block.to_python([{"type": "image", "value": value}])
        assert about(article, Check.LINK) == ["A crane"]


class TestStory:
    def test_needs_standfirst_topic_and_by_line(self) -> None:
        assert checks(make_draft()) == [Check.STANDFIRST, Check.TOPIC, Check.BYLINE]

    @pytest.mark.parametrize("name", ["admin", "ana@paper.example", "jdoe_2", "j.doe", "editor"])
    def test_asks_about_a_by_line_that_names_nobody(self, name: str) -> None:
        article = whole(by={"writing": [make_contributor(name, slug="x")]})
        assert about(article, Check.BYLINE_NAME) == [name]

    @pytest.mark.parametrize("name", ["Ana", "J. Doe", "bell hooks", "Ngũgĩ wa Thiong’o", "王小明"])
    def test_knows_people(self, name: str) -> None:
        assert found(whole(by={"writing": [make_contributor(name, slug="x")]})) == []

    def test_says_how_long_a_headline_is_and_what_is_shown_of_it(self) -> None:
        (finding,) = found(whole(title="A" * 111, slug="a"))
        assert finding.check is Check.HEADLINE
        assert "111 characters" in finding.why
        assert found(whole(title="A" * 111, slug="b", seo_title="A crane")) == []
        assert found(whole(title="A" * 110, slug="c")) == []

    def test_needs_a_section_that_readers_see(self) -> None:
        hidden = make_section("Court")
        hidden.live = False
        hidden.save()
        (finding,) = found(whole(section=hidden))
        assert (finding.check, finding.about) == (Check.SECTION, "Court")
        assert finding.is_error

    def test_needs_words(self) -> None:
        assert checks(whole(body=[])) == [Check.EMPTY_PART]
        assert checks(text_of("<p> </p>")) == [Check.EMPTY_PART]

    def test_needs_words_below_a_heading(self) -> None:
        def headed(*levels: str) -> Article:
            blocks = [("heading", {"text": f"Part {level}", "level": level}) for level in levels]
            return whole(body=[*blocks])

        assert about(headed("2"), Check.EMPTY_PART) == ["Part 2"]
        assert len(about(headed("2", "2"), Check.EMPTY_PART)) == 2
        assert about(headed("2", "3"), Check.EMPTY_PART) == ["Part 3"]


class TestLinks:
    def test_to_own_pages_must_lead_to_readers(self) -> None:
        hidden = make_draft("Hidden")
        article = text_of(
            f'<p><a linktype="page" id="{hidden.pk}">here</a>'
            f' <a linktype="page" id="{hidden.get_parent().pk}">section</a>'
            ' <a linktype="page" id="987654">gone</a></p>'
        )
        assert about(article, Check.LINK) == ["here", "gone"]

    def test_to_files_must_lead_to_one(self) -> None:
        file = ContentFile(b"%PDF-1.4", name="plan.pdf")
        plan = Document.objects.create(title="Plan", file=file)
        article = text_of(
            f'<p><a linktype="document" id="{plan.pk}">plan</a>'
            ' <a linktype="document" id="987654">gone</a></p>'
        )
        assert about(article, Check.LINK) == ["gone"]

    def test_typed_in_full_to_a_hidden_page_are_found_too(self) -> None:
        hidden = make_draft("Hidden")
        address = hidden.get_parent().url + "hidden/"
        article = text_of(f'<p><a href="{address}">here</a> <a href="/latest/">there</a></p>')
        assert about(article, Check.LINK) == ["here"]

    def test_cost_no_more_queries_when_there_are_more(
        self, django_assert_max_num_queries: Any
    ) -> None:
        article = text_of(*(f'<p><a linktype="page" id="{n}">x</a></p>' for n in range(100)))
        with django_assert_max_num_queries(14):
            found(article)


class TestSettings:
    def test_turn_a_hint_into_an_error_or_off(self) -> None:
        PrepublishSettings.objects.create(topic=Level.ERROR, standfirst=Level.OFF)
        first, *others = found(make_draft())
        assert (first.check, first.is_error) == (Check.TOPIC, True)
        assert [each.check for each in others] == [Check.BYLINE]

    def test_have_a_field_for_each_check_and_no_other(self) -> None:
        fields = {field.name for field in PrepublishSettings._meta.get_fields()} - {"id"}
        assert fields == {check.value for check in Check}

    def test_are_complete_on_their_page(self) -> None:
        shown = {field.field_name for part in PrepublishSettings.panels for field in part.children}
        assert shown == {check.value for check in Check}


def test_a_finding_keeps_its_name_where_it_moves_and_loses_it_when_it_changes() -> None:
    here = text_of(f"<p>{SAID}</p>")
    there = text_of("<p>It is red.</p>", f"<p>{SAID}</p>")
    changed = text_of("<p>The mayor said that the crane was old.</p>")
    names = [found(article)[0].name for article in (here, there, changed)]
    assert names[0] == names[1] != names[2]
