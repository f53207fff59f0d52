"""What is changed in the library of pictures and files does not change a story quietly."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db.models import ProtectedError
from PIL import Image
from wagtail.documents.models import Document
from wagtail.models import ReferenceIndex

from diurna.newsroom.canonical import parse_lines
from diurna.newsroom.models import Article, FileDigest, PublicRevision
from diurna.newsroom.models.file_digest import digest_of, sha256_of
from tests.factories.newsroom import make_article, make_draft, make_photograph

pytestmark = pytest.mark.django_db


def indexed(article: Article) -> Article:
    """The article after the worker has read its references."""
    ReferenceIndex.create_or_update_for_object(article)
    return article


def printed(colour: str) -> bytes:
    target = BytesIO()
    Image.new("RGB", (40, 30), colour).save(target, "PNG")
    return target.getvalue()


def last_of(article: Article) -> PublicRevision:
    return article.public_revisions.order_by("-number")[0]


def test_a_new_credit_of_a_lead_picture_is_a_minor_edit() -> None:
    photograph = make_photograph(credit="Ada Quay")
    article = indexed(make_article(lead_image=photograph, lead_image_alt="A boat"))
    photograph.credit = "Ben Crane"
    photograph.save()
    revision = last_of(article)
    assert (revision.number, revision.kind, revision.minor) == (2, "edit", True)
    assert ("credit", "Ben Crane") in parse_lines(revision.text)
    article.refresh_from_db()
    assert article.canonical_text() == revision.text
    assert article.last_updated_at is None


def test_a_new_licence_of_a_picture_in_the_text_is_one_too() -> None:
    photograph = make_photograph()
    block = {"image": photograph.pk, "alt": "A boat", "decorative": False, "caption": ""}
    article = indexed(make_article(body=[("image", block)]))
    photograph.licence = "CC BY 4.0"
    photograph.save()
    assert ("licence", "CC BY 4.0") in parse_lines(last_of(article).text)


def test_a_file_put_in_the_place_of_a_document_is_one_too() -> None:
    document = Document(title="Minutes", file=ContentFile(b"one", name="minutes.txt"))
    document._set_document_file_metadata()
    document.save()
    article = indexed(make_article(body=[("document", {"document": document.pk})]))
    first = last_of(article).text
    document.file = ContentFile(b"two", name="minutes.txt")
    document._set_document_file_metadata()
    document.save()
    revision = last_of(article)
    assert revision.number == 2
    assert revision.text != first


def test_another_picture_in_the_place_of_one_is_one_too() -> None:
    photograph = make_photograph()
    article = indexed(make_article(lead_image=photograph, lead_image_alt="A boat"))
    first = last_of(article)
    assert ("file", f"sha256:{photograph.sha256}") in parse_lines(first.text)
    photograph.file = ContentFile(printed("navy"), name="another.png")
    photograph.save()
    revision = last_of(article)
    assert (revision.number, revision.kind) == (2, "edit")
    changed = set(parse_lines(revision.text)) ^ set(parse_lines(first.text))
    assert {line.kind for line in changed} == {"file"}
    with photograph.open_file() as stored:
        assert photograph.sha256 == sha256_of(stored)


def test_another_recording_in_the_place_of_one_is_one_too() -> None:
    document = Document(title="Horn", file=ContentFile(b"one", name="horn.ogg"))
    document.save()
    block = {"media": document.pk, "title": "Horn", "caption": "", "credit": "", "transcript": ""}
    article = indexed(make_article(body=[("audio", block)]))
    document.file = ContentFile(b"two", name="horn.ogg")
    document.save()
    named = hashlib.sha256(b"two").hexdigest()
    assert ("file", f"sha256:{named}") in parse_lines(last_of(article).text)


def test_two_documents_of_one_sha1_have_two_names() -> None:
    # Wagtail's own mark is a SHA-1, which anybody can make collide; ours must not lean on it.
    one, two = (
        Document.objects.create(title=name, file=ContentFile(name.encode(), name=f"{name}.pdf"))
        for name in ("one", "two")
    )
    Document.objects.update(file_hash="0" * 40)
    assert digest_of(one) == hashlib.sha256(b"one").hexdigest()
    assert digest_of(two) == hashlib.sha256(b"two").hexdigest()


def test_a_file_stored_past_the_models_is_named_by_reading_it() -> None:
    document = Document.objects.create(title="x", file=ContentFile(b"bytes", name="x.pdf"))
    FileDigest.objects.all().delete()
    assert digest_of(document) == hashlib.sha256(b"bytes").hexdigest()


def test_a_picture_that_a_public_story_shows_cannot_be_deleted() -> None:
    photograph = make_photograph()
    indexed(make_article(lead_image=photograph, lead_image_alt="A boat"))
    with pytest.raises(ProtectedError):
        photograph.delete()


def test_a_picture_that_only_a_draft_shows_can_be_deleted() -> None:
    photograph = make_photograph()
    draft = indexed(make_draft(lead_image=photograph, lead_image_alt="A boat"))
    photograph.delete()
    draft.refresh_from_db()
    assert draft.lead_image is None


def test_what_shows_in_no_story_leaves_no_row() -> None:
    make_article()
    photograph = make_photograph()
    photograph.credit = "Ben Crane"
    photograph.save()
    assert PublicRevision.objects.count() == 1
