"""The desk of `bench live`: another process of the site, which publishes, retracts and drops.

    python -m bench.live_desk

Takes a line of JSON for each thing to do, and answers with one. Times are those of
`time.monotonic`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final


def main() -> None:
    """Do what is asked, until standard input ends."""
    from diurna.cli.django_setup import set_up

    set_up(Path(os.environ["DIURNA_HOME"]))
    tell({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        tell(DO[asked.pop("do")](**asked))


def tell(what: dict[str, Any]) -> None:
    """Answer with a line."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def publish(*, name: str) -> dict[str, Any]:
    """Publish a story by the action that the desk calls; its path and its name."""
    from diurna.newsroom.models import Article, Byline, Contributor, Section
    from diurna.newsroom.publishing import publish_article

    section = Section.objects.order_by("path").first()
    author = Contributor.objects.order_by("pk").first()
    assert section is not None
    assert author is not None
    body = json.dumps([{"type": "text", "value": "<p>As it was first said.</p>"}])
    article = Article(title=name.title(), slug=name, live=False, body=body)
    section.add_child(instance=article)
    Byline.objects.create(article=article, contributor=author, role="writing")
    publish_article(article=article, actor=editor())
    return {"path": article.address_path(), "article": str(article.uuid), "key": article.pk}


def retract(*, key: int) -> dict[str, Any]:
    """Retract a story by the action that the desk calls; when it began and returned."""
    from diurna.newsroom.corrections import NoticeWords, correct
    from diurna.newsroom.models import Article, CorrectionKind

    article = Article.objects.get(pk=key)
    notice = NoticeWords(kind=CorrectionKind.RETRACTION, text="None of this was so.")
    begun = time.monotonic()
    correct(article=article, actor=editor(), notice=notice, publish_draft=False)
    return {"begun": begun, "returned": time.monotonic()}


def drop(*, article: str) -> dict[str, Any]:
    """Have every page that shows this article drawn anew."""
    from diurna.delivery.surrogate import touch

    touch(f"article-{article}")
    return {"returned": time.monotonic()}


def editor() -> Any:
    """An account that may do everything."""
    from diurna.accounts.models import User

    known = User.objects.filter(email="editor@bench.example").first()
    return known or User.objects.create_superuser(email="editor@bench.example")


DO: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "publish": publish,
    "retract": retract,
    "drop": drop,
}


if __name__ == "__main__":
    main()
