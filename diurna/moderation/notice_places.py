"""What an address leads to here: a comment, a story, or nothing that Diurna knows."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from wagtail.models import Site

from diurna.comments.models import Comment
from diurna.newsroom.models import Article

_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# The permalink's path, or the place on the page that "#" leads to.
_COMMENT: Final = re.compile(rf"(?:comments/|comment-)({_UUID})")
_SUBPAGE: Final = re.compile(r"(?:comments|changes|points|report)/.*\Z")


def what_stands_at(address: str) -> tuple[Comment | None, Article | None]:
    """The comment and the story behind a whole address of this site, or a path; None each if not.

    A story that is no longer public is found as well: the notice may have come late.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None, None
    if host and host != urlsplit(settings.DIURNA_SITE_URL).hostname:
        return None, None
    named = _COMMENT.search(parts.path.lower()) or _COMMENT.search(parts.fragment.lower())
    if named:
        comments = Comment.objects.select_related("thread__article")
        comment = comments.filter(uuid=named[1]).first()
        if comment is not None:
            return comment, comment.thread.article
    return None, _article_at(unquote(parts.path))


def _article_at(path: str) -> Article | None:
    below = _SUBPAGE.sub("", path.strip("/") + "/")
    if "\x00" in below:
        return None
    here = [f"{site.root_path}{below}" for site in Site.get_site_root_paths()]
    return Article.objects.filter(url_path__in=here).first()
