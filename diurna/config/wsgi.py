"""The application as a server sees it: proxies, then finished pages, then files, then Django."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")

_django = get_wsgi_application()

# Imported after Django is set up, since they read its settings.
from django.conf import settings  # noqa: E402

from diurna.delivery.files import Files, Mount  # noqa: E402
from diurna.delivery.keeping import with_page_store  # noqa: E402
from diurna.delivery.proxies import TrustedProxies  # noqa: E402
from diurna.operations import clock, ranking, settling  # noqa: E402
from diurna.points import writer  # noqa: E402
from diurna.points.front_door import FrontDoor  # noqa: E402

_mounts = [Mount(settings.STATIC_URL, Path(settings.STATIC_ROOT), uploads=False)]
if settings.ENVIRONMENT.media_s3_url is None:
    _mounts.append(Mount(settings.MEDIA_URL, Path(settings.MEDIA_ROOT), uploads=True))

_behind = with_page_store(
    Files(FrontDoor(_django), _mounts), passed=[mount.prefix for mount in _mounts]
)
application = TrustedProxies(_behind, settings.DIURNA_TRUSTED_PROXIES)

clock.start()
settling.start()
ranking.start()
writer.start()
