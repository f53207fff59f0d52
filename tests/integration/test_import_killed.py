"""An import that is killed and started again leaves what a clean one does (`bin/rehearse faults`).

Three points and a smaller export here, so that the suite stays fast: two anywhere, one in the last
fifth, where what waited is published. The rehearsal tries twenty, with and without media, on all
the stories.
"""

import shutil
from pathlib import Path

from rehearsal.import_faults import (
    SEED,
    bring,
    kill_points,
    killed_once,
    new_newsroom,
    write_site,
)

POINTS = 3
# Two stories of one address, one draft, circles of links in both halves.
STORIES = 18


def test_an_import_killed_anywhere_and_started_again_equals_a_clean_one(tmp_path: Path) -> None:
    export, uploads = write_site(tmp_path / "old", STORIES)
    new_newsroom(tmp_path / "empty")
    shutil.copytree(tmp_path / "empty", tmp_path / "clean")
    statements, clean = bring(tmp_path / "clean", export, uploads)[1:]
    assert len(clean["pages"]) > STORIES
    assert len(clean["pictures"]) == 3
    assert len(clean["comments"]) > 2 * STORIES
    assert len(clean["votes of the old site"]) > 5
    assert clean["left out of the index"] == {}
    points = kill_points(statements, POINTS, SEED)
    assert points[-1] >= statements * 4 // 5
    for kill_at in points:
        assert killed_once(tmp_path, export, uploads, kill_at, clean) == [], kill_at
