"""What can be wrong with a backup, each as a sentence."""

from diurna.common.errors import Refused


class Damaged(Refused):
    """The file is no backup, is cut off, or is not what was written."""

    code = "damaged_backup"


class Locked(Refused):
    """The backup is encrypted, and what was given does not open it."""

    code = "locked_backup"
