"""The promise itself: the canonical text of every page is that of its latest public revision.

Three roads: the structured data at publication (the revision's text), the public HTML
(`canonical.recompute`), and the commitment that the API shows. `test_seed.py` asks the same of
every article of the demonstration, where it has one built.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document

from diurna.newsroom.blocks import BodyBlock
from diurna.newsroom.canonical import recompute
from diurna.newsroom.models import Article, PublicRevision
from diurna.newsroom.publishing import publish_article
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_information_page,
    make_photograph,
)

pytestmark = pytest.mark.django_db


def assert_page_holds_what_was_committed(client: Client, article: Article) -> None:
    """The check that an outsider can make, over HTTP alone but for the row it is compared with."""
    page = client.get(article.address_path()).content.decode()
    row = article.public_revisions.order_by("-number").first()
    assert row is not None
    text = recompute(page)
    assert text == row.text
    shown = json.loads(client.get(f"/api/v1/articles/{article.uuid}").content)
    assert shown["canonical_text"] == text
    last = shown["revisions"][-1]
    digest = hashlib.sha256(bytes.fromhex(last["salt"]) + text.encode()).hexdigest()
    assert digest == last["commitment"] == bytes(row.commitment).hex()


def every_block() -> list[tuple[str, Any]]:
    """One of each kind, with words that are easily got wrong."""
    picture = make_photograph("Quay", credit="The  Port & Co", licence="CC BY 4.0").pk
    other = make_article("Linked to")
    file = Document.objects.create(
        title="Permit", file=ContentFile(b"words of a permit", name="permit.txt")
    )
    shown = {"image": picture, "alt": "Gulls\u00a0over <the> quay", "caption": "“Gulls” & co"}
    hidden = {"image": picture, "alt": "", "decorative": True, "caption": "Sea"}
    rich = (
        f'<p>A <b>bold</b> <a linktype="page" id="{other.pk}">story</a>, an'
        f' <a linktype="document" id="{file.pk}">annex</a> and an'
        ' <a href="https://example.org/?a=1&amp;copy=2">address</a>.</p>'
        "<ul><li>One<br/>two</li><li>H<sub>2</sub>O e\u0301</li></ul>"
    )
    recording = {"media": file.pk, "title": " The  crane ", "caption": "Heard", "credit": "M.",
                 "transcript": "First.\n\n Second \u2028line. "}  # fmt: skip
    cells = [["Name", "Tons <t>"], ["Ana\u00a0II", "12"], ["", None], ["a | b", " x "]]
    table = {"data": cells, "first_row_is_table_header": True, "first_col_is_header": True}
    imported = (
        "<table><tr><th>A<td><p>b</p>c</table><dl><dt>t<dd>d</dl><pre> x\n\n  y </pre>"
        "<p>q<script>no()</script><q>r</q><a href='?a=1&copy=2'>s</a>"
    )
    return [
        ("text", rich),
        ("heading", {"text": "What  then?", "level": "3"}),
        ("image", shown),
        ("image", {**hidden, "width": "wide"}),
        ("gallery", {"title": "The quay", "columns": "2", "pictures": [shown, hidden]}),
        ("pull_quote", {"text": "It turned.\nTwice.", "attribution": "A sailor"}),
        ("quote", {"text": "<p>Said & <i>done</i>.</p><p>Again.</p>", "attribution": "A. Reis",
                   "address": "https://example.org/?q=1&r=2"}),
        ("quote", {"text": "<p>Only words.</p>", "attribution": "", "address": ""}),
        *(("list", {"style": style, "items": [
            {"heading": "Rope", "text": rich}, {"heading": "Chain", "text": ""}]})
          for style in ("plain", "numbered", "countdown")),
        ("table", {"caption": "Boats", "table": table, "source": "Harbour  office"}),
        ("table", {"caption": "", "table": {**table, "first_row_is_table_header": False,
                   "first_col_is_header": False}, "source": ""}),
        ("fact_box", {"heading": "In short", "text": rich}),
        ("audio", recording),
        ("video", {**recording, "caption": "", "credit": "", "transcript": ""}),
        ("embed", {"address": "https://www.youtube.com/watch?v=abc&t=1", "title": "A film",
                   "caption": "Seen"}),
        ("embed", {"address": "https://example.org/x", "title": "A  map", "caption": ""}),
        ("document", {"document": file.pk, "title": "", "note": "The permit"}),
        ("document", {"document": file.pk, "title": "Permit, again", "note": ""}),
        ("code", {"code": "\r\nif a < b:\r\n\tgo()  \r\n\r\n    & stop", "language": "python"}),
        ("divider", None),
        ("html", imported),
    ]  # fmt: skip


def test_every_kind_of_block_is_tried() -> None:
    assert {kind for kind, _ in every_block()} == set(BodyBlock().child_blocks)


def test_every_block_says_the_same_on_the_page_as_in_the_history(client: Client) -> None:
    people = [make_contributor(f"Ana & {n}") for n in range(3)]
    article = make_article(
        "Crane <turns>  twice",
        body=every_block(),
        by={"photography": people[:1], "writing": people[1:], "reporting": people[:2]},
        standfirst="Up\nand down.",
        work_type="analysis",
        lead_image=make_photograph(credit="The Port", licence="© 2026"),
        lead_image_alt="A crane",
        lead_image_caption="It turned & stopped",
        methods="<p>We <b>asked</b>.</p><ul><li>Twice</li></ul>",
        disclosure="One.\n\nTwo  three.",
    )
    assert_page_holds_what_was_committed(client, article)


@pytest.mark.parametrize(
    "fields",
    [
        {"body": []},
        {"title": "الميناء", "slug": "port", "language": "ar", "body": [("text", "<p>نص</p>")]},
        {"lead_image_decorative": True, "lead_image_caption": "Only this"},
        {"work_type": "sponsored", "standfirst": "\u2009"},
        {"short_headline": "Short", "canonical_address": "https://example.org/first/"},
    ],
)
def test_articles_of_odd_shapes(client: Client, fields: dict[str, Any]) -> None:
    if "lead_image_caption" in fields:
        fields = {**fields, "lead_image": make_photograph()}
    assert_page_holds_what_was_committed(client, make_article(**fields))


def test_after_a_change_the_page_holds_the_new_version(client: Client) -> None:
    article = make_article("Crane", by={"writing": [make_contributor()]})
    article.title = "Cranes"
    publish_article(article=article, actor=None, at=A_DAY + timedelta(hours=3))
    assert "updated: 2026-11-01T12:00:00Z\n" in article.public_revisions.last().text
    assert_page_holds_what_was_committed(client, article)


def test_a_word_changed_behind_the_actions_back_shows(client: Client) -> None:
    article = make_article("Crane", standfirst="It turned once.")
    assert_page_holds_what_was_committed(client, article)
    Article.objects.filter(pk=article.pk).update(standfirst="It turned twice.")
    with pytest.raises(AssertionError, match="turned"):
        assert_page_holds_what_was_committed(client, article)


def test_a_history_changed_behind_the_actions_back_shows(client: Client) -> None:
    article = make_article("Crane", standfirst="It turned once.")
    row = article.public_revisions.get()
    changed = row.text.replace("once", "twice")
    PublicRevision.objects.filter(pk=row.pk).update(text=changed)
    Article.objects.filter(pk=article.pk).update(standfirst="It turned twice.")
    with pytest.raises(AssertionError):
        assert_page_holds_what_was_committed(client, article)


def test_an_information_page_has_no_marks_of_an_article(client: Client) -> None:
    page = make_information_page(body=[("text", "<p>About us.</p>")])
    html = client.get(page.address_path()).content.decode()
    assert "headline:" not in recompute(html)
