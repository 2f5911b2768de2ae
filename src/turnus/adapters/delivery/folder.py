"""A local or mounted folder: files appear under their final name, whole or not at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from turnus.core.delivery import Receipt, State
from turnus.ports import Rejected, TryLater

if TYPE_CHECKING:
    from turnus.core.delivery import Parcel


@dataclass(frozen=True, slots=True)
class Folder:
    """An account ``[folder.NAME]``."""

    path: Path
    """Absolute, or below the data folder."""

    def send(self, parcel: Parcel) -> Receipt:
        """Write the files into ``path``, or the folder below it that the recipient names.

        Another document that has the name stays: two companies may count alike. Raises ``Rejected``, ``TryLater``.
        """
        root = self.path.resolve()
        place = (root / parcel.recipient).resolve()
        if not place.is_relative_to(root):
            raise Rejected("the folder lies outside of path", "der Ordner liegt außerhalb von path")
        try:
            place.mkdir(parents=True, exist_ok=True)
            for file in parcel.files:
                _free(place / file.name, file.content)
            for file in parcel.files:
                write_whole(place / file.name, file.content)
        except OSError as error:
            raise TryLater(f"{place}: {error.strerror}") from None
        return Receipt(State.DELIVERED, ", ".join(file.name for file in parcel.files), str(place))

    def status(self, reference: str) -> Receipt:
        """Files lie where they were put."""
        return Receipt(State.DELIVERED, "", reference)


def _free(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() != content:
        raise Rejected(
            f"{path} is another document: give each company a folder of its own",
            f"{path} ist ein anderer Beleg: jeder Firma einen eigenen Ordner geben",
        )


def write_whole(path: Path, content: bytes) -> None:
    """Temporary file, sync, rename: nobody sees half a document, and writing it twice changes nothing."""
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
