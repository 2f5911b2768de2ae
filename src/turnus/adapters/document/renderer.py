"""Invoices as PDF by Typst: one compiler per process, data by file in memory, equal bytes for equal documents.

What keeps it fast (``python -m benchmarks.pdf``): the compiler is reused, so Typst finds the layout of everything that
did not change since the last document; the data are a file, as changed ``sys.inputs`` would make it forget (20 ms a
document against 14). Its cache drops what ten documents did not use: memory stays level (50 MiB after one document,
76 MiB after 2,000), so the compiler need not be renewed. Tags cost 8 %, PDF/A-3b nothing that could be measured.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import threading
import weakref
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import typst

from turnus.adapters.document.facturx import with_facturx
from turnus.adapters.document.paper_view import paper_view
from turnus.adapters.document.view import view
from turnus.ports import Rejected, TryLater

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.document import Design, InvoiceDocument
    from turnus.core.einvoice.hybrid import Inside
    from turnus.core.paper import PaperLetter

HERE: Final = Path(__file__).parent
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it, mode 0700
STANDARD: Final = "a-3b"
"""PDF/A-3b (ISO 19005-3), the carrier of ZUGFeRD and Factur-X."""

_TEMPLATE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LOGO_NAME: Final = re.compile(r"[^/\\\0]+\.(svg|png|jpg|jpeg)", re.IGNORECASE)
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_NO_GLYPH: Final = "could not be displayed"


class _Desk:
    """A folder that one process works in, and its compiler. Typst reads nothing outside of the folder.

    ``/data.json`` is the document, ``/kit.typ`` the kit of the shipped templates; ``/logos`` and ``/templates/0``,
    ``/templates/1`` … lead to the folders in use.
    """

    started_in: ClassVar[int] = 0
    """Process whose threads Typst started; a fork does not inherit them and would wait for ever."""

    def __init__(self, templates: Sequence[Path], logos: Path | None, fonts: typst.Fonts) -> None:
        self.process = os.getpid()
        if _Desk.started_in not in {0, self.process}:
            raise RuntimeError("A process that printed was forked. Start worker processes before the first print.")
        _Desk.started_in = self.process
        self.root = Path(tempfile.mkdtemp(prefix="turnus-pdf-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
        self._close = weakref.finalize(self, _remove, self.root, self.process)
        (self.root / "templates").mkdir()
        for index, folder in enumerate(templates):
            (self.root / "templates" / str(index)).symlink_to(folder.resolve())
        (self.root / "kit.typ").symlink_to(HERE / "templates" / "kit.typ")
        if logos:
            (self.root / "logos").symlink_to(logos.resolve())
        self.compiler = typst.Compiler(root=self.root, font_paths=fonts, ignore_system_fonts=True)

    def usable(self) -> bool:
        """False in a process forked since, and where somebody cleared the folder away."""
        return self.process == os.getpid() and self.root.is_dir()


def _remove(root: Path, process: int) -> None:
    if process == os.getpid():
        shutil.rmtree(root, ignore_errors=True)


class TypstRenderer:
    """``ports.DocumentRenderer``. Make one per process and keep it; threads may share it and take turns.

    A process must not be forked after it has printed (Typst's threads do not survive it): workers that fork do so
    before the first print, as Celery and gunicorn do.

    ``templates``: folders with ``<name>.typ`` of your own, looked through in order before the built-in ones.
    ``logos``: the folder of logo files (SVG, PNG, JPEG). ``fonts``: folders with further fonts, for scripts that the
    shipped ones lack (Chinese, Japanese, Korean, Indic); fonts of the system are never used.
    """

    def __init__(
        self, *, templates: Sequence[Path] = (), logos: Path | None = None, fonts: Sequence[Path] = ()
    ) -> None:
        self._templates = (*templates, HERE / "templates")
        self._logos = logos
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts", *fonts]
        )
        self._families = self._fonts.families()
        self._desk: _Desk | None = None
        self._turn = threading.Lock()

    def render(self, document: InvoiceDocument, held: Inside | None = None) -> bytes:
        """The document as PDF/A-3b; plain PDF where a sign has no glyph in any font (boxes stand in its place).

        ``held``: the e-invoice inside it (ZUGFeRD, Factur-X), which nothing but PDF/A-3 may carry. The date inside the
        file is the issue date, never the clock's. Raises ``Rejected`` for an unknown or faulty template, a font or
        colour that is none and a sign without glyph beside ``held``, ``TryLater`` where the work folder cannot be
        written.
        """
        return self._print(document.design, view(document, logo=self._logo(document.design)), document.issue_date, held)

    def letter(self, letter: PaperLetter) -> bytes:
        """A letter that is no invoice, likewise. Raises ``Rejected`` and ``TryLater``."""
        return self._print(letter.design, paper_view(letter, logo=self._logo(letter.design)), letter.day, None)

    def _print(self, design: Design, printed: dict[str, Any], day: date, held: Inside | None) -> bytes:
        if faults := self._faults(design):
            raise faults[0]
        template = self._template(design)
        data = json.dumps(printed)
        with self._turn:
            try:
                desk = self._ready()
                (desk.root / "data.json").write_text(data, encoding="ascii")
                return _compiled(desk, template, datetime(day.year, day.month, day.day, tzinfo=UTC), held)
            except typst.TypstError as error:
                raise _faulty(design, error) from error
            except OSError as error:
                raise TryLater(
                    f"PDF: the work folder cannot be written: {error}",
                    f"PDF: Der Arbeitsordner ist nicht beschreibbar: {error}",
                ) from error

    def faults(self, design: Design) -> list[Rejected]:
        """What a design names that this installation does not have: template, logo, font; a colour that is none."""
        found = self._faults(design)
        if design.logo and not self._logo(design):
            found.append(
                Rejected(
                    f"Design: there is no logo {design.logo!r} in {self._logos} (SVG, PNG or JPEG).",
                    f"Gestaltung: Das Logo {design.logo!r} liegt nicht in {self._logos} (SVG, PNG oder JPEG).",
                )
            )
        return found

    def _faults(self, design: Design) -> list[Rejected]:
        """What keeps a design from being printed; without its logo a letter bears the name."""
        found = []
        if not _COLOUR.fullmatch(design.accent):
            found.append(
                Rejected(
                    f"Design: the accent colour {design.accent!r} is not written like #0b5d5e.",
                    f"Gestaltung: Die Akzentfarbe {design.accent!r} ist nicht wie #0b5d5e geschrieben.",
                )
            )
        try:
            self._template(design)
        except Rejected as error:
            found.append(error)
        if design.font and design.font not in self._families:
            known = ", ".join(self._families)
            found.append(
                Rejected(
                    f"Design: there is no font {design.font!r}; there are {known}. "
                    "Further ones go into the folder fonts.",
                    f"Gestaltung: Die Schrift {design.font!r} gibt es nicht; es gibt {known}. "
                    "Weitere kommen in den Ordner fonts.",
                )
            )
        return found

    def _ready(self) -> _Desk:
        if self._desk is None or not self._desk.usable():
            self._desk = _Desk(self._templates, self._logos, self._fonts)
        return self._desk

    def _template(self, design: Design) -> str:
        """Path of the template below the root. Raises ``Rejected`` where no folder has it."""
        if _TEMPLATE_NAME.fullmatch(design.template):
            for index, folder in enumerate(self._templates):
                if (folder / f"{design.template}.typ").is_file():
                    return f"templates/{index}/{design.template}.typ"
        name, places = design.template, ", ".join(map(str, self._templates))
        raise Rejected(
            f"Design: there is no template {name!r}; the file {name}.typ was looked for in {places}.",
            f"Gestaltung: Die Vorlage {name!r} gibt es nicht; gesucht wurde die Datei {name}.typ in {places}.",
        )

    def _logo(self, design: Design) -> str:
        """Path of the logo below the root; empty where there is none, so that the name stands in its place."""
        usable = self._logos and _LOGO_NAME.fullmatch(design.logo) and (self._logos / design.logo).is_file()
        return f"/logos/{design.logo}" if usable else ""


def _compiled(desk: _Desk, template: str, day: datetime, held: Inside | None) -> bytes:
    source = f'#include "/{template}"'
    if held:
        (desk.root / held.name).write_bytes(held.xml)
        said = f'description: "ZUGFeRD/Factur-X {held.level}", mime-type: "text/xml"'
        source = f'#pdf.attach("/{held.name}", relationship: "{held.relationship}", {said})\n{source}'
    try:
        pdf = desk.compiler.compile(source.encode(), format="pdf", pdf_standards=STANDARD, timestamp=day)
    except typst.TypstError as error:
        if held or _NO_GLYPH not in error.message:
            raise
        pdf = desk.compiler.compile(source.encode(), format="pdf", timestamp=day)
    assert isinstance(pdf, bytes)
    return with_facturx(pdf, held) if held else pdf


def _faulty(design: Design, error: typst.TypstError) -> Rejected:
    hints = "".join(f" ({hint})" for hint in error.hints)
    return Rejected(
        f"Design: the template {design.template!r} cannot be printed: {error.message}{hints}",
        f"Gestaltung: Die Vorlage {design.template!r} lässt sich nicht drucken: {error.message}{hints}",
    )
