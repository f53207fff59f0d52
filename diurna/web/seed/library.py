"""The demonstration's pictures, sounds and papers, from the press into the newsroom's library."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Final

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument

from diurna.newsroom.models import Photograph
from diurna.newsroom.photo_upload import CleanFile
from diurna.web.seed.edition import Edition
from diurna.web.seed.notation import Audio, Document, Gallery, Picture, Video
from diurna.web.seed.pictures.gallery import FOCAL
from diurna.web.seed.pictures.people import SITTERS
from diurna.web.seed.presses import make

# Two, because a small machine has two cores; the pictures take half as long as with one.
PRESSES: Final = 2
CREDIT: Final = "Piet Osei"
FOCUS_FIELDS: Final = tuple(f"focal_point_{part}" for part in ("x", "y", "width", "height"))
LICENCE: Final = "Drawn by a program for this demonstration"


class Library:
    """What has been printed and stored so far, by the names that the texts use."""

    def __init__(self) -> None:
        self.scenes: dict[str, Photograph] = {}
        self.portraits: dict[str, Photograph] = {}
        self.files: dict[str, AbstractDocument] = {}
        self._pending: dict[Future[bytes], tuple[str, str]] = {}

    @staticmethod
    def names(edition: Edition) -> list[tuple[str, str]]:
        """All pictures and files in use, as pairs (`scene`, `portrait` or `file`; name)."""
        scenes: dict[str, None] = {}
        files: dict[str, None] = {}
        for history in edition.articles:
            for article in (version.article for version in history.versions):
                if article.lead:
                    scenes[article.lead.picture] = None
                for block in article.body:
                    if isinstance(block, Picture):
                        scenes[block.picture] = None
                    elif isinstance(block, Gallery):
                        scenes.update(dict.fromkeys(p.picture for p in block.pictures))
                    elif isinstance(block, Audio | Video | Document):
                        files[block.file] = None
        portraits = [person.slug for person in edition.people if person.slug in SITTERS]
        return [
            *(("file", name) for name in files),
            *(("scene", name) for name in scenes),
            *(("portrait", slug) for slug in portraits),
        ]

    @classmethod
    @contextmanager
    def drawing(cls, edition: Edition) -> Iterator["Library"]:
        """A library whose presses are running; `collect` takes what they print."""
        library = cls()
        # Spawned, not forked: a fork would share this process's database connection.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(PRESSES, mp_context=spawn) as presses:
            for kind, name in cls.names(edition):
                library._pending[presses.submit(make, kind, name)] = (kind, name)
            yield library

    def collect(self) -> Iterator[str]:
        """Store each picture or file as it comes; the name of each."""
        for task in as_completed(self._pending):
            kind, name = self._pending[task]
            if kind == "file":
                self.files[name] = _store_file(name, task.result())
            elif kind == "scene":
                self.scenes[name] = _store_picture(name, task.result())
            else:
                self.portraits[name] = _store_picture(name, task.result())
            yield name.replace("_", " ").replace("-", " ")


def _store_picture(name: str, content: bytes) -> Photograph:
    focus = zip(FOCUS_FIELDS, FOCAL.get(name, ()), strict=False)
    return Photograph.objects.create(
        title=name.replace("_", " ").replace("-", " ").capitalize(),
        # Printed here a moment ago: there is nothing in it that decoding again would remove.
        file=CleanFile(content, name=f"{name.replace('_', '-')}.jpg"),
        credit=CREDIT,
        licence=LICENCE,
        **dict(focus),
    )


def _store_file(name: str, content: bytes) -> AbstractDocument:
    model: type[AbstractDocument] = get_document_model()
    return model.objects.create(title=name, file=ContentFile(content, name=name))
