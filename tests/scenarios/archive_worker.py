"""Files links into the archive's chain from several threads at once; run by test_archive_writers.py."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import django

WRITERS, CHUNKS, SIZE = 4, 20, 5
AT = datetime(2026, 11, 22, tzinfo=UTC)


def write(writer: int) -> None:
    """Chunk after chunk, each its own transaction."""
    from django.db import connection  # noqa: PLC0415 - after setup

    from turnus.documents.archive import Archived, file_renderings  # noqa: PLC0415 - likewise

    for chunk in range(CHUNKS):
        first = (writer * CHUNKS + chunk) * SIZE + 1
        rows = [Archived(n, "pdf", f"{n:064x}", 1, f"{n}.pdf", date(2026, 11, 22)) for n in range(first, first + SIZE)]
        file_renderings(rows, at=AT)
    connection.close()


def main() -> None:
    """All writers; then every flaw of the chain, a line each."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "turnus.project.settings"
    django.setup()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    from pathlib import Path  # noqa: PLC0415 - with the rest

    from turnus.adapters.store import FolderStore  # noqa: PLC0415 - likewise
    from turnus.documents.verify import flaws, links  # noqa: PLC0415 - likewise

    nowhere = Path(sys.argv[1])
    found = [str(flaw) for flaw in flaws(FolderStore(nowhere), nowhere, contents=False)]
    sys.stdout.write("\n".join([str(len(list(links()))), *found]))


if __name__ == "__main__":
    main()
