"""Makes a home ready to be served: migrations applied, static files collected.

    python -m diurna.operations.prepare

Runs in a process of its own, so that what it loads is gone before the application starts.
"""

import io
import os
import shutil
import sys
from pathlib import Path

from diurna.common.errors import DiurnaError
from diurna.common.starting import set_up_django

EXIT_MISCONFIGURED = 2


def main() -> int:
    """Make the home of this environment ready; 0, or 2 after a sentence about what is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management.base import SystemCheckError

    try:
        set_up_django()
        prepare()
    except (DiurnaError, ImproperlyConfigured, SystemCheckError) as error:
        sys.stderr.write(f"Error: {error}\n")
        return EXIT_MISCONFIGURED
    return 0


def prepare() -> None:
    """Check settings, migrate, set roles and rules, begin the log, collect static files, stamp."""
    from django.conf import settings
    from django.core.management import call_command

    from diurna.accounts.roles import ensure_roles
    from diurna.common.home import make_home
    from diurna.moderation.house_rules import ensure_rules
    from diurna.operations.fingerprint import has_current_static, write_stamp
    from diurna.operations.ledger import ensure_log

    home = Path(settings.DIURNA_HOME)
    make_home(home)
    call_command("check", stdout=io.StringIO())
    _database_answers()
    call_command("migrate", interactive=False, verbosity=0)
    # A migration may have brought a model that some roles may edit.
    ensure_roles()
    ensure_rules()
    ensure_log()
    if not has_current_static(home):
        collect_static()
    write_stamp(home, os.environ)


def collect_static() -> None:
    """Collect, hash and compress the static files into the home."""
    from django.conf import settings
    from django.core.management import call_command

    from diurna.delivery.static import compress

    root = Path(settings.STATIC_ROOT)
    # Collected anew: a name that is not used any more should not stay.
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    compress(root)


def _database_answers() -> None:
    from django.db import OperationalError, connection

    from diurna.common.errors import Misconfigured

    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Misconfigured(
            f"The database does not answer ({reason}); start it, or correct DATABASE_URL."
        ) from error


if __name__ == "__main__":
    sys.exit(main())
