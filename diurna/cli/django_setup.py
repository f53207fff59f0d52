"""Django, set up for one home, with a sentence instead of a traceback when that cannot work."""

import os
from pathlib import Path

from diurna.common.errors import Misconfigured, Refused
from diurna.common.home import chosen_home, served_home

SETTINGS = "diurna.config.settings.base"


class NoSite(Misconfigured):
    """A command that works on a site was called where there is none."""

    code = "no_site"


def set_up(home: Path) -> None:
    """Set Django up for this home, in this process, once."""
    os.environ["DIURNA_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        from django.core.exceptions import ImproperlyConfigured
    except ModuleNotFoundError as error:
        raise Refused(
            "The server is not installed here, only the checker; install `diurna[server]`."
        ) from error
    from diurna.common.starting import set_up_django

    try:
        set_up_django()
    except ImproperlyConfigured as error:
        raise Misconfigured(str(error)) from error


def set_up_served() -> Path:
    """Set Django up for what `diurna serve` would serve: the real site, else the demonstration."""
    home = served_home(chosen_home(os.environ))
    if home is None:
        raise NoSite(
            "There is no site here yet; make one with `diurna init --site-url URL`,"
            " or the demonstration with `diurna demo`."
        )
    set_up(home)
    return home
