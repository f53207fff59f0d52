"""The bare site in a process of its own: `bench.render` says over pipes what to ask of it.

    python -m bench.bare_wagtail

The first line of standard input is `{"title", "intro", "paragraphs": [HTML], "picture": file}` as
JSON. Afterwards each line is `[path, requests]`, and the answer `{"took": [seconds of processor
time], "queries", "bytes"}`.
"""

import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

# The page that the design's figures were taken of has so much text.
LARGE_BYTES: Final = 43_000


def main() -> None:
    """Make the site, then answer until standard input ends."""
    story = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory(prefix="bare-wagtail-") as home:
        os.environ["BARE_WAGTAIL_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_wagtail.settings"
        from django.core.wsgi import get_wsgi_application

        from bench.one_request import cost

        application = get_wsgi_application()
        _make(story)
        _say({"pages": ["/bare/", "/words/", "/large/"]})
        for line in sys.stdin:
            path, requests = json.loads(line)
            _say(cost(application, path, requests)._asdict())


def _make(story: dict[str, Any]) -> None:
    from django.core.management import call_command
    from wagtail.models import Collection, Locale, Page, Site

    from bench.bare_wagtail.models import BarePage

    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    Locale.objects.create(language_code="en")
    Collection.add_root(name="Root")
    root = Page.add_root(instance=Page(title="Root", slug="root"))
    home = root.add_child(instance=BarePage(title="Home", slug="home"))
    Site.objects.create(
        hostname="bench.example", root_page=home, is_default_site=True, site_name="Bare"
    )
    words = [("paragraph", text) for text in story["paragraphs"]]
    times = 1 + LARGE_BYTES // max(1, sum(len(text) for text in story["paragraphs"]))
    common = {
        "title": story["title"],
        "intro": story["intro"],
        "date": datetime(2026, 11, 1, tzinfo=UTC),
        "lead": _image(story["picture"]),
    }
    home.add_child(instance=BarePage(title=story["title"], slug="bare"))
    home.add_child(instance=BarePage(**common, slug="words", body=_stream(words)))
    home.add_child(instance=BarePage(**common, slug="large", body=_stream(words * times)))


def _image(file: str) -> Any:
    from django.core.files import File
    from wagtail.images.models import Image

    with Path(file).open("rb") as opened:
        return Image.objects.create(title="A picture", file=File(opened, name="picture.jpg"))


def _stream(blocks: list[Any]) -> Any:
    from bench.bare_wagtail.models import BarePage

    block = BarePage._meta.get_field("body").stream_block
    return block.to_python([{"type": kind, "value": value} for kind, value in blocks])


def _say(told: Any) -> None:
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
