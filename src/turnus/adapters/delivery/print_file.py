"""A folder from which a print shop or one's own printer fetches letters: each PDF with a control file beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from pikepdf import Pdf, PdfError

from turnus.adapters.delivery.folder import write_whole
from turnus.core.delivery import Receipt, State
from turnus.ports import Rejected, TryLater

if TYPE_CHECKING:
    from turnus.core.delivery import Parcel


@dataclass(frozen=True, slots=True)
class PrintFile:
    """An account ``[print.NAME]``."""

    path: Path
    """Absolute, or below the data folder."""
    color: bool = False
    duplex: bool = True

    def send(self, parcel: Parcel) -> Receipt:
        """Write the control file, then the PDF: where a PDF lies, everything about it is told. Twice is once."""
        file = parcel.files[0]
        try:
            with Pdf.open(BytesIO(file.content)) as pdf:
                pages = len(pdf.pages)
        except PdfError:
            raise Rejected(f"{file.name} is no PDF", f"{file.name} ist kein PDF") from None
        name = f"{parcel.key}_{file.name}"
        control = {
            "file": name, "sha256": hashlib.sha256(file.content).hexdigest(), "pages": pages, "number": parcel.number,
            "address": parcel.address, "color": self.color, "duplex": self.duplex,
        }  # fmt: skip
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            told = json.dumps(control, ensure_ascii=False, indent=2).encode()
            write_whole((self.path / name).with_suffix(".json"), told)
            write_whole(self.path / name, file.content)
        except OSError as error:
            raise TryLater(f"{self.path}: {error.strerror}") from None
        return Receipt(State.SENT, f"{name}, {pages} p.", name)

    def status(self, reference: str) -> Receipt:
        """Paper tells nothing."""
        return Receipt(State.SENT, "", reference)
