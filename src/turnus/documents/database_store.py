"""The database as the store of the archive."""

from __future__ import annotations

from turnus.documents.models import StoredFile


class DatabaseStore:
    """Files in a table: one backup holds rows and files; for archives that the database can carry."""

    def put(self, sha256: str, content: bytes) -> None:
        """Insert the file; the same again changes nothing."""
        StoredFile.objects.bulk_create([StoredFile(sha256=sha256, content=content)], ignore_conflicts=True)

    def get(self, sha256: str) -> bytes | None:
        """The bytes; None where there is no such row."""
        content = StoredFile.objects.filter(sha256=sha256).values_list("content", flat=True).first()
        return None if content is None else bytes(content)

    def remove(self, sha256: str) -> None:
        """Delete the row. The database refuses while an entry without a tombstone names it."""
        StoredFile.objects.filter(sha256=sha256).delete()

    def place(self, sha256: str) -> str:
        """Table and key."""
        return f"documents_storedfile sha256={sha256}"
