"""An import that is killed and started again leaves what a clean one does (`bin/rehearse faults`).

Four points here, so that the suite stays fast; the rehearsal tries twenty, with and without media.
"""

import random
import shutil
from pathlib import Path

from rehearsal.import_faults import SEED, bring, dump, killed_once, new_newsroom, write_site

POINTS = 4


def test_an_import_killed_anywhere_and_started_again_equals_a_clean_one(tmp_path: Path) -> None:
    export, uploads = write_site(tmp_path / "old")
    new_newsroom(tmp_path / "empty")
    shutil.copytree(tmp_path / "empty", tmp_path / "clean")
    statements = bring(tmp_path / "clean", export, uploads).statements
    clean = dump(tmp_path / "clean")
    assert len(clean["pages"]) > 25
    assert len(clean["pictures"]) == 3
    # How many statements it takes depends on the clock a little: batches are closed by time.
    chance = random.Random(SEED)
    for kill_at in sorted(chance.randint(1, statements * 4 // 5) for _ in range(POINTS)):
        assert killed_once(tmp_path, export, uploads, kill_at, clean) == [], kill_at
