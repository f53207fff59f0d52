"""Whole WordPress sites as exports: seeded, of any size, written piece by piece.

    python -m tests.factories.export --posts 300 --comments 900 --plugins bimber,snax OUT.xml

`ExportPlan` says what is wanted, `write_export` writes it and says what is in there. The same plan
gives the same bytes, and a plan with more posts begins with the same posts.
"""

from tests.factories.export.breakage import BREAKAGES, Breakage, Fate, Wound
from tests.factories.export.plan import PLUGINS, ExportPlan
from tests.factories.export.writing import Written, write_export

__all__ = [
    "BREAKAGES",
    "PLUGINS",
    "Breakage",
    "ExportPlan",
    "Fate",
    "Wound",
    "Written",
    "write_export",
]
