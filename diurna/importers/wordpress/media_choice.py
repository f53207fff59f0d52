"""Which source of files an import has, by what it was asked for."""

from pathlib import Path
from typing import Final

from diurna.common.http_client import GuardedClient
from diurna.importers.wordpress.media import FirstOf, MediaFolder, MediaSource
from diurna.importers.wordpress.media_cache import MediaCache
from diurna.importers.wordpress.media_fetch import FetchedMedia

CACHE_FOLDER: Final = "media-cache"
# A server that is asked for thousands of files may miss a moment; for a single one, once is enough.
PATIENCE: Final = 3


def import_client(site_url: str) -> GuardedClient:
    """The client that fetches an old site's files; it says on whose behalf."""
    agent = f"Diurna/0.1 (brings the files of its old site to {site_url}/)"
    return GuardedClient(user_agent=agent, patience=PATIENCE)


def media_source(media_dir: Path | None, client: GuardedClient, imports: Path) -> MediaSource:
    """The folder first, if there is one, then the old site; `imports` keeps what was fetched."""
    fetched = FetchedMedia(client, MediaCache(imports / CACHE_FOLDER))
    return FirstOf(MediaFolder(media_dir), fetched) if media_dir else fetched
