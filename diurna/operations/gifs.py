"""GIPHY's key in daily business: asked about by the clock, told about by `diurna doctor`."""

from collections.abc import Iterator

from django.conf import settings
from django.db import Error
from django.utils import timezone
from django_tasks import task

from diurna.comments import giphy
from diurna.comments.gifs import any_offered
from diurna.operations.findings import Finding


@task()
def ask_giphy() -> None:
    """Ask GIPHY whether the key works; another machine may take its time to answer."""
    giphy.look_after_key(timezone.now())


def look_after_giphy_key() -> None:
    """Have GIPHY asked whether the key works, when it is time to."""
    if giphy.is_time_to_ask(timezone.now()):
        ask_giphy.enqueue()


def examine_gifs() -> Iterator[Finding]:
    """D020: the GIFs that readers are offered are there."""
    try:
        trouble, has_library = giphy.trouble(), any_offered()
        works = giphy.search() is not None
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    if trouble is not None:
        sentence = giphy.sentence_about(trouble)
        yield Finding(code="D020", subject="GIFs", well=False, sentence=sentence)
        return
    if not settings.DIURNA_GIPHY_KEY:
        sentence = (
            "From the newsroom's own library."
            if has_library
            else "None: the desk has no library of them, and GIPHY_API_KEY is not set."
        )
        yield Finding(
            code="D020", subject="GIFs", well=True, optional=not has_library, sentence=sentence
        )
        return
    sentence = (
        "GIPHY takes the key." if works else "GIPHY was not asked yet whether it takes the key."
    )
    yield Finding(code="D020", subject="GIFs", well=True, sentence=sentence)
