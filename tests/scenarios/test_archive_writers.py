"""Several writers at once make one chain without gaps (G-02)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.scenarios.archive_worker import CHUNKS, SIZE, WRITERS


def test_writers_at_once_make_one_sound_chain(fresh_database: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": fresh_database, "TURNUS_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "tests.scenarios.archive_worker", str(tmp_path / "none")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == str(WRITERS * CHUNKS * SIZE), done.stderr
