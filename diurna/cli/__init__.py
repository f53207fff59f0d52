"""The `diurna` command. Thin: it reads options, calls one action, prints what came of it.

Only click and rich are imported here, so that the command starts at once and also works where no
server is installed; a command imports Django when it needs it.
"""

from diurna.cli.commands import main

__all__ = ["main"]
