"""An import that is killed and started again leaves what a clean one does (`bin/rehearse faults`).

Five points here, so that the suite stays fast; the rehearsal tries twenty, with and without media.
"""

import shutil
from pathlib import Path

from rehearsal.import_faults import (
    SEED,
    bring,
    dump,
    kill_points,
    killed_once,
    new_newsroom,
    write_site,
)

POINTS = 5


def test_an_import_killed_anywhere_and_started_again_equals_a_clean_one(tmp_path: Path) -> None:
    export, uploads = write_site(tmp_path / "old")
    new_newsroom(tmp_path / "empty")
    shutil.copytree(tmp_path / "empty", tmp_path / "clean")
    statements = bring(tmp_path / "clean", export, uploads).statements
    clean = dump(tmp_path / "clean")
    assert len(clean["pages"]) > 25
    assert len(clean["pictures"]) == 3
    assert len(clean["comments"]) > 60
    assert len(clean["votes of the old site"]) > 5
    assert clean["left out of the index"] == {}
    points = kill_points(statements, POINTS, SEED)
    assert points[-1] >= statements * 4 // 5
    for kill_at in points:
        assert killed_once(tmp_path, export, uploads, kill_at, clean) == [], kill_at
