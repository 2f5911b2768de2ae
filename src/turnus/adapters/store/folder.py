"""Archived files in a folder: written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from turnus.ports import TryLater


class FolderStore:
    """Files by content hash, in 256 folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, sha256: str, content: bytes) -> None:
        """A temporary file, synced, then renamed. Raises ``TryLater``: disk full, not allowed."""
        path = self._path(sha256)
        if path.exists() and path.read_bytes() == content:
            return
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, content)
        except OSError as error:
            raise TryLater(
                f"The archive cannot write {path}: {error.strerror}.",
                f"Das Archiv kann {path} nicht schreiben: {error.strerror}.",
            ) from None

    def get(self, sha256: str) -> bytes | None:
        """The bytes; None where the file is missing."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, sha256: str) -> None:
        """Remove the file, if it is there."""
        self._path(sha256).unlink(missing_ok=True)

    def place(self, sha256: str) -> str:
        """The path of the file."""
        return str(self._path(sha256))

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


def _write(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)
    entries = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(entries)  # the new name as well survives a power cut
    finally:
        os.close(entries)
